#!/usr/bin/env bats
# Around a month's end, where client and server disagree about the month. The
# servers' clock is moved, which only the stand-in for AWS can.

load helper

NEXT_MONTH=$(months_before -1)
MIDNIGHT=$(TZ=UTC date -d "$NEXT_MONTH-01" +%s)

# servers_at SECONDS: S3 and Cost Explorer stand so far from midnight.
servers_at() {
	offset=$((MIDNIGHT + $1 - $(date +%s)))
	server_settings date_offset_seconds=$offset
}

# clock_off SECONDS: the client's clock, told from the servers'.
clock_off() {
	printf '%+ds\n' $((offset + $1))
}

BEHIND=-7200
AHEAD=7200

@test "the default month is S3's: half an hour into a month, and before its end" {
	local row
	for row in "1800 $BEHIND $NEXT_MONTH" "-1800 $AHEAD $THIS_MONTH"; do
		read -r server off month <<<"$row"
		servers_at "$server"
		new_machine
		mark_requests
		tc_at "$(clock_off "$off")" fetch mtd-costs --account "$ACCOUNT" --json
		assert_status 0
		assert_json ".entries[0].period == \"$month\" and .entries[0].age < 60"
		assert_count 1 ce_requests
		# Who is right finds it there.
		new_machine
		tc_at "$(clock_off 0)" fetch mtd-costs --account "$ACCOUNT" --json
		assert_status 0
		assert_json ".entries[0].period == \"$month\"
			and .entries[0].source == \"remote\""
		assert_count 1 ce_requests
	done
}

@test "one purchase among clocks that name two months" {
	local pids=() clocks i
	servers_at 1800
	clocks=("$(clock_off 0)" "$(clock_off $BEHIND)" "$(clock_off $AHEAD)")
	for i in $(seq 9); do
		use_machine "m$i"
		TEST_NOW=${clocks[i % 3]} "$TC_CLOCK_BIN" fetch mtd-costs \
			--account "$ACCOUNT" 3>&- >"$BATS_TEST_TMPDIR/out.$i" \
			2>"$BATS_TEST_TMPDIR/err.$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || { cat "$BATS_TEST_TMPDIR"/err.*; false; }
	done
	assert_count 1 ce_requests
	[ "$(sha256sum "$BATS_TEST_TMPDIR"/out.* | cut -d' ' -f1 | sort -u | wc -l)" -eq 1 ]
}

@test "--months counts from S3's month" {
	servers_at 1800
	tc_at "$(clock_off $BEHIND)" fetch mtd-costs --months 2 --account "$ACCOUNT" --json
	assert_status 0
	assert_json "[.entries[].period] == [\"$NEXT_MONTH\", \"$THIS_MONTH\"]"
	assert_count 2 ce_requests
}

@test "a local copy of the month before does not answer in the next one" {
	servers_at -600
	tc_at "$(clock_off $BEHIND)" fetch mtd-costs --account "$ACCOUNT" --json
	assert_status 0
	assert_json ".entries[0].period == \"$THIS_MONTH\""
	servers_at 600
	tc_at "$(clock_off $BEHIND)" fetch mtd-costs --account "$ACCOUNT" --json
	assert_status 0
	assert_json ".entries[0].period == \"$NEXT_MONTH\""
	# The clock was put right a moment before midnight: nothing is foretold.
	servers_at -60
	tc_at "$(clock_off 0)" fetch mtd-costs --account "$ACCOUNT" --json
	assert_status 0
	assert_json ".entries[0].period == \"$THIS_MONTH\""
}

@test "a closed month is final by S3's clock, not by one that is ahead" {
	servers_at -1800
	server_settings estimated=false
	tc_at "$(clock_off $AHEAD)" fetch mtd-costs --account "$ACCOUNT" \
		--month "$THIS_MONTH" --json
	assert_status 0
	servers_at 7200
	new_machine
	mark_requests
	tc_at "$(clock_off 0)" fetch mtd-costs --account "$ACCOUNT" \
		--month "$THIS_MONTH" --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
}

@test "--refresh across a month's end is content with what is new" {
	servers_at 1800
	tc_at "$(clock_off $BEHIND)" fetch mtd-costs --account "$ACCOUNT"
	sleep 1.1
	mark_requests
	for off in $BEHIND $AHEAD 0; do
		new_machine
		tc_at "$(clock_off "$off")" fetch mtd-costs --account "$ACCOUNT" \
			--refresh --json
		assert_status 0
		assert_json ".entries[0].period == \"$NEXT_MONTH\"
			and .entries[0].source == \"api\""
		sleep 1.1
	done
	assert_count 3 ce_requests
}

@test "--refresh is not content with a copy that a clock set back makes new" {
	server_settings date_offset_seconds=-7200
	tc_at -2h fetch mtd-costs --account "$ACCOUNT" --month "$THIS_MONTH"
	assert_status 0
	server_settings date_offset_seconds=0
	mark_requests
	tc_at -2h fetch mtd-costs --account "$ACCOUNT" --month "$THIS_MONTH" \
		--refresh --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
}

@test "push without a month goes to S3's" {
	servers_at 1800
	tc_at "$(clock_off $BEHIND)" push notes - --account "$ACCOUNT" --json <<<'[1]'
	assert_status 0
	assert_json ".entries[0].period == \"$NEXT_MONTH\""
	server_settings date_offset_seconds=0 # the test's own client has no other
	s3_exists "cache-v1/$ACCOUNT/$NEXT_MONTH/notes.json.gz"
	run ! s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz"
}
