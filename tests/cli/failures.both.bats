#!/usr/bin/env bats
# Degraded service in each of its cases, and each exit status of fetch.

load helper

folder() {
	echo "cache-v1/$ACCOUNT/${1:-$THIS_MONTH}"
}

reader_policy() {
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/*"},
		 {"Effect":"Allow","Action":["ce:*"],"Resource":"*"}]}
	EOF
}

@test "no bucket: data is bought, the commands that make it are printed" {
	export TEAMCACHE_BUCKET=none-$RANDOM$RANDOM
	tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].source == "api" and (.entries[0].degraded | index("s3-no-bucket"))'
	assert_stderr_has "aws s3api create-bucket"
	tc fetch mtd-costs --warm --revalidate
	assert_status 6
	export TEAMCACHE_FALLBACK=fail
	tc fetch mtd-costs --revalidate
	assert_status 6
}

@test "S3 down: the local copy within its age, else bought and kept here" {
	tc fetch mtd-costs
	s3_down
	mark_requests
	tc fetch mtd-costs --revalidate --json --max-attempts 1
	assert_status 0
	assert_json '.entries[0].source == "local" and (.entries[0].degraded | index("s3-unreachable"))'
	assert_count 0 ce_requests
	tc fetch mtd-costs --month "$LAST_MONTH" --json --max-attempts 1
	assert_status 0
	assert_json '.entries[0].source == "api"'
	tc fetch mtd-costs --month "$LAST_MONTH" --json --max-attempts 1 --revalidate --strict
	assert_status 11
	# Up again: what was bought meanwhile is offered to S3.
	s3_up
	mark_requests
	tc fetch mtd-costs --month "$LAST_MONTH" --json --revalidate
	assert_status 0
	assert_count 0 ce_requests
	s3_exists "$(folder "$LAST_MONTH")/mtd-costs.json.gz"
	tc fetch mtd-costs --warm --max-attempts 1
	assert_status 0
}

@test "S3 down under --warm, or with fallback = fail, is a failure" {
	s3_down
	tc fetch mtd-costs --warm --max-attempts 1 --account "$ACCOUNT"
	assert_status 7
	TEAMCACHE_FALLBACK=fail tc fetch mtd-costs --max-attempts 1 --account "$ACCOUNT"
	assert_status 7
	tc fetch mtd-costs --no-api --max-attempts 1 --account "$ACCOUNT"
	assert_status 7
}

@test "Cost Explorer down: stale data up to stale_if_error, said" {
	tc fetch mtd-costs --month "$THIS_MONTH" --no-remote
	queue_response GetCostAndUsage status=500 type=InternalFailure times=always
	tc_at +2h fetch mtd-costs --month "$THIS_MONTH" --no-remote --json --max-attempts 1
	assert_status 0
	assert_json '.entries[0].source == "stale-local" and .entries[0].fresh == false'
	assert_stderr_has "stale"
	tc_at +2h fetch mtd-costs --month "$THIS_MONTH" --no-remote --max-attempts 1 --stale-if-error 1h
	assert_status 7
	[ ! -s "$TC_STDOUT" ]
	tc_at +30h fetch mtd-costs --month "$THIS_MONTH" --no-remote --max-attempts 1
	assert_status 7
	tc_at +30h fetch mtd-costs --month "$THIS_MONTH" --no-remote --max-attempts 1 --allow-stale
	assert_status 0
	tc_at +2h fetch mtd-costs --month "$THIS_MONTH" --no-remote --no-api
	assert_status 9
	[ ! -s "$TC_STDOUT" ]
	tc_at +2h fetch mtd-costs --month "$THIS_MONTH" --no-remote --max-attempts 1 --strict
	assert_status 11
}

@test "a reader who may not write buys, keeps it here, and is told the statement" {
	reader_policy
	use_principal reader "$HOME/policy"
	tc fetch mtd-costs --json --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].source == "api" and (.entries[0].degraded | index("s3-put-denied"))'
	assert_stderr_has s3:PutObject
	tc fetch full-data --month "$LAST_MONTH" --warm --account "$ACCOUNT"
	assert_status 5
}

@test "denied reading: bought, kept here; 5 with fallback = fail and --no-api" {
	tc fetch mtd-costs
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:PutObject"],"Resource":"arn:aws:s3:::$BUCKET/*"},
		 {"Effect":"Allow","Action":["ce:*"],"Resource":"*"}]}
	EOF
	use_principal writer "$HOME/policy"
	new_machine
	tc fetch mtd-costs --json --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].source == "api" and (.entries[0].degraded | length > 0)'
	assert_stderr_has s3:GetObject
	new_machine
	tc fetch mtd-costs --no-api --account "$ACCOUNT"
	assert_status 5
}

@test "no credentials: 4, with what was tried; a local hit needs none" {
	tc fetch mtd-costs
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	new_machine
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 4
	assert_stderr_has environment
	tc fetch mtd-costs --account "$ACCOUNT" --json
	assert_status 4
	assert_json '.exit_status == 4 and .entries[0].error.class == "credentials"'
}

@test "refused credentials: 4" {
	export AWS_SECRET_ACCESS_KEY=wrong/wrong/wrong/wrong/wrong/wrong/wrongg
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 4
	assert_stderr_has SignatureDoesNotMatch
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	assert_status 4
	export AWS_ACCESS_KEY_ID=AKIANOBODYKNOWSTHIS1
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 4
}

@test "an expired session: 4" {
	queue_response GetCostAndUsage type=ExpiredTokenException \
		message="The security token included in the request is expired" times=always
	tc fetch mtd-costs
	assert_status 4
}

@test "Cost Explorer denied: 5, with the statement; not enabled: 12" {
	queue_response GetCostAndUsage type=AccessDeniedException times=3 \
		message="User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ce:GetCostAndUsage on resource: arn:aws:ce:us-east-1:123456789012:/GetCostAndUsage because no identity-based policy allows the ce:GetCostAndUsage action"
	tc fetch mtd-costs
	assert_status 5
	assert_stderr_has '"ce:GetCostAndUsage"'
	tc fetch mtd-costs --json
	assert_status 5
	assert_json '.entries[0].error.class == "denied"'
	tc fetch mtd-costs --strict
	assert_status 5
	queue_response GetCostAndUsage type=AccessDeniedException message="No"
	tc fetch mtd-costs
	assert_status 5
	assert_stderr_has '"ce:GetCostAndUsage"'
	queue_response GetCostAndUsage type=AccessDeniedException \
		message="User not enabled for cost explorer access"
	tc fetch mtd-costs
	assert_status 12
	queue_response GetCostAndUsage type=DataUnavailableException message="No data"
	tc fetch mtd-costs
	assert_status 12
}

@test "throttling outlasts the attempts: 7, and each attempt was counted" {
	queue_response GetCostAndUsage type=ThrottlingException \
		message="Rate exceeded" times=always
	tc fetch mtd-costs --max-attempts 2 --json
	assert_status 7
	assert_count 2 ce_requests
	assert_json '.requests.ce == 2'
}

@test "a throttled request is tried again and succeeds" {
	queue_response GetCostAndUsage type=LimitExceededException message="slow down"
	tc fetch mtd-costs
	assert_status 0
	assert_count 2 ce_requests
}

@test "Cost Explorer answers nonsense: 8" {
	queue_response GetCostAndUsage text='{"ResultsByTime" [}' status=200
	tc fetch mtd-costs
	assert_status 8
	queue_response GetCostAndUsage body='{"Other":1}'
	tc fetch mtd-costs
	assert_status 8
	[ -z "$(s3_ls)" ]
}

@test "S3 that throttles once is asked again" {
	s3_fault '{"method":"GET","nth":[1],"status":503,"body":"<Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>"}'
	tc fetch mtd-costs
	assert_status 0
	assert_stderr_empty
}

@test "a silent S3 ends with the timeout" {
	s3_fault '{"method":"GET","hang":true}'
	start=$SECONDS
	tc fetch mtd-costs --timeout 3s --account "$ACCOUNT" --no-api
	assert_status 7
	[ $((SECONDS - start)) -lt 10 ]
}

# As S3 does it: who expects another owner is denied, whoever asks without
# the header is answered.
@test "a bucket that belongs to somebody else is never written to" {
	local command
	write_settings <<-'EOF'
		[default]
		expected_bucket_owner = 210987654321
	EOF
	s3_fault "{\"owner\":\"$ACCOUNT\",\"status\":403,\"headers\":{\"x-amz-request-id\":\"R\"},\"body\":\"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\"}"
	for command in 'fetch mtd-costs --warm' 'push notes -' \
		'fetch notes --no-api --no-local' 'invalidate mtd-costs'; do
		# shellcheck disable=SC2086 # words
		tc $command --account "$ACCOUNT" <<<'[1]'
		assert_status 6
		assert_stderr_has "does not belong to account '210987654321'"
	done
	tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].degraded | index("s3-no-bucket")'
	# The one request that lacks the header looks, and changes nothing.
	jq -es '[.[] | select(.service == "s3")] | length > 0 and
		all(.status == 403 or .method == "HEAD" or .method == "GET")' "$S3_LOG"
	[ -z "$(s3_ls)" ]
	[ "$TC_STORE" != ceph ] || return 0 # its owners are not twelve digits
	TEAMCACHE_EXPECTED_BUCKET_OWNER=$ACCOUNT tc push notes - <<<'[1]'
	assert_status 0
	s3_exists "$(folder)/notes.json.gz"
}

@test "403 instead of 404 (no s3:ListBucket) is a miss" {
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::$BUCKET/*"},
		 {"Effect":"Allow","Action":["ce:*"],"Resource":"*"}]}
	EOF
	use_principal writer "$HOME/policy"
	tc fetch mtd-costs --json --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_stderr_empty
	s3_exists "$(folder)/mtd-costs.json.gz"
}

@test "a write-back that lost its answer is recognised as ours" {
	s3_fault '{"method":"PUT","path":"full-data","nth":[1],"apply":true,"reset":"request"}'
	tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].degraded == []'
	assert_count 1 ce_requests
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
}

@test "a full stdout is a failure" {
	tc fetch mtd-costs
	status=0
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >/dev/full 2>"$HOME/err" || status=$?
	note_status fetch "$status"
	[ "$status" -eq 1 ]
	status=0
	"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >&- 2>"$HOME/err" || status=$?
	[ "$status" -eq 1 ]
}

@test "a read-only home degrades, the data is printed" {
	mkdir -p "$HOME/ro"
	touch "$HOME/file"
	TEAMCACHE_DIR=$HOME/file/cache TEAMCACHE_STATE_DIR=$HOME/file/state tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_json '.entries[0].degraded == ["local-store"]'
	assert_stderr_has "local store"
	TEAMCACHE_DIR=$HOME/file/cache tc fetch mtd-costs --strict
	assert_status 11
	TEAMCACHE_DIR=$HOME/file/cache tc fetch mtd-costs --strict --no-local
	assert_status 0
}

@test "SIGINT and SIGTERM end it with 130 and 143, leaving no temporary file" {
	server_settings ce_delay_seconds=5
	for pair in INT:130 TERM:143 HUP:143; do
		# A shell's background jobs ignore SIGINT.
		env --default-signal=INT,HUP "$TC_BIN" fetch mtd-costs \
			--account "$ACCOUNT" >/dev/null 2>&1 3>&- &
		pid=$!
		sleep 1.5
		kill "-${pair%:*}" "$pid"
		status=0
		wait "$pid" || status=$?
		note_status fetch "$status"
		[ "$status" -eq "${pair#*:}" ]
	done
	[ -z "$(find "$HOME" -name '*teamcache-tmp*')" ]
}

@test "a batch that a signal cuts short is not done" {
	s3_fault '{"method":"PUT","path":"cache-v1.*full-data","delay":5}'
	env --default-signal=INT "$TC_BIN" fetch full-data forecast --json \
		--account "$ACCOUNT" >"$HOME/out" 2>/dev/null 3>&- &
	pid=$!
	sleep 1.5
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	note_status fetch "$status"
	[ "$status" -eq 143 ]
	jq -e '.exit_status == 143 and (.entries | length) >= 1' "$HOME/out"
}

@test "an error of S3 that has no name here is degraded service" {
	s3_fault '{"method":"GET","status":400,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>InvalidRequest</Code><Message>The object was stored using a form of Server Side Encryption.</Message></Error>"}'
	tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].source == "api" and .entries[0].degraded == ["s3-error"]'
	assert_stderr_has "InvalidRequest"
}

@test "plain http to another host is warned about, once" {
	AWS_ENDPOINT_URL_S3=http://0.0.0.0:1 tc fetch mtd-costs --max-attempts 1 --json
	assert_status 0
	assert_json '[.warnings[] | select(contains("without TLS"))] | length == 1'
}

@test "no secret and no raw body appears anywhere" {
	s3_fault '{"method":"GET","nth":[1],"status":400,"body":"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Token-0>SECRETTOKENSECRETTOKEN</Token-0></Error>"}'
	tc fetch mtd-costs -vv
	run cat "$TC_STDERR" "$TC_STDOUT"
	[[ $output != *SECRETTOKEN* ]]
	[[ $output != *"$AWS_SECRET_ACCESS_KEY"* ]]
	[[ $output != *Signature=* ]]
}

# interrupted COMMAND...: while S3 does not answer, by both signals.
interrupted() {
	local pair
	s3_fault '{"hang":true}'
	for pair in INT:130 TERM:143; do
		env --default-signal=INT "$TC_BIN" "$@" --account "$ACCOUNT" \
			>/dev/null 2>&1 <"$HOME/doc" 3>&- &
		pid=$!
		sleep 1.5
		kill "-${pair%:*}" "$pid"
		status=0
		wait "$pid" || status=$?
		note_status "$1" "$status"
		[ "$status" -eq "${pair#*:}" ]
	done
}

@test "push and invalidate end with 130 and 143 too" {
	echo '[1]' >"$HOME/doc"
	interrupted push notes -
	interrupted invalidate notes
}

@test "push and invalidate that cannot do their work here end with 1" {
	TEAMCACHE_DIR=/dev/null/nowhere tc push notes - --local \
		--account "$ACCOUNT" <<<'[1]'
	assert_status 1
	tc fetch mtd-costs
	status=0
	"$TC_BIN" invalidate mtd-costs --json >/dev/full 2>"$HOME/err" || status=$?
	note_status invalidate "$status"
	[ "$status" -eq 1 ]
}
