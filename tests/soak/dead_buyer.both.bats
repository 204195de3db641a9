#!/usr/bin/env bats
# Buyers that die or are slow, with default settings (design section 6).

load ../cli/helper
load ../cli/crowd

LEASE() {
	echo "lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json"
}

# seconds_between N M: the times of two lines of Cost Explorer's log.
seconds_between() {
	jq -rs --argjson n "$1" --argjson m "$2" '
		[.[] | select(.operation == "GetCostAndUsage") | .time |
		 sub("[.][0-9]*Z$"; "Z") | fromdate] | .[$m] - .[$n]' "$CE_LOG"
}

@test "kill -9 in the middle of a purchase: one more, when the lease has run out" {
	export TEAMCACHE_REFRESHED_BY=https://ci.example/job/7
	ce_fault '{"operation":"GetCostAndUsage","nth":1,"hang":true,"name":"endless"}'
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	until grep -q endless "$CE_LOG"; do
		sleep 0.05
	done
	kill -KILL "$pid"
	wait "$pid" || true
	s3_exists "$(LEASE)"
	new_machine
	tc fetch mtd-costs --wait 3s --account "$ACCOUNT"
	assert_status 3
	assert_stderr_has https://ci.example/job/7
	crowd 20 "${BUILT_IN[@]}" -- --format envelope
	assert_all_served
	assert_one_answer 4
	assert_count 2 ce_requests
	[ "$(seconds_between 0 1)" -ge 44 ]
	run ! s3_exists "$(LEASE)"
}

@test "a Cost Explorer that takes 30 s a page: one purchase, its lease renewed" {
	# A whole month's groups make three pages.
	server_settings ce_delay_seconds=30 page_size_groups=150
	crowd 20 "${BUILT_IN[@]}" -- --format envelope --month "$LAST_MONTH" \
		--wait 150s --timeout 200s
	assert_all_served
	assert_one_answer 4
	assert_count 3 ce_requests
}

@test "who does not wait as long is told who buys" {
	export TEAMCACHE_REFRESHED_BY=https://ci.example/job/7
	server_settings ce_delay_seconds=30 page_size_groups=150
	crowd 20 "${BUILT_IN[@]}" -- --format envelope --month "$LAST_MONTH"
	# All but the buyer have waited their 60 s for 90 s' work.
	[ "$(tr ' ' '\n' <<<"$statuses" | grep -c '^3$')" -eq 19 ]
	[ "$(tr ' ' '\n' <<<"$statuses" | grep -c '^0$')" -eq 1 ]
	[ "$(grep -l https://ci.example/job/7 "$CROWD"/err.* | wc -l)" -eq 19 ]
	assert_count 3 ce_requests
}
