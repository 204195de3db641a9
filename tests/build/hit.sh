#!/bin/sh
# hit.sh: what an answer from the local disk costs ./teamcache: its instructions, which are the same on every machine, and its
# system calls. hit.budget has both, with the reason of each call. Prints TAP.
set -u
here=$(dirname "$0")
program=$PWD/teamcache
# shellcheck source=tests/build/check.sh
. "$(dirname "$0")/check.sh"

# hit COMMAND...: the command before the product, in an environment of its own.
hit()
{
	env -i HOME="$tmp" PATH="$PATH" LC_ALL=C TEAMCACHE_BUCKET=team TEAMCACHE_ACCOUNT_ID=123456789012 \
		AWS_EC2_METADATA_DISABLED=true "$@"
}

# document DAYS SERVICES: one as large as Cost Explorer's, always the same.
document()
{
	awk -v days="$1" -v services="$2" 'BEGIN {
		printf "{\"cost_and_usage\":{\"ResultsByTime\":["
		for (d = 1; d <= days; d++) {
			printf "%s{\"Estimated\":false,\"Groups\":[", (d > 1) ? "," : ""
			for (s = 1; s <= services; s++)
				printf "%s{\"Keys\":[\"Amazon Service %d\"],\"Metrics\":{\"UnblendedCost\":{\"Amount\":\"%d.%010d\",\"Unit\":\"USD\"}}}", \
					(s > 1) ? "," : "", s, d * s, d * 7919 + s * 104729
			printf "]}"
		}
		printf "]}}"
	}'
}

# The number beside a name in hit.budget, and at most 5 % from it.
within_budget()
{
	hit valgrind --tool=callgrind --callgrind-out-file="$tmp/callgrind" "$program" fetch "$1" --offline \
		>"$tmp/out" 2>"$tmp/err" || return 1
	cmp -s "$tmp/out" "$tmp/$1.expected" || return 1
	counted=$(awk '/Collected/ { print $NF }' "$tmp/err")
	budget=$(awk -v name="$1" '$1 == "instructions" && $2 == name { print $3 }' "$here/hit.budget")
	printf '# %s: %s instructions, the budget is %s\n' "$1" "$counted" "$budget"
	[ "$((counted * 100))" -le "$((budget * 105))" ] && [ "$((counted * 100))" -ge "$((budget * 95))" ]
}

# Their names in order; memory is asked for as the C library likes.
calls_as_listed()
{
	hit strace -f -o "$tmp/trace" "$program" fetch small --offline >"$tmp/out" 2>"$tmp/err" </dev/null || return 1
	awk '$1 == "call" { print $2 }' "$here/hit.budget" >"$tmp/listed"
	sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' "$tmp/trace" | grep -vxE 'brk|mmap|munmap|clock_gettime|exit_group' >"$tmp/called"
	diff "$tmp/listed" "$tmp/called" | sed 's/^/# /' >"$tmp/difference"
	cat "$tmp/difference"
	[ ! -s "$tmp/difference" ]
}

little_memory()
{
	asked=$(grep -cE '(brk|mmap|munmap)\(' "$tmp/trace")
	printf '# memory is asked for or given back %s times\n' "$asked"
	[ "$asked" -le "$(awk '$1 == "memory" { print $2 }' "$here/hit.budget")" ]
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for size in small large; do
	case $size in
	small) document 10 12 ;;
	large) document 31 140 ;;
	esac >"$tmp/$size.json"
	hit AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=example \
		"$program" push "$size" "$tmp/$size.json" --local --ttl 60m -q || exit 1
	cp "$tmp/$size.json" "$tmp/$size.expected"
	echo >>"$tmp/$size.expected"
	check "a $size local hit takes the instructions of its budget" within_budget "$size"
done
check 'a local hit makes the system calls that are listed, and no others' calls_as_listed
check 'a local hit asks for memory as often as listed' little_memory
printf '1..%s\n' "$n"
