#!/usr/bin/env bats
# One buyer across all machines (design section 6).

load helper
load crowd

folder() {
	echo "${TEAMCACHE_PREFIX:-}cache-v1/$ACCOUNT/$THIS_MONTH"
}

LEASE() {
	echo "${TEAMCACHE_PREFIX:-}lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json"
}

# until_leased: a purchase in the background has its lease, and has asked Cost
# Explorer (whose log tells of a request when it is answered).
until_leased() {
	for _ in $(seq 100); do
		if s3_exists "$(LEASE)"; then
			sleep 1.2
			return
		fi
		sleep 0.05
	done
	return 1
}

# until_logged LOG NAME: the rule of that name was met.
until_logged() {
	for _ in $(seq 200); do
		! grep -q "\"rule\": \"$2\"" "$1" || return 0
		sleep 0.05
	done
	return 1
}

# The purchase that crowd's machines make is one, whatever each asked for.
assert_one_purchase() {
	assert_all_served
	assert_one_answer ${#BUILT_IN[@]}
	assert_count 1 ce_requests
	run ! s3_exists "$(LEASE)"
}

@test "fifty machines, one cold key, four types: one purchase, one answer" {
	local round
	for round in 1 2; do
		export TEAMCACHE_PREFIX=round-$round/
		mark_requests
		crowd 50 "${BUILT_IN[@]}" -- --format envelope
		assert_one_purchase
	done
}

@test "the same in a versioned bucket" {
	local round
	[ "$TC_STORE" != ceph ] || exempt ceph \
		"its conditional writes race in a versioned bucket"
	s3_versioning >/dev/null
	for round in 1 2; do
		export TEAMCACHE_PREFIX=round-$round/
		mark_requests
		crowd 50 "${BUILT_IN[@]}" -- --format envelope
		assert_one_purchase
	done
}

@test "a store that races (versioned): still hardly more than one" {
	s3_versioning >/dev/null
	crowd 20 mtd-costs
	assert_all_served
	[ "$(ce_requests)" -le 2 ]
}

# A purchase in the background ($pid) whose request to Cost Explorer was sent
# and is never answered.
begin_endless_purchase() {
	ce_fault '{"operation":"GetCostAndUsage","nth":1,"hang":true,"name":"endless"}'
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	until_logged "$CE_LOG" endless
}

@test "a buyer that is killed: its lease runs out, and one of those who wait buys" {
	export TEAMCACHE_LEASE=15s TEAMCACHE_REFRESHED_BY=https://ci.example/job/7
	begin_endless_purchase
	kill -KILL "$pid"
	wait "$pid" || true
	s3_exists "$(LEASE)"
	new_machine
	tc fetch mtd-costs --wait 2s --account "$ACCOUNT"
	assert_status 3
	assert_stderr_has https://ci.example/job/7
	assert_count 1 ce_requests
	crowd 8 "${BUILT_IN[@]}" -- --format envelope
	assert_all_served
	assert_one_answer 4
	assert_count 2 ce_requests
	run ! s3_exists "$(LEASE)"
}

@test "a purchase longer than the lease: renewed, still one" {
	export TEAMCACHE_LEASE=15s
	# A whole month's groups make two pages.
	server_settings ce_delay_seconds=10 page_size_groups=200
	crowd 5 "${BUILT_IN[@]}" -- --format envelope --month "$LAST_MONTH"
	assert_all_served
	assert_one_answer 4
	assert_count 2 ce_requests
}

@test "--wait 0: who does not want to wait is told who buys; --no-lease buys" {
	server_settings ce_delay_seconds=4
	export TEAMCACHE_REFRESHED_BY=https://ci.example/job/7
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	sleep 1.5
	new_machine
	tc fetch mtd-costs --wait 0 --account "$ACCOUNT"
	assert_status 3
	assert_stderr_has https://ci.example/job/7
	tc fetch mtd-costs --no-lease --account "$ACCOUNT"
	assert_status 0
	wait "$pid"
	assert_count 2 ce_requests
}

@test "stale data is served while somebody else buys, where it is allowed" {
	tc push mtd-costs - --timestamp "$(date -u -d '-3 hours' +%Y-%m-%dT%H:%M:%SZ)" \
		<<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	server_settings ce_delay_seconds=4
	"$TC_BIN" fetch full-data --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	sleep 1.5
	new_machine
	tc fetch mtd-costs --wait 0 --allow-stale --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.entries[0].fresh == false'
	wait "$pid"
}

@test "invalidate during a purchase: printed, nothing stored" {
	server_settings ce_delay_seconds=4
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >"$HOME/out" 2>"$HOME/err" 3>&- &
	pid=$!
	sleep 1.5
	use_machine other
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 0
	use_machine 1
	wait "$pid"
	jq -e .cost_and_usage "$HOME/out"
	[ -z "$(s3_ls "$(folder)")" ]
	tc fetch mtd-costs --offline --account "$ACCOUNT"
	assert_status 3
}

@test "invalidate during a purchase that others wait for: one of them buys" {
	local buyer
	server_settings ce_delay_seconds=5
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >"$HOME/out" 2>/dev/null 3>&- &
	buyer=$!
	until_leased
	use_machine other
	"$TC_BIN" fetch full-data --account "$ACCOUNT" >"$HOME/out" 2>/dev/null 3>&- &
	pid=$!
	sleep 1
	use_machine third
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 0
	wait "$buyer"
	wait "$pid"
	use_machine 1
	jq -e .cost_and_usage "$HOME/out"
	tc fetch mtd-costs --offline --account "$ACCOUNT"
	assert_status 3
	assert_count 2 ce_requests
	s3_exists "$(folder)/full-data.json.gz"
	run ! s3_exists "$(LEASE)"
}

@test "SIGTERM during a purchase releases the lease" {
	server_settings ce_delay_seconds=20
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	until_leased
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	note_status fetch "$status"
	[ "$status" -eq 143 ]
	run ! s3_exists "$(LEASE)"
}

@test "SIGTERM when the answer is near: it is written back" {
	server_settings ce_delay_seconds=3
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >"$HOME/out" 2>/dev/null 3>&- &
	pid=$!
	until_leased
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ] || [ "$status" -eq 0 ]
	run ! s3_exists "$(LEASE)"
	s3_exists "$(folder)/full-data.json.gz"
	new_machine
	server_settings ce_delay_seconds=0
	mark_requests
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_count 0 ce_requests
}

@test "killed after each write: no second purchase once full-data is there" {
	local n
	for n in 1 2 3 4; do
		use_machine "k$n"
		tc invalidate --all --account "$ACCOUNT"
		s3_rm "$(LEASE)"
		s3_fault '{"method":"PUT","path":"cache-v1","nth":['"$n"'],"apply":true,"hang":true,"name":"n'"$n"'"}'
		mark_requests
		"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
		pid=$!
		until_logged "$S3_LOG" "n$n"
		kill -KILL "$pid"
		wait "$pid" || true
		s3_up
		new_machine
		before=$(ce_requests)
		tc fetch mtd-costs --account "$ACCOUNT" --wait 1s
		assert_status 0
		[ "$(ce_requests)" -eq "$before" ]
	done
}

@test "a store that ignores conditions: one warning, leases off" {
	[ "$TC_STORE" != ceph ] || exempt ceph "it honours conditions"
	server_settings ignore_conditions=true
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_stderr_has "conditional writes"
	run ! s3_exists "$(LEASE)"
}

@test "a store that refuses conditions (501): leases off, data kept here" {
	s3_fault '{"method":"PUT","path":"lease-v1","status":501,"body":"<Error><Code>NotImplemented</Code><Message>A header you provided implies functionality that is not implemented</Message></Error>"}'
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_stderr_has "conditional writes"
}

@test "409 on a condition is not 'exists'" {
	s3_fault '{"method":"PUT","path":"lease-v1","nth":[1,2],"status":409,"body":"<Error><Code>ConditionalRequestConflict</Code><Message>conflict</Message></Error>"}'
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_stderr_empty
	assert_count 1 ce_requests
}

@test "a take whose answer was lost is recognised as ours" {
	s3_fault '{"method":"PUT","path":"lease-v1","nth":[1],"apply":true,"reset":"request"}'
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_count 1 ce_requests
	run ! s3_exists "$(LEASE)"
}
