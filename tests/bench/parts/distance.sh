# Servers that are far away: how often a command waits for them. Counted at
# the delay, and told by the clock: the slope between 10 and 50 ms.
# In run.sh's world.
# shellcheck shell=bash disable=SC2154

# Of our own in front of moto, which has no TLS.
distance_world() {
	local lane
	lane=$(curl -sS -d "{\"upstream\":\"$MOTO_AWS_URL\",\"tls\":\"good\"}" \
		"$FAULT_FAULT_CONTROL_URL/lanes")
	aws_tls=$(jq -r .url <<<"$lane")
	cat "$CEPH_CA_FILE" "$(jq -r .ca_file <<<"$lane")" >"$work/far.pem"
}

# at_distance MS: the servers are so far away.
at_distance() {
	start delay FAR "--round-trip=$1" \
		"S3=$CEPH_S3_URL" "STS=$MOTO_AWS_URL" "CE=$MOTO_AWS_URL" \
		"S3_TLS=$CEPH_S3_TLS_URL" "STS_TLS=$aws_tls" "CE_TLS=$aws_tls"
}

use_distance() {
	local way=_TLS name
	[ "$1" = TLS ] || way=
	for name in S3 STS CE; do
		name=FAR_$name$way
		case $name in
		FAR_S3*) export AWS_ENDPOINT_URL_S3=${!name} ;;
		FAR_STS*) export AWS_ENDPOINT_URL_STS=${!name} ;;
		FAR_CE*) export AWS_ENDPOINT_URL_COST_EXPLORER=${!name} ;;
		esac
	done
	[ -z "$way" ] || export AWS_CA_BUNDLE=$work/far.pem
}

# What is run; each purchase on a machine that has nothing, of a key that
# nobody has.
do_hit() { "$teamcache" fetch 10k --no-local >/dev/null; }
do_304() { "$teamcache" fetch 10k --revalidate >/dev/null; }
do_push() { "$teamcache" push 10k "$work/10k.json" --ttl 60m -q; }
do_purchase() {
	purchases=$((${purchases:-0} + 1))
	env -u TEAMCACHE_ACCOUNT_ID TEAMCACHE_PREFIX="far-$1-$2-$purchases/" \
		TEAMCACHE_STATE_DIR="$work/far.state.$1.$2.$purchases" \
		TEAMCACHE_DIR="$work/far.data.$1.$2.$purchases" \
		"$teamcache" fetch full-data --warm
}

# time_it MS WAY JOB: the least of some runs in ms, and round trips of each,
# to the file far.JOB.WAY.MS.
time_it() (
	use_distance "$2"
	least=
	: >"$work/delay/round-trips"
	for ((i = 0; i < 5; i++)); do
		began=${EPOCHREALTIME/[.,]/}
		"do_$3" "$1" "$2"
		took=$((${EPOCHREALTIME/[.,]/} - began))
		[ -n "$least" ] && [ "$least" -le "$took" ] || least=$took
	done
	echo "$least $(($(wc -l <"$work/delay/round-trips") / 5))" \
		>"$work/far.$3.$2.$1"
)

# print_it TEXT WAY JOB LEAST-ROUND-TRIPS
print_it() {
	local near far farther trips
	read -r near trips <"$work/far.$3.$2.0"
	read -r far trips <"$work/far.$3.$2.10"
	read -r farther trips <"$work/far.$3.$2.50"
	figure "$1, $2: ms at 0, 10 and 50 ms" "$(awk -v a="$near" -v b="$far" \
		-v c="$farther" 'BEGIN { printf "%.0f  %.0f  %.0f", a / 1000, b / 1000, c / 1000 }')"
	figure "  round trips by the clock" "$(awk -v b="$far" -v c="$farther" \
		'BEGIN { printf "%.1f", (c - b) / 40000 }')"
	limit "  round trips $trips, least $4" "$4" "$trips"
}

heading "distance"
pushed 10k
"$teamcache" fetch 10k >/dev/null
distance_world
for ms in 0 10 50; do
	at_distance $ms
	for way in plain TLS; do
		for job in hit 304 push purchase; do
			time_it $ms $way $job
		done
	done
done
"$servers/delay/stop" "$work/delay"
# A handshake for each server (TLS: 2 more) and each request of section 6.
for way in plain TLS; do
	hands=1
	[ $way = plain ] || hands=3
	print_it "remote hit" $way hit $((hands + 1))
	print_it "revalidation, 304" $way 304 $((hands + 1))
	print_it "push" $way push $((hands + 2))
	print_it "purchase of the four built-in types" $way purchase \
		$((3 * hands + 16))
done
