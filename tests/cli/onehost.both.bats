#!/usr/bin/env bats
# Processes of one machine: S3 is asked without a lock, what is bought is bought
# under one.
load helper

# A root that may not write everywhere either.
unprivileged=()
[ "$(id -u)" -ne 0 ] ||
	unprivileged=(setpriv --bounding-set=-dac_override --inh-caps=-all)

# behind NAME ARGUMENT...: in the background, as $pid; out.NAME and err.NAME.
behind() {
	env --default-signal=INT "$TC_BIN" "${@:2}" --account "$ACCOUNT" \
		>"$BATS_TEST_TMPDIR/out.$1" 2>"$BATS_TEST_TMPDIR/err.$1" 3>&- &
	pid=$!
}

# until_it COMMAND...: it succeeds.
until_it() {
	local i
	for ((i = 0; i < 500; i++)); do
		! "$@" || return 0
		sleep 0.02
	done
	echo "in vain: $*"
	return 1
}

# end_killed PID: it was still at it.
end_killed() {
	local ended=0
	kill -9 "$1"
	wait "$1" || ended=$?
	[ "$ended" -eq 137 ]
}

is_locked() {
	[ -n "$(find "$CACHE_DIR" -name full-data.lock 2>/dev/null)" ]
}

waits_for_lock() {
	[[ $(readlink "/proc/$1"/fd/* 2>/dev/null) == *full-data.lock* ]]
}

# seen FILE: where an entry came from, and of when it is.
seen() {
	jq -r '.entries[0] | .source + " " + .timestamp' "$1"
}

# The store refuses the purchase, so it is this machine's alone: whoever asked S3
# before and hears late neither puts an older entry in its place, nor takes it
# away, nor buys again.
late_answer() {
	local pid fast
	tc fetch full-data --account "$ACCOUNT"
	assert_status 0
	sleep 2.1
	"$@"
	mark_requests
	s3_fault '{"method":"GET","path":"full-data","nth":[1],"delay":2.5}' \
		'{"method":"PUT","status":403,"body":"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"}'
	behind slow fetch full-data --json --max-age 1s
	# Its question is out before the other one's.
	sleep 0.4
	tc fetch full-data --json --refresh --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].source == "api"'
	fast=$(seen "$TC_STDOUT")
	wait "$pid"
	note_status fetch 0
	[ "$(seen "$BATS_TEST_TMPDIR/out.slow")" = "local ${fast#api }" ]
	assert_count 1 ce_requests
	tc fetch full-data --json --account "$ACCOUNT"
	[ "$(seen "$TC_STDOUT")" = "local ${fast#api }" ]
	assert_count 1 ce_requests
}

invalidated_elsewhere() {
	s3_rm "cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz"
}

@test "S3 answers late with an older entry: what was bought meanwhile stays" {
	late_answer new_machine
}

@test "S3 knows a copy late: what was bought meanwhile stays" {
	late_answer true
}

@test "S3 has no copy any more, and says so late: what was bought meanwhile stays" {
	late_answer invalidated_elsewhere
}

@test "a store that takes nothing: a command buys once what several types need" {
	mkdir -p "$CACHE_DIR"
	for tree in absent there; do
		chmod 500 "$CACHE_DIR"
		mark_requests
		run_product "${unprivileged[@]}" "$TC_BIN" fetch full-data mtd-costs \
			daily-breakdown --no-remote --json --account "$ACCOUNT"
		assert_status 0
		assert_count 1 ce_requests
		assert_json '[.entries[] | .source == "api" and .fresh and .degraded == ["local-store"]] | all'
		assert_stderr_has "cannot keep a local copy"
		[ "$tree" = absent ] || break
		chmod 700 "$CACHE_DIR"
		tc push notes - --local --account "$ACCOUNT" <<<'{}'
		find "$CACHE_DIR" -type d -exec chmod 500 {} +
	done
	find "$CACHE_DIR" -type d -exec chmod 700 {} +
}

@test "a signal ends the wait for another process, S3 or not" {
	for how in --no-remote s3_down; do
		new_machine
		options=()
		[ $how = s3_down ] || options=("$how")
		[ $how != s3_down ] || s3_down
		server_settings ce_delay_seconds=20
		behind first fetch mtd-costs "${options[@]}"
		first=$pid
		until_it is_locked
		behind second fetch mtd-costs "${options[@]}"
		until_it waits_for_lock "$pid"
		kill -INT "$pid"
		status=0
		wait "$pid" || status=$?
		note_status fetch "$status"
		end_killed "$first"
		[ "$status" -eq 130 ]
		grep -q "interrupted while waiting" "$BATS_TEST_TMPDIR/err.second"
	done
}

@test "who waited in vain prints what is here by now" {
	server_settings ce_delay_seconds=1
	s3_fault '{"method":"PUT","path":"cache-v1.*full-data","late":30}'
	behind first fetch mtd-costs
	until_it is_locked
	tc fetch full-data --wait 5s --json --account "$ACCOUNT"
	end_killed "$pid"
	assert_status 0
	assert_json '.entries[0].source == "local" and .entries[0].fresh'
	assert_count 1 ce_requests
}

@test "a lock that was had at once is no wait, however long the copy takes to read" {
	python3 -c 'print("{\"a\":\"" + "x" * 60000000 + "\"}")' >"$HOME/large"
	tc push notes "$HOME/large" --local --account "$ACCOUNT"
	assert_status 0
	sleep 1.1
	tc fetch notes --max-age 0s --account "$ACCOUNT"
	assert_status 9
	assert_count 1 s3_requests GET notes
}
