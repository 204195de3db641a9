#!/bin/bash
# run.sh PROGRAMS SECONDS NAME...: let libFuzzer look for inputs that break a target, one target after the other, each for so many
# seconds of processor time. It starts from what is committed and from what it found before (PROGRAMS/../work); an input that breaks
# one is left in PROGRAMS/../found. Ends with a line of counts.
set -u
programs=$1
seconds=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(dirname "$programs")/work
found=$(dirname "$programs")/found
mkdir -p "$found"
log=$(mktemp)
trap 'rm -f "$log" "$log.time"' EXIT
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
passed=0
failed=0

TIMEFORMAT='%U %S'

for name; do
	mkdir -p "$work/$name"
	dictionary=()
	[ ! -e "$here/dictionary/$name" ] || dictionary=("-dict=$here/dictionary/$name")
	spent=0
	status=0
	runs=0
	# On a machine that is busy with other things, seconds on the wall are few on the processor.
	while [ "$status" -eq 0 ] && [ "$spent" -lt "$seconds" ]; do
		{ time "$programs/$name" "${dictionary[@]}" -max_total_time=$((seconds - spent)) -timeout=20 -rss_limit_mb=2048 -max_len=8192 \
			-artifact_prefix="$found/$name-" -print_final_stats=1 "$work/$name" "$here/corpus/$name" >"$log" 2>&1; } 2>"$log.time"
		status=$?
		runs=$((runs + $(awk '/stat::number_of_executed_units/ { print $2 + 0; n = 1 } END { if (!n) print 0 }' "$log")))
		spent=$(awk -v before="$spent" '{ print int(before + $1 + $2 + 0.5) }' "$log.time")
	done
	if [ "$status" -eq 0 ]; then
		passed=$((passed + 1))
		edges=$(awk '$2 == "DONE" && $3 == "cov:" { n = $4 } END { print n + 0 }' "$log")
		printf 'fuzz %-10s %5d s of processor time, %10d runs, %6d edges, nothing found\n' "$name" "$spent" "$runs" "$edges"
	else
		failed=$((failed + 1))
		printf 'fuzz %-10s broken after %d s of processor time:\n' "$name" "$spent"
		grep -v '^#' "$log" | tail -n 40
	fi
done
printf 'fuzz: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
