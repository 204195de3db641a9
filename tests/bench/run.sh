#!/bin/bash
# What teamcache costs beside what a user would take instead, as ratios in one
# run on this machine: medians over runs that take turns (race.c). S3 is the
# real one of the tests. Exit status 1 when a budget of the table is missed.
#
#   run.sh [ROUNDS]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servers=$here/../servers
teamcache=${TEAMCACHE:?} curl=${BENCH_CURL:?}
rounds=${1:-200}
work=$(mktemp -d)
missed=0
met=0

# shellcheck disable=SC2317 # called by the trap
finish() {
	"$servers/ceph/stop" "$work/ceph" || true
	rm -rf "$work"
}
trap finish EXIT

for name in $(compgen -e); do
	case $name in
	AWS_* | TEAMCACHE_*) unset "$name" ;;
	esac
done
while IFS= read -r line; do
	export "BENCH_${line?}"
done < <("$servers/ceph/start" "$work/ceph" --owner $$)
export AWS_ACCESS_KEY_ID=$BENCH_ACCESS_KEY AWS_SECRET_ACCESS_KEY=$BENCH_SECRET_KEY
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 HOME=$work/home
export AWS_ENDPOINT_URL_S3=$BENCH_S3_URL AWS_EC2_METADATA_DISABLED=true
export TEAMCACHE_BUCKET=bench TEAMCACHE_ACCOUNT_ID=123456789012
mkdir -p "$HOME"
S3_URL=$BENCH_S3_URL BUCKET=bench REGION=us-east-1 \
	ACCESS_KEY=$AWS_ACCESS_KEY_ID SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
	python3 "$servers/lib/s3_client.py" create-bucket >/dev/null

cc -O2 -D_GNU_SOURCE -o "$work/race" "$here/race.c"
gcc "-specs=${BENCH_MUSL:?}" -O2 -fPIE -static-pie -s -o "$work/cat" "$here/cat.c"

# documents of about 10 KB and 428 KB, like Cost Explorer's
python3 - "$work" <<'PYTHON'
import json
import random
import sys

random.seed(7)
for name, services in (("small", 1), ("large", 42)):
    days = []
    for day in range(1, 31):
        groups = []
        for service in range(services):
            amount = lambda: {
                "Amount": f"{random.random() * 100:.10f}", "Unit": "USD"}
            groups.append({
                "Keys": [f"Amazon Service Number {service}"],
                "Metrics": {m: amount() for m in (
                    "UnblendedCost", "BlendedCost", "AmortizedCost",
                    "NetUnblendedCost", "NetAmortizedCost")}})
        days.append({
            "TimePeriod": {"Start": f"2025-09-{day:02d}",
                           "End": f"2025-09-{day + 1:02d}"},
            "Total": {}, "Groups": groups, "Estimated": False})
    with open(f"{sys.argv[1]}/{name}.json", "w") as file:
        json.dump({"cost_and_usage": {"ResultsByTime": days}}, file,
                  separators=(",", ":"))
PYTHON
month=$(TZ=UTC printf '%(%Y-%m)T' -1)
for size in small large; do
	"$teamcache" push "$size" "$work/$size.json" --ttl 60m
	"$teamcache" fetch "$size" >"$work/$size.out"
done

# row TEXT BUDGET NUMERATOR DENOMINATOR: a ratio beside what it may be
row() {
	awk -v text="$1" -v budget="$2" -v a="$3" -v b="$4" 'BEGIN {
		ratio = a / b
		printf "%-52s %9.0f %9.0f %6.2f  <= %-5s %s\n", text, a, b,
			ratio, budget, ratio <= budget ? "met" : "MISSED"
		exit !(ratio <= budget)
	}' && met=$((met + 1)) || missed=$((missed + 1))
}

# limit TEXT BUDGET VALUE
limit() {
	if [ "$3" -le "$2" ]; then
		met=$((met + 1))
		printf '%-52s %9d %17s  <= %-5s met\n' "$1" "$3" '' "$2"
	else
		missed=$((missed + 1))
		printf '%-52s %9d %17s  <= %-5s MISSED\n' "$1" "$3" '' "$2"
	fi
}

field() {
	sed -n "$1p" "$work/times" | cut -d' ' -f"$2"
}

bytes() {
	stat -c %s "$1"
}

printf '%-52s %9s %9s %6s\n' "median microseconds, $rounds rounds" teamcache other ratio
for size in small large; do
	"$work/race" "$rounds" ::: "$teamcache" fetch "$size" \
		::: "$work/cat" "$work/$size.out" >"$work/times"
	budget=1.3
	[ $size = small ] || budget=2
	row "local hit, $(bytes "$work/$size.out") bytes : static cat" $budget \
		"$(field 1 1)" "$(field 2 1)"
	limit "local hit, peak RSS in KiB" \
		$((2048 + $(bytes "$work/$size.out") / 1024)) "$(field 1 4)"
done

key=cache-v1/123456789012/$month
aws=$(command -v aws || true)
debian_curl=$(command -v curl)
for size in small large; do
	url=$BENCH_S3_URL/bench/$key/$size.json.gz
	sign=(-s -o /dev/null --aws-sigv4 aws:amz:us-east-1:s3
		--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY")
	packed=$("$curl" "${sign[@]}" -w '%{size_download}' "$url")
	# What a first reader on a machine does, the storing included.
	TEAMCACHE_DIR=$work/cold "$work/race" "$rounds" -c "$work/cold" \
		::: "$teamcache" fetch "$size" \
		::: "$curl" "${sign[@]}" "$url" \
		::: "$teamcache" fetch "$size" --no-local >"$work/times"
	budget=1.15
	[ $size = small ] || budget=1.6
	row "remote hit, $packed bytes packed : static curl" $budget \
		"$(field 1 1)" "$(field 2 1)"
	row "the same with --no-local : static curl" $budget \
		"$(field 3 1)" "$(field 2 1)"
	"$work/race" $((rounds / 4)) ::: "$teamcache" fetch "$size" --no-local \
		::: "$debian_curl" "${sign[@]}" "$url" >"$work/times"
	row "with --no-local : Debian's curl" 1 "$(field 1 1)" "$(field 2 1)"
	[ -n "$aws" ] || continue
	"$work/race" 5 ::: "$teamcache" fetch "$size" --no-local \
		::: "$aws" s3 cp --quiet "s3://bench/$key/$size.json.gz" - \
		>"$work/times"
	row "with --no-local : aws s3 cp" 1 "$(field 1 1)" "$(field 2 1)"
done

strace -f -e trace=network -o "$work/trace" "$teamcache" fetch small >/dev/null
limit "local hit, sockets" 0 "$(grep -c 'socket(' "$work/trace" || true)"
strace -c -o "$work/trace" "$teamcache" fetch small >/dev/null
printf '%-52s %9s\n' "local hit, system calls" \
	"$(awk '$NF == "total" { print $(NF - 2) }' "$work/trace")"
limit "binary, bytes" 1500000 "$(bytes "$teamcache")"

echo "bench: $met passed, $missed failed"
[ "$missed" -eq 0 ]
