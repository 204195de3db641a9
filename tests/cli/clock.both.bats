#!/usr/bin/env bats
# Client clocks that are two hours wrong, either way: S3's clock decides.

load helper

BOTH="-2h +2h"

LEASE() {
	echo "lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json"
}

# fetch_in_background NAME TIME ARGUMENT...: its pid is in $pid.
fetch_in_background() {
	TEST_NOW=$2 "$TC_CLOCK_BIN" fetch "${@:3}" --account "$ACCOUNT" \
		--month "$THIS_MONTH" 3>&- >"$BATS_TEST_TMPDIR/out.$1" \
		2>"$BATS_TEST_TMPDIR/err.$1" &
	pid=$!
}

# until_leased: somebody holds the lease.
until_leased() {
	for _ in $(seq 100); do
		! s3_exists "$(LEASE)" || return 0
		sleep 0.05
	done
	return 1
}

# machines N ARGUMENT...: at once, on clocks that are right, behind and ahead.
machines() {
	local n=$1 i pids=() clocks=(+0s -2h +2h)
	for i in $(seq "$n"); do
		use_machine "m$round-$i"
		fetch_in_background "$i" "${clocks[i % 3]}" "${@:2}"
		pids+=("$pid")
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || { cat "$BATS_TEST_TMPDIR"/err.*; return 1; }
	done
	[ "$(sha256sum "$BATS_TEST_TMPDIR"/out.* | cut -d' ' -f1 | sort -u | wc -l)" -eq 1 ]
}

@test "one purchase among machines whose clocks differ by four hours" {
	round=1
	machines 18 mtd-costs
	assert_count 1 ce_requests
	run ! s3_exists "$(LEASE)"
}

@test "a live lease is not taken for an expired one, and its holder is served" {
	for off in $BOTH; do
		tc invalidate --all --account "$ACCOUNT" --month "$THIS_MONTH"
		use_machine "buyer$off"
		server_settings ce_delay_seconds=15
		mark_requests
		fetch_in_background buyer "$off" mtd-costs
		buyer=$pid
		until_leased
		for other in -2h +2h +0s; do
			use_machine "waiter$off$other"
			tc_at "$other" fetch mtd-costs --account "$ACCOUNT" \
				--month "$THIS_MONTH" --wait 0
			assert_status 3
			assert_stderr_has "being bought"
		done
		use_machine "waiter$off"
		tc fetch mtd-costs --account "$ACCOUNT" --json
		assert_status 0
		assert_json '.entries[0].source == "remote" or .entries[0].source == "derived"'
		wait "$buyer"
		assert_count 1 ce_requests
		server_settings ce_delay_seconds=0
	done
}

@test "a lease runs out by S3's clock, whoever took it and whoever takes it over" {
	export TEAMCACHE_LEASE=15s
	for off in $BOTH; do
		[ "$off" = -2h ] && other=+2h || other=-2h
		tc invalidate --all --account "$ACCOUNT" --month "$THIS_MONTH"
		use_machine "dies$off"
		# A request is counted when it is answered: not within this test.
		server_settings ce_delay_seconds=200
		fetch_in_background dies "$off" mtd-costs
		until_leased
		sleep 1.2
		kill -KILL "$pid"
		wait "$pid" || true
		server_settings ce_delay_seconds=0
		use_machine "next$off"
		mark_requests
		tc_at "$other" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --wait 2s
		assert_status 3
		tc_at "$other" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --json
		assert_status 0
		assert_json '.entries[0].source == "api" and .entries[0].age < 60'
		assert_count 1 ce_requests
		run ! s3_exists "$(LEASE)"
	done
}

@test "a clock that jumps between two runs: S3 is asked, nothing is bought" {
	tc fetch mtd-costs --account "$ACCOUNT" --month "$THIS_MONTH"
	for off in $BOTH; do
		mark_requests
		tc_at "$off" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --json
		assert_status 0
		assert_json '.entries[0].fresh and .entries[0].age < 120'
		[ "$(s3_requests)" -ge 1 ]
		assert_count 0 ce_requests
		# And back: what was validated then does not answer alone for longer.
		mark_requests
		tc fetch mtd-costs --account "$ACCOUNT" --json
		assert_status 0
		assert_json '.entries[0].fresh and .entries[0].age < 120'
		[ "$(s3_requests)" -ge 1 ]
		assert_count 0 ce_requests
	done
}

@test "an expired entry is replaced once, by a clock that is wrong too" {
	for off in $BOTH; do
		tc push mtd-costs - --force --account "$ACCOUNT" --timestamp \
			"$(date -u -d '-90 minutes' +%Y-%m-%dT%H:%M:%SZ)" \
			<<<'{"cost_and_usage":{"ResultsByTime":[]}}'
		assert_status 0
		s3_rm "cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz" || true
		use_machine "writer$off"
		mark_requests
		tc_at "$off" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --json
		assert_status 0
		assert_json '.entries[0].source == "api"'
		assert_count 1 ce_requests
		new_machine
		tc fetch mtd-costs --account "$ACCOUNT" --json
		assert_json '.entries[0].source == "remote" and .entries[0].fresh
			and .entries[0].age < 120'
		assert_count 1 ce_requests
	done
}

@test "--refresh by a wrong clock: bought again, and content with what is new" {
	tc fetch mtd-costs --account "$ACCOUNT"
	for off in $BOTH; do
		sleep 1.1
		mark_requests
		tc_at "$off" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --refresh --json
		assert_status 0
		assert_json '.entries[0].source == "api" and .entries[0].age < 60'
		assert_count 1 ce_requests
	done
	sleep 1.1
	mark_requests
	server_settings ce_delay_seconds=3
	round=2
	machines 15 mtd-costs --refresh
	assert_count 1 ce_requests
}

# bought_at: when each purchase was answered, in milliseconds.
bought_at() {
	tail -n "+$((${marks[$AWS_LANE]:-0} + 1))" "$AWS_LOG" |
		jq -r 'select(.service == "ce") | .time' | while read -r at; do
		date -d "$at" +%s%3N 2>/dev/null || printf '%.0f\n' "${at}e3"
	done | sort -n
}

@test "fifty jobs with --refresh buy once, on one machine and on fifty" {
	tc fetch mtd-costs --account "$ACCOUNT"
	sleep 1.1
	server_settings ce_delay_seconds=12
	for shared in yes no; do
		use_machine "shared-$shared"
		mark_requests
		pids=()
		for i in $(seq 50); do
			[ "$shared" = yes ] || use_machine "own-$i"
			"$TC_BIN" fetch mtd-costs --refresh --account "$ACCOUNT" 3>&- \
				>"$BATS_TEST_TMPDIR/out.$i" 2>"$BATS_TEST_TMPDIR/err.$i" &
			pids+=($!)
		done
		last=$((${EPOCHREALTIME/./} / 1000))
		for pid in "${pids[@]}"; do
			wait "$pid"
		done
		mapfile -t bought < <(bought_at)
		# Whoever began after a purchase was answered buys again, as it must:
		# a machine that is busy may not have begun them all by then.
		if [ "$last" -lt $((bought[0] - 3000)) ]; then
			assert_count 1 ce_requests
		else
			echo "# the last one began only at $last, ${#bought[@]} purchases" >&3
			[ "${#bought[@]}" -le 5 ]
		fi
		sleep 1.1
	done
}

@test "refresh_cooldown counts from the purchase, by S3's clock" {
	tc fetch mtd-costs --account "$ACCOUNT"
	sleep 1.1
	export TEAMCACHE_REFRESH_COOLDOWN=10m
	for off in +0s $BOTH; do
		mark_requests
		tc_at "$off" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --refresh --json
		assert_status 0
		assert_json '.entries[0].degraded == [] and .entries[0].fresh'
		assert_stderr_has "not bought again before 20"
		new_machine
		tc_at "$off" fetch full-data --account "$ACCOUNT" \
			--month "$THIS_MONTH" --refresh --json
		assert_status 0
		assert_json '.entries[0].source == "remote"
			and (.warnings[0] | contains("refresh_cooldown"))'
		assert_count 0 ce_requests
	done
	export TEAMCACHE_REFRESH_COOLDOWN=3s
	for off in +0s $BOTH; do
		sleep 3
		mark_requests
		tc_at "$off" fetch mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --refresh --json
		assert_status 0
		assert_json '.entries[0].source == "api"'
		assert_stderr_empty
		assert_count 1 ce_requests
	done
}

@test "refresh_cooldown: what is missing or has expired is bought all the same" {
	export TEAMCACHE_REFRESH_COOLDOWN=6h
	tc fetch mtd-costs --refresh --account "$ACCOUNT" --json
	assert_status 0
	assert_stderr_empty
	assert_json '.entries[0].source == "api"'
	tc push daily-breakdown - --force --account "$ACCOUNT" --timestamp \
		"$(date -u -d '-90 minutes' +%Y-%m-%dT%H:%M:%SZ)" \
		<<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	s3_rm "cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz"
	new_machine
	mark_requests
	tc fetch daily-breakdown --refresh --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
}

@test "refresh_cooldown of a profile, and while S3 is out of reach" {
	tc fetch mtd-costs --account "$ACCOUNT"
	profile_file <<-EOF
		[profile calm]
		region = $REGION
	EOF
	write_settings <<-EOF
		[default]
		refresh_cooldown = 0
		bucket = $BUCKET
		[profile calm]
		refresh_cooldown = 1h
		team_cache = on
	EOF
	sleep 1.1
	s3_down
	mark_requests
	AWS_PROFILE=calm tc fetch mtd-costs --account "$ACCOUNT" --refresh --json
	assert_status 0
	assert_stderr_has refresh_cooldown
	assert_json '.entries[0].source == "local"'
	assert_count 0 ce_requests
	s3_up
	tc fetch mtd-costs --account "$ACCOUNT" --refresh --json
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
}

@test "a slow purchase does not look younger than it is" {
	server_settings ce_delay_seconds=9
	for off in +0s $BOTH; do
		new_machine
		tc invalidate --all --account "$ACCOUNT" --month "$THIS_MONTH"
		tc_at "$off" fetch mtd-costs --account "$ACCOUNT" --month "$THIS_MONTH"
		assert_status 0
		case $off in
		-*) ahead=-7200 ;;
		+2h) ahead=7200 ;;
		*) ahead=0 ;;
		esac
		tc_at "$(printf %+d $((40 + ahead)))s" \
			fetch mtd-costs --account "$ACCOUNT" --month "$THIS_MONTH" \
			--offline --json
		assert_status 0
		assert_json '.entries[0].age >= 38 and .entries[0].age < 60'
	done
}

@test "a document that a wrong clock pushes is as old as it is" {
	for off in $BOTH; do
		tc_at "$off" push notes - --account "$ACCOUNT" --month "$THIS_MONTH" \
			<<<'[1]'
		assert_status 0
		new_machine
		tc fetch notes --account "$ACCOUNT" --json
		assert_status 0
		assert_json '.entries[0].fresh and .entries[0].age < 60'
	done
}

@test "invalidate --older-than judges by S3's clock" {
	tc fetch mtd-costs --account "$ACCOUNT"
	for off in $BOTH; do
		tc_at "$off" invalidate --all --account "$ACCOUNT" \
			--month "$THIS_MONTH" --older-than 1h
		assert_status 0
		# The first request is a HEAD, whose refusal has no text.
		tc_at "$off" invalidate mtd-costs --account "$ACCOUNT" \
			--month "$THIS_MONTH" --older-than 1h
		assert_status 0
	done
	s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/mtd-costs.json.gz"
	tc fetch mtd-costs --account "$ACCOUNT" --offline
	assert_status 0
}
