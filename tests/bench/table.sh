# The table that is printed. To be sourced.
# shellcheck shell=bash disable=SC2154

met=0
missed=0
wanting=0

# heading TEXT: the columns, and how busy the machine is.
heading() {
	printf '\n%-56s %10s %10s %6s %6s   (load %s)\n' "$1" teamcache other ratio p10 \
		"$(cut -d' ' -f1 /proc/loadavg)"
}

# judge RESULT TEXT...: counts it, and prints the line.
judge() {
	if [ "$1" = met ]; then
		met=$((met + 1))
	else
		missed=$((missed + 1))
	fi
	printf '%s %s\n' "$2" "$1"
}

# versus TEXT BUDGET [LINE [LINE]]: the wall times of two runners of the race.
# Beside the ratio of the medians that of the fastest tenth, which tells what a
# busy machine did to them.
versus() {
	row "$1" "$2" "$(field "${3:-1}" 1)" "$(field "${4:-2}" 1)" \
		"$(field "${3:-1}" 2)" "$(field "${4:-2}" 2)"
}

# row TEXT BUDGET NUMERATOR DENOMINATOR [OF-A-SECOND RATIO]: a ratio beside
# what it may be; BUDGET is "-" where none is set.
row() {
	local line
	line=$(awk -v text="$1" -v budget="$2" -v a="$3" -v b="$4" \
		-v c="${5:-}" -v d="${6:-1}" 'BEGIN {
		printf "%-56s %10.0f %10.0f %6.2f ", text, a, b, a / b
		printf (c == "") ? "      " : "%6.2f", c / d
		if (budget != "-")
			printf "  <= %-5s %s", budget, \
				a / b <= budget ? "met" : "MISSED"
	}')
	if [ "$2" = - ]; then
		echo "$line"
	else
		judge "${line##* }" "${line% *}"
	fi
}

# limit TEXT MOST VALUE: whole numbers.
limit() {
	local line result=MISSED
	[ "$3" -gt "$2" ] || result=met
	printf -v line '%-56s %10d %24s  <= %-5s' "$1" "$3" '' "$2"
	judge $result "$line"
}

# figure TEXT VALUE [OTHER]: what has neither a budget nor a ratio.
figure() {
	printf '%-56s %10s %10s\n' "$1" "$2" "${3:-}"
}

# without TOOL ROWS: rows that cannot be had here.
without() {
	wanting=$((wanting + 1))
	printf '%-56s not measured: there is no %s here\n' "$2" "$1"
}

# field LINE COLUMN: of what race or herd printed to $work/times.
field() {
	sed -n "$1p" "$work/times" | cut -d' ' -f"$2"
}

bytes() {
	stat -c %s "$1"
}
