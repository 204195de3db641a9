#!/usr/bin/env bats
# One buyer across all machines (design section 6).

load helper

folder() {
	echo "cache-v1/$ACCOUNT/$THIS_MONTH"
}

LEASE() {
	echo "lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json"
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

# machines N ARGUMENT...: fetch at once on N machines of their own; outputs in
# $BATS_TEST_TMPDIR/out.N, statuses in $statuses.
machines() {
	local n=$1 i pid pids=() status
	shift
	for i in $(seq "$n"); do
		use_machine "m$i"
		"$TC_BIN" fetch "$@" --account "$ACCOUNT" 3>&- \
			>"$BATS_TEST_TMPDIR/out.$i" 2>"$BATS_TEST_TMPDIR/err.$i" &
		pids+=($!)
	done
	statuses=
	for pid in "${pids[@]}"; do
		status=0
		wait "$pid" || status=$?
		statuses+="$status "
	done
}

@test "fifty machines, one cold key: one purchase, all print the same" {
	machines 50 mtd-costs
	[ -z "${statuses//0 /}" ] || { cat "$BATS_TEST_TMPDIR"/err.*; false; }
	assert_count 1 ce_requests
	[ "$(sha256sum "$BATS_TEST_TMPDIR"/out.* | cut -d' ' -f1 | sort -u | wc -l)" -eq 1 ]
	run ! s3_exists "$(LEASE)"
}

@test "a store that races (versioned): still hardly more than one" {
	s3_versioning >/dev/null
	machines 20 mtd-costs
	[ -z "${statuses//0 /}" ] || { cat "$BATS_TEST_TMPDIR"/err.*; false; }
	[ "$(ce_requests)" -le 3 ]
}

@test "the four built-in types are one purchase" {
	local i pids=() pid types=(full-data mtd-costs daily-breakdown service-breakdown)
	for i in $(seq 20); do
		use_machine "m$i"
		"$TC_BIN" fetch "${types[i % 4]}" --account "$ACCOUNT" 3>&- >/dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	assert_count 1 ce_requests
}

@test "a buyer that is killed: the next one buys when its lease ran out" {
	export TEAMCACHE_LEASE=15s
	server_settings ce_delay_seconds=30
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	until_leased
	kill -KILL "$pid"
	wait "$pid" || true
	s3_exists "$(LEASE)"
	server_settings ce_delay_seconds=0
	new_machine
	mark_requests
	tc fetch mtd-costs --wait 2s --account "$ACCOUNT"
	assert_status 3
	assert_stderr_has "another machine"
	assert_count 0 ce_requests
	tc fetch mtd-costs --wait 60s --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
	run ! s3_exists "$(LEASE)"
}

@test "a purchase longer than the lease: renewed, still one" {
	export TEAMCACHE_LEASE=15s
	server_settings ce_delay_seconds=18
	machines 5 mtd-costs
	[ -z "${statuses//0 /}" ] || { cat "$BATS_TEST_TMPDIR"/err.*; false; }
	assert_count 1 ce_requests
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
		sleep 2.5
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
