#!/usr/bin/env bats
# What is tried again, when, how often, and when it ends: against a server that
# fails as it is told.

load helper

setup() {
	isolate
	need_server fault
	export TEAMCACHE_BUCKET=acme-team-cache TEAMCACHE_REGION=eu-west-1
	export TEAMCACHE_ACCOUNT_ID=$ACCOUNT
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
}

# s3_at RULE...: S3 is that server.
s3_at() {
	start_fault "$@"
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
}

ABSENT='{"status":404,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"}'

# fails NTH STATUS CODE [NAME VALUE]...: that answer, with these fields.
fails() {
	local fields='"x-amz-request-id":"R"' nth=$1 status=$2 code=$3
	shift 3
	while [ $# -gt 0 ]; do
		fields+=",\"$1\":\"$2\""
		shift 2
	done
	printf '{"nth":%s,"status":%s,"headers":{%s},"body":"<Error><Code>%s</Code></Error>"}' \
		"$nth" "$status" "$fields" "$code"
}

look() {
	tc fetch notes --no-local --no-api "$@"
}

# The waits that the trace tells, in ms.
waits() {
	sed -n 's/.*again in \([0-9]*\) ms.*/\1/p' "$TC_STDERR" | tr '\n' ' '
}

# lasts COMMAND...: how long it took, in ms, in LASTED.
lasts() {
	local began ended
	began=${EPOCHREALTIME/[.,]/}
	"$@"
	ended=${EPOCHREALTIME/[.,]/}
	LASTED=$(((ended - began) / 1000))
}

between() {
	[ "$2" -ge "$1" ] && [ "$2" -le "$3" ] || {
		echo "$2 is not from $1 to $3"
		return 1
	}
}

@test "transient failures wait for up to 50 ms, throttling for up to a second" {
	local first second rest
	s3_at "$(fails '"1+"' 500 InternalError)"
	look -vv
	assert_status 7
	assert_count 3 fault_requests
	read -r first second rest <<<"$(waits)"
	[ -z "$rest" ]
	between 0 "$first" 50
	between 0 "$second" 100
	s3_at "$(fails '"1+"' 503 SlowDown)"
	look -vv
	assert_status 7
	read -r first second rest <<<"$(waits)"
	between 0 "$first" 1000
	between 0 "$second" 2000
	# With jitter: the next time it is otherwise.
	look -vv
	[ "$(waits)" != "$first $second " ]
}

@test "x-amz-retry-after is in milliseconds, Retry-After in seconds or a date" {
	local later
	s3_at "$(fails 1 500 InternalError x-amz-retry-after 700)" "$ABSENT"
	lasts look -vv
	assert_status 3
	[ "$(waits)" = "700 " ]
	[ "$LASTED" -ge 700 ]
	s3_at "$(fails 1 500 InternalError retry-after 1)" "$ABSENT"
	lasts look -vv
	assert_status 3
	[ "$(waits)" = "1000 " ]
	[ "$LASTED" -ge 1000 ]
	later=$(date -u -d '2026-01-02 03:04:07' '+%a, %d %b %Y %H:%M:%S GMT')
	s3_at "$(fails 1 503 ServiceUnavailable retry-after "$later" \
		date 'Fri, 02 Jan 2026 03:04:05 GMT')" "$ABSENT"
	look -vv
	assert_status 3
	[ "$(waits)" = "2000 " ]
	# AWS's own word counts before the common one.
	s3_at "$(fails 1 500 InternalError retry-after 30 x-amz-retry-after 300)" "$ABSENT"
	look -vv
	[ "$(waits)" = "300 " ]
	# What is no number is none.
	s3_at "$(fails 1 500 InternalError x-amz-retry-after -5)" "$ABSENT"
	look -vv
	between 0 "$(waits)" 50
}

@test "a server cannot ask for more than five seconds, nor past the timeout" {
	s3_at "$(fails 1 500 InternalError x-amz-retry-after 86400000)" "$ABSENT"
	lasts look -vv --timeout 3s
	assert_status 7
	assert_stderr_has "not again (time)"
	[ "$LASTED" -lt 3000 ]
	assert_count 1 fault_requests
	s3_at "$(fails 1 500 InternalError x-amz-retry-after 86400000)" "$ABSENT"
	look -vv --timeout 60s
	assert_status 3
	between 5000 "$(waits)" 5050
}

@test "everything ends within --timeout: silence, drops, a flood of retries, connecting" {
	local rule
	for rule in '{"hang":true}' '{"status":200,"body_size":100000,"drip":2000}' \
		"$(fails '"1+"' 500 InternalError x-amz-retry-after 400)"; do
		s3_at "$rule"
		lasts look --timeout 2s --max-attempts 100
		assert_status 7
		between 1000 "$LASTED" 4500
	done
	AWS_ENDPOINT_URL_S3=$(black_hole_url)
	lasts look --timeout 2s --max-attempts 100
	assert_status 7
	between 1500 "$LASTED" 4500
}

@test "the keys' requests are within --timeout too" {
	profile_file <<-EOT
		[default]
		role_arn = arn:aws:iam::$ACCOUNT:role/r
		source_profile = base
		[profile base]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOT
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	s3_at "$ABSENT"
	open_fault_lane
	add_rules "$FAULT_LANE" '{"hang":true}'
	export AWS_ENDPOINT_URL_STS=$FAULT_URL
	lasts look --timeout 2s --max-attempts 100
	assert_status 4
	between 1500 "$LASTED" 4500
	assert_stderr_has "cannot assume role"
	assert_count 0 fault_requests
}

IDENTITY='{"operation":"GetCallerIdentity","status":200,"body":"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"}'

@test "one quota for all workers: 500 tokens, 14 a retry" {
	start_fault "$IDENTITY" "$(fails '"1+"' 500 InternalFailure)"
	export AWS_ENDPOINT_URL_STS=$FAULT_URL AWS_ENDPOINT_URL_COST_EXPLORER=$FAULT_URL
	# Alone: its identity, and three attempts.
	tc fetch full-data --no-remote --no-local
	assert_status 7
	assert_count 4 fault_requests
	mark_requests
	tc fetch full-data --months 60 --jobs 60 --no-remote --no-local --json
	assert_status 7
	assert_json '.entries | length == 60'
	# 60 first attempts, and 500 / 14 retries for all of them.
	assert_count 95 fault_requests
}

@test "a final answer is not repeated; a certificate is not asked twice" {
	s3_at "$(fails '"1+"' 403 AccessDenied)"
	look -vv
	assert_status 5
	[ -z "$(waits)" ]
	open_fault_lane "" good
	AWS_ENDPOINT_URL_S3=$FAULT_URL look -vv
	assert_status 7
	[ -z "$(waits)" ]
}
