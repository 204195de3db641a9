#!/bin/sh
# tap.sh NAME PROGRAM...: run programs that print TAP, show what went wrong, and end with a line of real counts.
# A program that dies, prints no plan or another number of results than planned counts as one failure more.
set -u
name=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
skipped=0
for program; do
	timeout 300 "$program" >"$log" 2>&1
	status=$?
	# shellcheck disable=SC2046 # three numbers
	set -- $(awk -v status="$status" '
		/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; planned = 1; if (plan == 0) skip++ }
		/^ok .*# *SKIP/ { skip++; n++; next }
		/^ok/ { ok++; n++ }
		/^not ok/ { bad++; n++ }
		END {
			if (!planned || n != plan || (status != 0 && !bad)) bad++
			print ok + 0, bad + 0, skip + 0
		}' "$log")
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	if [ "$2" -ne 0 ]; then
		printf '%s: %s failed, exit status %s\n' "$program" "$2" "$status"
		grep -v '^ok' "$log"
	elif [ "$3" -ne 0 ]; then
		printf '%s:\n' "$program"
		grep -i '# *SKIP' "$log"
	fi
done
printf '%s: %s passed, %s failed, %s skipped\n' "$name" "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
