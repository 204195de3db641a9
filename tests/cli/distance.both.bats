#!/usr/bin/env bats
# How often a command waits for the other end of the world. Counted where the
# talk passes, not timed: a round trip is a handshake of TCP (1), one of TLS
# (2 more; there is no resumption), or a request with its answer.

load helper

setup() {
	isolate
	use_store direct
}

teardown() {
	[ ! -d "${DISTANCE:-}" ] || "$SERVERS/delay/stop" "$DISTANCE"
	release
}

# far_away SERVER=URL...: sets FAR_SERVER, its URL where round trips count.
far_away() {
	local line
	DISTANCE=$BATS_TEST_TMPDIR/distance
	"$SERVERS/delay/start" "$DISTANCE" --owner $$ "$@" \
		>"$BATS_TEST_TMPDIR/far"
	while read -r line; do
		printf -v "FAR_${line%%=*}" '%s' "${line#*=}"
	done <"$BATS_TEST_TMPDIR/far"
}

# The product's S3, STS and Cost Explorer, all of them far away.
far_aws() {
	far_away "S3=$S3_URL" "STS=$AWS_URL" "CE=$AWS_URL"
	near_it
}

# The same over TLS.
far_aws_over_tls() {
	local bundle=$BATS_TEST_TMPDIR/bundle
	open_fault_lane "$AWS_URL" good
	cp "$FAULT_CA_FILE" "$bundle"
	if [ "$TC_STORE" = ceph ]; then
		cat "$CA_FILE" >>"$bundle"
	else
		S3_TLS_URL=$FAULT_URL
	fi
	far_away "S3=$S3_TLS_URL" "STS=$FAULT_URL" "CE=$FAULT_URL"
	export AWS_CA_BUNDLE=$bundle
	near_it
}

near_it() {
	export AWS_ENDPOINT_URL_S3=$FAR_S3 AWS_ENDPOINT_URL_STS=$FAR_STS
	export AWS_ENDPOINT_URL_COST_EXPLORER=$FAR_CE
}

# round_trips EXPECTED...: since the last time, "NAME number-of-them", sorted.
round_trips() {
	local counted
	counted=$(cut -d' ' -f1 "$DISTANCE/round-trips" | sort | uniq -c |
		awk '{ print $2, $1 }')
	[ "$counted" = "$(printf '%s\n' "$@")" ] || {
		printf 'counted:\n%s\nexpected:\n' "$counted"
		printf '%s\n' "$@"
		cat "$DISTANCE/round-trips"
		[ -z "${TC_STDOUT:-}" ] || show_run
		return 1
	}
	: >"$DISTANCE/round-trips"
}

# What is done with an entry, where shaking hands takes so many.
entry_takes() {
	local hands=$1
	# What lies there is looked at before it is replaced.
	tc push notes - --account "$ACCOUNT" --ttl 60m <<<'{"n":1}'
	assert_status 0
	round_trips "S3 $((hands + 2))"
	# Of more than a mebibyte nobody asks whether it may come.
	{
		printf '"'
		head -c 1200000 /dev/urandom | base64 -w 0
		printf '"'
	} >"$BATS_TEST_TMPDIR/large"
	tc push large "$BATS_TEST_TMPDIR/large" --account "$ACCOUNT"
	assert_status 0
	round_trips "S3 $((hands + 2))"
	tc fetch notes --account "$ACCOUNT"
	assert_status 0
	[ ! -s "$DISTANCE/round-trips" ]
	tc fetch notes --account "$ACCOUNT" --revalidate
	assert_output '{"n":1}'
	round_trips "S3 $((hands + 1))"
	new_machine
	tc fetch notes --account "$ACCOUNT"
	assert_output '{"n":1}'
	round_trips "S3 $((hands + 1))"
	tc fetch nothing --account "$ACCOUNT" --no-api
	assert_status 3
	round_trips "S3 $((hands + 1))"
}

# The four built-in types, bought: is it there; the lease, whether a second
# one is refused here (it is not AWS), is it still ours; is it there now, and
# the three others; four entries, the lease again and away.
purchase_takes() {
	local hands=$1
	tc fetch full-data --account "$ACCOUNT" --warm
	assert_status 0
	round_trips "CE $((hands + 1))" "S3 $((hands + 14))" "STS $((hands + 1))"
	# Who did it before knows whose keys these are, and how the store is.
	tc fetch full-data --account "$ACCOUNT" --warm --month "$LAST_MONTH"
	assert_status 0
	round_trips "CE $((hands + 1))" "S3 $((hands + 13))"
}

@test "one that is not needed would be counted" {
	start_fault
	far_away "F=$FAULT_URL"
	curl -s "$FAR_F/1" "$FAR_F/2" >/dev/null
	round_trips "F 3"
	curl -s -H 'Connection: close' "$FAR_F/1" "$FAR_F/2" >/dev/null
	round_trips "F 4"
	curl -s -H 'Expect: 100-continue' -d body "$FAR_F/1" >/dev/null
	round_trips "F 3"
	open_fault_lane "" good
	far_away "F=$FAULT_URL"
}

@test "an entry: pushed, fetched, asked for again" {
	far_aws
	entry_takes 1
}

@test "an entry over TLS: pushed, fetched, asked for again" {
	far_aws_over_tls
	entry_takes 3
}

@test "a purchase" {
	far_aws
	purchase_takes 1
}

@test "a purchase over TLS" {
	far_aws_over_tls
	purchase_takes 3
}

@test "a batch: a handshake for each worker, a round trip for each entry" {
	local types=() i
	for i in {1..8}; do
		types+=("notes-$i")
		tc push "notes-$i" - --account "$ACCOUNT" --ttl 60m <<<"[$i]"
	done
	new_machine
	far_aws
	tc fetch "${types[@]}" --account "$ACCOUNT" --no-api --jobs 1
	assert_status 0
	round_trips "S3 9"
	new_machine
	tc fetch "${types[@]}" --account "$ACCOUNT" --no-api --jobs 4
	assert_status 0
	[ "$(grep -c answer "$DISTANCE/round-trips")" -eq 8 ]
	[ "$(grep -c connect "$DISTANCE/round-trips")" -le 4 ]
}
