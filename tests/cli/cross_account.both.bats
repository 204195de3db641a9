#!/usr/bin/env bats
# The bucket belongs to one account, the costs to another; and clocks that
# differ.

load helper

# access_keys SERVICE: which keys signed its requests.
access_keys() {
	local log=$AWS_LOG
	[ "$1" != s3 ] || log=$S3_LOG
	jq -rs --arg service "$1" '[.[] | select(.service == $service and
		.user_agent != "teamcache-test") | .access_key] | unique |
		join(" ")' "$log"
}

# Two profiles: `costs` of the account, `shared` for the bucket.
two_profiles() {
	local costs secret
	costs=AKIA$(random_name 16)
	secret=$(random_name 40)
	register_keys "costs-$RANDOM" "$ACCOUNT" "$costs" "$secret" "" \
		'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ce:*","Resource":"*"}]}'
	COSTS_KEY=$costs
	credentials_file <<-EOT
		[costs]
		aws_access_key_id = $costs
		aws_secret_access_key = $secret
		[shared]
		aws_access_key_id = $TEST_ACCESS_KEY
		aws_secret_access_key = $TEST_SECRET_KEY
	EOT
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	write_settings <<-EOT
		[profile costs]
		account_id = $ACCOUNT
		bucket_profile = shared
	EOT
}

@test "the bucket by one profile, Cost Explorer by another" {
	two_profiles
	mark_requests
	tc fetch mtd-costs --profile costs --json
	assert_status 0
	assert_json '.entries[0].source == "api" and .entries[0].degraded == []'
	[ "$(access_keys s3)" = "$TEST_ACCESS_KEY" ]
	[ "$(access_keys ce)" = "$COSTS_KEY" ]
	assert_count 1 ce_requests
	new_machine
	tc fetch mtd-costs --profile costs --json
	assert_status 0
	assert_json '.entries[0].source != "api"'
	assert_count 1 ce_requests
}

@test "a bucket_profile that is not there is exit 4, and names it" {
	two_profiles
	sed -i 's/bucket_profile = shared/bucket_profile = shard/' "$SETTINGS"
	tc push notes - --profile costs <<<'{}'
	assert_status 4
	assert_stderr_has "there is no profile 'shard'"
}

@test "the expected owner and our name go with every request for the bucket" {
	exempt ceph "it compares the header with ids of its own"
	export TEAMCACHE_EXPECTED_BUCKET_OWNER=$ACCOUNT
	export AWS_SDK_UA_APP_ID=costs
	tc fetch --all --account "$ACCOUNT"
	assert_status 0
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 0
	tc invalidate --all --account "$ACCOUNT" --jobs 2
	assert_status 0
	jq -es --arg owner "$ACCOUNT" '[.[] | select(.service == "s3")] |
		length > 5 and any(.method == "DELETE" or .operation == "DeleteObjects") and
		all(.expected_owner == $owner and
		(.user_agent | test("^teamcache/[^ ]* app/costs$")))' "$S3_LOG"
}

@test "a store that denies every look is exit 5, and nothing is written" {
	export TEAMCACHE_EXPECTED_BUCKET_OWNER=999999999999
	s3_fault '{"status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"}'
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 5
	s3_faults_end
	run ! s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz"
}

@test "a clock that is wrong is healed in memory only" {
	local again
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 0
	for again in '' --revalidate; do
		mark_requests
		# shellcheck disable=SC2086 # none, or one
		tc_at +2h fetch notes --account "$ACCOUNT" --no-local --no-api -v $again
		assert_status 0
		assert_stderr_has "seconds ahead; signing with the server's time"
		assert_count 2 s3_requests GET
	done
	mark_requests
	tc fetch notes --account "$ACCOUNT" --no-local --no-api
	assert_status 0
	assert_count 1 s3_requests GET
}
