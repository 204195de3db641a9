#!/usr/bin/env bats
# What was paid and what was spared, and the limits on spending.

load helper

# ledger_sum KIND: the counts of the ledger's records of that kind, added up.
ledger_sum() {
	awk -v kind="$1" '$2 == kind { sum += $6 } END { print sum + 0 }' \
		"$STATE_DIR/ledger"
}

# at_once N COMMAND...: so many processes at the same time, "{}" being 1 to N;
# their exit statuses, sorted and counted: "7x0 13x3".
at_once() {
	local n=$1 i argument
	shift
	for ((i = 1; i <= n; i++)); do
		(
			arguments=()
			for argument; do
				arguments+=("${argument//\{\}/$i}")
			done
			rc=0
			"$TC_BIN" "${arguments[@]}" >"$BATS_TEST_TMPDIR/out.$i" \
				2>"$BATS_TEST_TMPDIR/err.$i" || rc=$?
			echo "$rc" >"$BATS_TEST_TMPDIR/rc.$i"
		) &
	done
	wait
	cat "$BATS_TEST_TMPDIR"/rc.* | sort -n | uniq -c |
		awk '{ printf "%s%sx%s", (NR > 1 ? " " : ""), $1, $2 }'
}

@test "what was paid and what was spared" {
	tc fetch --all
	assert_status 0
	assert_count 2 ce_requests
	[ "$(ledger_sum c)" -eq 2 ]
	[ "$(ledger_sum h)" -eq 0 ]
	tc fetch --all --account "$ACCOUNT"
	assert_status 0
	[ "$(ledger_sum h)" -eq 2 ]
	new_machine
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	[ "$(ledger_sum h)" -eq 1 ]
	[ "$(ledger_sum c)" -eq 0 ]
	grep -q " $ACCOUNT full-data 1 default$" "$STATE_DIR/ledger"
	# what nobody could have bought is not spared
	tc push notes --account "$ACCOUNT" - <<<'[1]'
	tc fetch notes --account "$ACCOUNT"
	assert_status 0
	[ "$(ledger_sum h)" -eq 1 ]
}

@test "each page is written down before it is sent" {
	server_settings page_size_groups=40
	tc fetch full-data
	assert_status 0
	pages=$(ce_requests)
	[ "$pages" -gt 1 ]
	[ "$(ledger_sum c)" -eq "$pages" ]
	[ "$(ledger_sum p)" -eq "$pages" ]
	new_machine
	ce_fault '{"operation":"GetCostAndUsage","nth":2,"hang":true}'
	"$TC_BIN" fetch full-data --month "$CLOSED_MONTH" >/dev/null 2>&1 &
	pid=$!
	for _ in {1..100}; do
		[ "$(ledger_sum c 2>/dev/null)" != 2 ] || break
		sleep 0.1
	done
	kill -9 "$pid"
	wait "$pid" || true
	[ "$(ledger_sum c)" -eq 2 ]
}

@test "what was not sent after all is taken back" {
	tc fetch notes
	ce_down
	AWS_ENDPOINT_URL_STS=$AWS_URL tc fetch full-data --account "$ACCOUNT"
	assert_status 7
	[ "$(ledger_sum c)" -eq 0 ]
	tc status --json
	assert_json '.ledger | .ce_requests == 0 and .days == []'
}

@test "--max-api-requests: what was asked for first is bought first" {
	server_settings ce_delay_seconds=0.2
	tc fetch mtd-costs --months 6 --max-api-requests 2 --json
	assert_status 3
	assert_json '[.entries[] | .error == null] ==
		[true, true, false, false, false, false]'
}

@test "--max-api-requests: stops, says what was spent, and exits 3" {
	tc fetch full-data --months 5 --jobs 3 --max-api-requests 2 --json
	assert_status 3
	assert_count 2 ce_requests
	assert_json '[.entries[] | select(.error == null)] | length == 2'
	assert_json '[.entries[] | select(.error.code == "RequestLimit" and
		.error.class == "no-data")] | length == 3'
	assert_json '.requests.ce == 2 and .cost_usd == "0.02"'
	assert_json '[.entries[] | select(.error != null) | .error.message |
		contains("--max-api-requests 2 leaves 0") and
		contains("USD 0.02")] | all'
	mark_requests
	tc fetch forecast --max-api-requests 0
	assert_status 3
	assert_stderr_has "allow more with --max-api-requests"
	assert_count 0 ce_requests
	tc fetch forecast --max-api-requests 1
	assert_status 0
	tc fetch --max-api-requests -1
	assert_status 2
}

@test "a purchase that took more pages than are left is not begun" {
	server_settings page_size_groups=40
	tc fetch full-data --month "$LAST_MONTH"
	assert_status 0
	pages=$(ce_requests)
	[ "$pages" -gt 1 ]
	mark_requests
	tc fetch full-data --month "$CLOSED_MONTH" \
		--max-api-requests $((pages - 1))
	assert_status 3
	assert_stderr_has "it took $pages requests the last time"
	assert_count 0 ce_requests
	# one whose size is not known begins, and is given up
	new_machine
	tc fetch full-data --month "$CLOSED_MONTH" --account "$ACCOUNT" \
		--max-api-requests 1
	assert_status 3
	assert_stderr_has "given up: after 1 request (USD 0.01)"
	assert_count 1 ce_requests
	[ "$(ledger_sum c)" -eq 1 ]
}

@test "stale data is told with the limit, and printed when allowed" {
	tc push full-data --account "$ACCOUNT" --timestamp "$(moment -3d)" - \
		<<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	assert_status 0
	mark_requests
	tc fetch --account "$ACCOUNT" --max-api-requests 0
	assert_status 9
	assert_stderr_has "--max-api-requests 0 leaves 0"
	assert_stderr_has "--allow-stale prints it"
	tc fetch --account "$ACCOUNT" --max-api-requests 0 --allow-stale
	assert_status 0
	assert_count 0 ce_requests
}

@test "max_api_requests_per_day: 20 processes at once, exactly 7 requests" {
	export TEAMCACHE_MAX_API_REQUESTS_PER_DAY=7
	run at_once 20 fetch full-data --month 2026-01 --no-remote --no-local \
		--account "$ACCOUNT" --timeout 60s
	[ "$output" = "7x0 13x3" ]
	assert_count 7 ce_requests
	[ "$(ledger_sum c)" -eq 7 ]
	grep -l "max_api_requests_per_day = 7" "$BATS_TEST_TMPDIR"/err.* |
		wc -l | grep -qx 13
	# the next day begins with none
	tc_at +24h fetch full-data --month 2026-01 --account "$ACCOUNT" \
		--no-remote --no-local
	assert_status 0
}

@test "a daily limit that cannot be recorded is kept by not buying" {
	mkdir -p "$STATE_DIR/ledger"
	tc fetch full-data
	assert_status 0
	assert_stderr_has "warning: going on without the ledger"
	[ "$(grep -c "without the ledger" "$TC_STDERR")" -eq 1 ]
	mark_requests
	TEAMCACHE_MAX_API_REQUESTS_PER_DAY=5 tc fetch full-data \
		--month "$LAST_MONTH"
	assert_status 3
	assert_stderr_has "max_api_requests_per_day cannot be kept"
	assert_stderr_has TEAMCACHE_STATE_DIR
	assert_count 0 ce_requests
	# a hit is a hit
	tc fetch full-data --account "$ACCOUNT"
	assert_status 0
	[ "$(grep -c "without the ledger" "$TC_STDERR")" -eq 1 ]
}

@test "a state directory that cannot be: one warning, and the data" {
	export TEAMCACHE_STATE_DIR=/dev/null/state
	tc fetch --all --account "$ACCOUNT"
	assert_status 0
	assert_count 2 ce_requests
	[ "${#stderr_lines[@]}" -eq 1 ]
	assert_stderr_has "going on without the ledger"
	TEAMCACHE_MAX_API_REQUESTS_PER_DAY=5 tc fetch full-data \
		--month "$LAST_MONTH" --account "$ACCOUNT"
	assert_status 3
	assert_stderr_has "/dev/null/state"
	tc status --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.ledger == null'
	assert_stderr_has "the ledger cannot be read: "
	assert_stderr_has "/dev/null/state"
}

@test "a record goes into the ledger that is there when it is written" {
	[[ $TC_BIN != */asan/* ]] ||
		exempt "$TC_STORE" "LeakSanitizer does not work under a tracer"
	tc fetch full-data
	assert_status 0
	before=$(stat -c %i "$STATE_DIR/ledger")
	# held up between opening the file and locking it
	strace -o /dev/null -e trace=flock \
		-e inject=flock:delay_enter=1500000:when=1 \
		"$TC_BIN" fetch full-data --account "$ACCOUNT" >/dev/null &
	pid=$!
	sleep 0.7
	cp "$STATE_DIR/ledger" "$STATE_DIR/new"
	mv "$STATE_DIR/new" "$STATE_DIR/ledger"
	wait "$pid"
	[ "$(stat -c %i "$STATE_DIR/ledger")" -ne "$before" ]
	[ "$(ledger_sum h)" -eq 1 ]
}

@test "50 hits at once are 50 in the ledger" {
	tc fetch full-data
	assert_status 0
	run at_once 50 fetch full-data --account "$ACCOUNT"
	[ "$output" = "50x0" ]
	[ "$(ledger_sum h)" -eq 50 ]
}
