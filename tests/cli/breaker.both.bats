#!/usr/bin/env bats
# S3 that does not serve is left alone for a while (design section 7).

load helper

# Nothing is bought: what is asked for comes from S3 or not at all.
look() {
	tc fetch notes --account "$ACCOUNT" --max-attempts 1 "$@"
}

# Each of them asks S3, which answers 503.
five_failures() {
	s3_fault '{"status":503,"body":"<Error><Code>ServiceUnavailable</Code></Error>","name":"out"}'
	mark_requests
	for _ in 1 2 3 4 5; do
		look
		assert_status 7
	done
	assert_count 5 s3_requests
}

seconds_of() {
	local before=$EPOCHREALTIME
	"$@"
	milliseconds=$(((${EPOCHREALTIME/./} - ${before/./}) / 1000))
}

@test "S3 black-holed: inside their timeouts, after the fifth no wait" {
	AWS_ENDPOINT_URL_S3=$(black_hole_url)
	export AWS_ENDPOINT_URL_S3
	for _ in 1 2 3 4 5; do
		seconds_of tc fetch mtd-costs --month "$CLOSED_MONTH" --timeout 20s \
			--account "$ACCOUNT" --max-attempts 2 --refresh --json
		assert_status 0
		assert_json '.entries[0].degraded | index("s3-unreachable")'
		[ "$milliseconds" -lt 20000 ] && [ "$milliseconds" -gt 3000 ]
		sleep 1.1 # --refresh is content with what is from the same second
	done
	seconds_of tc fetch mtd-costs --month "$CLOSED_MONTH" --account "$ACCOUNT" \
		--refresh --json
	assert_status 0
	assert_json '.entries[0].source == "api"
		and .entries[0].degraded == ["s3-skipped"]'
	[ "$milliseconds" -lt 1500 ]
	assert_stderr_has "left alone until 20"
	[ "${#stderr_lines[@]}" -eq 1 ]
	tc fetch mtd-costs --month "$CLOSED_MONTH" --account "$ACCOUNT" --strict \
		--refresh
	assert_status 11
	tc fetch mtd-costs --month "$CLOSED_MONTH" --account "$ACCOUNT" --warm
	[ "$status" -eq 0 ] || [ "$status" -eq 7 ]
}

@test "a server that says nothing: found out again within the interval" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	new_machine
	s3_fault '{"hang":true}'
	for _ in 1 2 3 4 5; do
		seconds_of look --timeout 1s
		assert_status 7
		[ "$milliseconds" -lt 2500 ]
	done
	mark_requests
	seconds_of look
	assert_status 7
	[ "$milliseconds" -lt 500 ]
	assert_count 0 s3_requests
	s3_faults_end
	look
	assert_status 7
	assert_count 0 s3_requests
	tc_after +61s fetch notes --account "$ACCOUNT"
	assert_status 0
	assert_stderr_empty
	assert_output '[1]'
	look --revalidate
	assert_status 0
	assert_stderr_empty
}

@test "the delay doubles while S3 stays out, to 15 minutes" {
	five_failures
	mark_requests
	for at in 61s 182s 423s 904s 1805s 2706s; do
		tc_after "+$((${at%s} - 3))s" fetch notes --account "$ACCOUNT"
		assert_stderr_has "left alone"
		tc_after "+$at" fetch notes --account "$ACCOUNT" --max-attempts 1
		assert_status 7
		[[ $stderr != *"left alone"* ]]
	done
	assert_count 6 s3_requests
}

@test "one probe at a time, and one that dies makes room" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	new_machine
	five_failures
	s3_faults_end
	s3_fault '{"method":"GET","nth":1,"hang":true}'
	mark_requests
	TEST_NOW=+61s TEST_ELAPSED=+61s "$TC_CLOCK_BIN" fetch notes \
		--account "$ACCOUNT" >/dev/null 2>&1 3>&- &
	pid=$!
	sleep 0.5
	tc_after +61s fetch others --account "$ACCOUNT"
	assert_status 7
	assert_stderr_has "another command tries it just now"
	kill -KILL "$pid"
	wait "$pid" || true
	tc_after +61s fetch notes --account "$ACCOUNT"
	assert_status 0
	assert_output '[1]'
}

@test "push, invalidate and verify-bucket ignore it, and their success ends it" {
	five_failures
	s3_faults_end
	look
	assert_stderr_has "left alone"
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	assert_status 0
	assert_stderr_empty
	new_machine
	five_failures
	s3_faults_end
	tc invalidate notes --account "$ACCOUNT"
	assert_status 0
	tc push notes - --account "$ACCOUNT" <<<'[2]'
	new_machine
	five_failures
	tc invalidate notes --account "$ACCOUNT" --max-attempts 1
	assert_status 7
	s3_faults_end
	look
	assert_stderr_has "left alone"
}

@test "an answer is no failure: denials, missing buckets and keys" {
	for answer in '"status":403,"body":"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"' \
		'"status":404,"body":"<Error><Code>NoSuchBucket</Code></Error>"' \
		'"status":404,"body":"<Error><Code>NoSuchKey</Code></Error>"'; do
		s3_faults_end
		s3_fault "{$answer,\"name\":\"answer\"}"
		mark_requests
		for _ in 1 2 3 4 5 6; do
			look
		done
		[ "$(s3_requests)" -ge 6 ]
	done
}

@test "failures count when they come in a row" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	new_machine
	s3_fault '{"nth":[1,2,3,4,6,7,8,9],"status":503,"body":"<Error><Code>SlowDown</Code></Error>"}'
	for _ in 1 2 3 4; do
		look
		assert_status 7
	done
	look --no-local
	assert_status 0
	for _ in 1 2 3 4; do
		look
		assert_status 7
	done
	look
	assert_status 0
}

@test "a batch is one command, and says it once" {
	s3_fault '{"status":503,"body":"<Error><Code>ServiceUnavailable</Code></Error>"}'
	for _ in 1 2 3 4; do
		tc fetch a b c d e f g h --jobs 4 --account "$ACCOUNT" --max-attempts 1
		assert_status 7
	done
	mark_requests
	look
	assert_count 1 s3_requests
	mark_requests
	tc fetch a b c d e f g h --jobs 4 --account "$ACCOUNT" --json
	assert_status 7
	assert_json '[.entries[].degraded[]] | unique == ["s3-skipped"]'
	[ "$(grep -c 'going on without it' "$TC_STDERR")" -eq 1 ]
	assert_count 0 s3_requests
}

@test "a wall clock that jumps neither holds it open nor closes it" {
	five_failures
	mark_requests
	for jump in -2h +2h -30d +30d; do
		tc_at "$jump" fetch notes --account "$ACCOUNT"
		assert_status 7
		assert_stderr_has "left alone"
	done
	assert_count 0 s3_requests
	s3_faults_end
	export TEST_ELAPSED=+61s
	for jump in -2h +2h; do
		mark_requests
		tc_at "$jump" fetch notes --account "$ACCOUNT"
		assert_status 3
		[ "$(s3_requests)" -ge 1 ]
	done
}

@test "what a crash or somebody else left in its place is no breaker" {
	five_failures
	file=$(find "$STATE_DIR/breaker" -type f ! -name '*.*')
	for text in '' '1 5 60 1 2 3' '1 5 99999999 1 2 3 boot' nonsense; do
		printf '%s\n' "$text" >"$file"
		mark_requests
		look
		assert_status 7
		assert_count 1 s3_requests
	done
}

@test "a crowd that meets S3 out at one moment does not open it" {
	local i pids=()
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	new_machine
	server_settings ce_delay_seconds=1
	s3_down
	for ((i = 0; i < 12; i++)); do
		"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/null 2>&1 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
		note_status fetch 0
	done
	assert_count 1 ce_requests
	s3_up
	look --no-api --json
	assert_status 0
	assert_json '.entries[0] | .source == "remote" and .degraded == []'
}
