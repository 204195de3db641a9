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

# documents of about 10, 90 and 428 KB, like Cost Explorer's
python3 - "$work" <<'PYTHON'
import json
import random
import sys

random.seed(7)
for name, services in (("small", 1), ("batch", 9), ("large", 42)):
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

# A thousand entries of the size of a real one, 16 at a time: 50 types of 20
# months, with decompression, checks, local copies and NDJSON.
types=()
for i in {10..59}; do
	types+=("t-$i")
done
for i in {0..19}; do
	past=$(date -u -d "$month-15 -$i months" +%Y-%m)
	printf '%s\n' "${types[@]}" | xargs -P 4 -I TYPE "$teamcache" push TYPE \
		"$work/batch.json" --month "$past" --ttl 60m -q
	for type in "${types[@]}"; do
		printf 'url = "%s"\noutput = "%s"\n' \
			"$BENCH_S3_URL/bench/cache-v1/123456789012/$past/$type.json.gz" \
			"$work/copies/$past-$type.json.gz"
	done >>"$work/urls"
done
batch=("$teamcache" fetch "${types[@]}" --months 20 --jobs 16 --no-api)
export RCLONE_CONFIG=$work/rclone.conf
cat >"$RCLONE_CONFIG" <<CONF
[bench]
type = s3
provider = Ceph
env_auth = true
endpoint = $BENCH_S3_URL
CONF
peers=(::: "$curl" -s -Z --parallel-max 16 "${sign[@]:3}" -K "$work/urls"
	::: rclone copy -q --transfers 16 --checkers 16 --include 't-*'
	bench:bench "$work/copies/rclone")
if [ -n "$aws" ]; then
	peers+=(::: "$aws" s3 cp --quiet --recursive s3://bench/cache-v1/
		"$work/copies/aws")
fi
TEAMCACHE_DIR=$work/copies/data "$work/race" $((rounds / 20 + 1)) -c "$work/copies" \
	::: "${batch[@]}" "${peers[@]}" >"$work/times"
best=$(cut -d' ' -f1 "$work/times" | sed 1d | head -n 2 | sort -n | head -n 1)
row "1000 entries, wall : the best of curl -Z and rclone" 1.1 \
	"$(field 1 1)" "$best"
row "1000 entries, CPU : static curl -Z" 1.5 "$(field 1 3)" "$(field 2 3)"
for peer in 2:'curl -Z' 3:'rclone copy' 4:'aws s3 cp --recursive'; do
	[ -n "$(field "${peer%%:*}" 1)" ] || continue
	printf '%-52s %9d %9d\n' "1000 entries, wall and CPU of ${peer#*:}" \
		"$(field "${peer%%:*}" 1)" "$(field "${peer%%:*}" 3)"
done
limit "1000 entries, peak RSS in KiB" 32768 "$(field 1 4)"
# Memory that is used again: an entry alone would touch 23 pages.
limit "1000 entries, page faults" 8000 "$(field 1 5)"
rm -rf "$work/copies/data"
TEAMCACHE_DIR=$work/copies/data strace -f -e trace=connect -o "$work/trace" \
	"${batch[@]}" >/dev/null
limit "1000 entries, connections" 16 \
	"$(grep -c "connect(.*htons(${BENCH_S3_URL##*:})" "$work/trace")"

strace -f -e trace=network -o "$work/trace" "$teamcache" fetch small >/dev/null
limit "local hit, sockets" 0 "$(grep -c 'socket(' "$work/trace" || true)"
strace -c -o "$work/trace" "$teamcache" fetch small >/dev/null
printf '%-52s %9s\n' "local hit, system calls" \
	"$(awk '$NF == "total" { print $(NF - 2) }' "$work/trace")"
limit "binary, bytes" 1500000 "$(bytes "$teamcache")"

echo "bench: $met passed, $missed failed"
[ "$missed" -eq 0 ]
