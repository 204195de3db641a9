#!/bin/bash
# The main job, shown on this machine: a stand-in for S3 and one for STS and
# Cost Explorer, and a few "machines", which are cache directories. Every
# number comes from --json results and from the servers' request logs; what is
# claimed is checked, and a claim that fails ends the demo with status 1.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servers=$here/../servers
teamcache=${TEAMCACHE:-$here/../../teamcache}
work=$(mktemp -d)
passed=0
failed=0

# shellcheck disable=SC2317 # called by the trap
finish() {
	"$servers/moto/stop" "$work/s3" || true
	"$servers/moto/stop" "$work/aws" || true
	rm -rf "$work"
}
trap finish EXIT

# start NAME: a stand-in of its own; sets URL and LOG.
start() {
	local line
	while IFS= read -r line; do
		case $line in
		AWS_URL=*) URL=${line#*=} ;;
		REQUEST_LOG=*) LOG=${line#*=} ;;
		ACCESS_KEY=*) AWS_ACCESS_KEY_ID=${line#*=} ;;
		SECRET_KEY=*) AWS_SECRET_ACCESS_KEY=${line#*=} ;;
		esac
	done < <("$servers/moto/start" "$work/$1" --owner $$)
}

say() {
	printf '\n\033[1m%s\033[0m\n' "$*"
}
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

show() {
	printf '  $ %s\n' "$*"
}

# claim TEXT EXPECTED GOT
claim() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		printf '    %s: %s\n' "$1" "$3"
	else
		failed=$((failed + 1))
		printf '    %s: %s, BUT %s WAS EXPECTED\n' "$1" "$3" "$2"
	fi
}

# logged LOG SERVICE [METHOD [PATH]]: requests of the product since the last
# mark.
logged() {
	tail -n "+$(($(cat "$work/mark.$(basename "$(dirname "$1")")") + 1))" \
		"$1" | jq -rs --arg s "$2" --arg m "${3:-}" --arg p "${4:-}" '[.[]
		| select(.service == $s and ($m == "" or .method == $m)
		and (.path | contains($p)) and (.user_agent | startswith("teamcache/")))] | length'
}

mark() {
	wc -l <"$s3_log" >"$work/mark.s3"
	wc -l <"$aws_log" >"$work/mark.aws"
}

# machine NAME: go to it; its caches live below its home.
machine() {
	export HOME=$work/$1
	mkdir -p "$HOME"
	unset XDG_CACHE_HOME XDG_STATE_HOME XDG_CONFIG_HOME
}

# run ARGUMENT...: the product with --json, its result in $work/result.
run() {
	show "teamcache $*"
	status=0
	"$teamcache" "$@" --json >"$work/result" 2>"$work/messages" || status=$?
	sed 's/^/    /' "$work/messages"
}

result() {
	jq -r "$1" "$work/result"
}

echo "Starting a local S3 and a local STS and Cost Explorer ..."
start s3
s3_url=$URL s3_log=$LOG
start aws
aws_url=$URL aws_log=$LOG
for name in $(compgen -e); do
	case $name in
	AWS_ACCESS_KEY_ID | AWS_SECRET_ACCESS_KEY) ;;
	AWS_* | TEAMCACHE_*) unset "$name" ;;
	esac
done
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION=us-east-1
export AWS_ENDPOINT_URL_S3=$s3_url AWS_ENDPOINT_URL=$aws_url
export AWS_EC2_METADATA_DISABLED=true TEAMCACHE_BUCKET=team-cache
S3_URL=$s3_url BUCKET=team-cache REGION=us-east-1 \
	ACCESS_KEY=$AWS_ACCESS_KEY_ID SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
	python3 "$servers/lib/s3_client.py" create-bucket >/dev/null
folder=cache-v1/123456789012/$(TZ=UTC printf '%(%Y-%m)T' -1)

say "1. Nobody has the figures yet: one request to Cost Explorer fills four keys"
machine laptop
mark
run fetch mtd-costs
claim "exit status" 0 "$status"
claim "where the data came from" api "$(result '.entries[0].source')"
claim "Cost Explorer requests, as teamcache counts" 1 \
	"$(result .requests.ce)"
claim "Cost Explorer requests, as the server counts" 1 "$(logged "$aws_log" ce)"
claim "entries written to S3" 4 "$(logged "$s3_log" s3 PUT /cache-v1/)"
claim "spent, USD" 0.01 "$(result .cost_usd)"
result '.entries[0].data.cost_and_usage.ResultsByTime[0].Total.UnblendedCost
	| "    this month so far: \(.Amount) \(.Unit)"'
S3_URL=$s3_url BUCKET=team-cache REGION=us-east-1 \
	ACCESS_KEY=$AWS_ACCESS_KEY_ID SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
	python3 "$servers/lib/s3_client.py" list "$folder" | sed 's/^/    s3: /'

say "2. A second machine reads them from S3, for nothing"
machine ci-runner
mark
run fetch mtd-costs --account 123456789012
claim "where the data came from" remote "$(result '.entries[0].source')"
claim "S3 requests" 1 "$(logged "$s3_log" s3)"
claim "Cost Explorer requests" 0 "$(logged "$aws_log" ce)"
claim "STS requests" 0 "$(logged "$aws_log" sts)"

say "3. The same machine again: its own copy, and no socket is opened"
mark
show "strace -f -e trace=network teamcache fetch mtd-costs"
strace -f -e trace=network -o "$work/trace" "$teamcache" fetch mtd-costs \
	--account 123456789012 >"$work/data"
claim "bytes printed" "$(($(result '.entries[0].bytes') + 1))" \
	"$(wc -c <"$work/data" | tr -d ' ')"
claim "sockets opened" 0 "$(grep -c 'socket(' "$work/trace" || true)"
claim "S3 requests" 0 "$(logged "$s3_log" s3)"

say "4. Twenty jobs of one machine wake at once: one of them buys"
machine cron-host
mark
pids=
show "for i in 1 .. 20: teamcache fetch full-data --month LAST &"
last=$(date -u -d "$(date -u +%Y-%m-15) -1 month" +%Y-%m)
for i in $(seq 20); do
	"$teamcache" fetch full-data --month "$last" >"$work/job.$i" &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
claim "Cost Explorer requests" 1 "$(logged "$aws_log" ce)"
claim "different answers" 1 \
	"$(sha256sum "$work"/job.* | cut -d' ' -f1 | sort -u | wc -l)"

say "5. Fifty machines wake at once: one of them buys, the rest wait for it"
mark
pids=
last=$(date -u -d "$(date -u +%Y-%m-15) -2 month" +%Y-%m)
show "on each of 50 machines: teamcache fetch mtd-costs --month $last &"
for i in $(seq 50); do
	machine "host-$i"
	"$teamcache" fetch mtd-costs --month "$last" >"$work/job.$i" &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
claim "Cost Explorer requests" 1 "$(logged "$aws_log" ce)"
claim "different answers" 1 \
	"$(sha256sum "$work"/job.* | cut -d' ' -f1 | sort -u | wc -l)"

say "6. S3 is gone: the data is printed all the same, and stderr says why"
"$servers/moto/stop" "$work/s3"
machine laptop
run fetch mtd-costs --revalidate --max-attempts 1
claim "exit status" 0 "$status"
claim "where the data came from" local "$(result '.entries[0].source')"
claim "degraded" s3-unreachable "$(result '.entries[0].degraded | join(" ")')"
machine new-laptop
run fetch mtd-costs --max-attempts 1
claim "exit status" 0 "$status"
claim "where the data came from" api "$(result '.entries[0].source')"
claim "degraded" s3-unreachable "$(result '.entries[0].degraded | join(" ")')"
run fetch mtd-costs --max-attempts 1 --revalidate --strict
claim "exit status under --strict" 11 "$status"

echo
echo "demo: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
