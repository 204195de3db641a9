#!/usr/bin/env bats
# Somebody's first day: from a clean home to figures that a second machine
# reads for nothing.
load helper

setup() {
	isolate
	use_store proxied
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	file_keys prod
	# A bucket that nobody has made yet.
	BUCKET=$BUCKET-new
}

# moto evaluates no conditions, so that the TLS-only statement would shut
# everybody out, and looks at no checksums.
UNFIT=tls-only,checksum

@test "a newcomer's path: init, create, fetch, another machine, status, doctor, invalidate" {
	export AWS_PROFILE=prod
	at_terminal "prod
$BUCKET
$REGION
n
y" config init
	assert_status 0
	assert_output_has "Make it and set it up (verify-bucket --create)?"
	assert_output_has "next: teamcache verify-bucket --create"
	tc verify-bucket --create --skip "$UNFIT"
	assert_status 0
	assert_output_has "no check failed"
	mark_requests
	tc fetch --all
	assert_status 0
	assert_stderr_empty
	[ "${#lines[@]}" -eq 5 ]
	assert_json '[.[] | select(.source == "api") | .data_type] == ["full-data", "forecast"] and all(.[]; .fresh)' -s
	assert_count 1 ce_requests GetCostAndUsage
	assert_count 1 ce_requests GetCostForecast
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/bought"

	new_machine
	mark_requests
	tc fetch --all
	assert_status 0
	assert_stderr_empty
	assert_count 0 ce_requests
	assert_json 'all(.[]; .fresh and (.source | IN("remote", "derived", "local")))' -s
	[ "$(jq -c .data "$TC_STDOUT")" = "$(jq -c .data "$BATS_TEST_TMPDIR/bought")" ]
	tc status
	assert_status 0
	assert_output_has "mtd-costs"
	tc doctor
	assert_status 0
	assert_output_has "no check failed"
	tc invalidate --all
	assert_status 0
	[ -z "$(s3_ls cache-v1/)" ]
	tc fetch mtd-costs --no-api
	assert_status 3
	assert_stderr_has "is not in the cache"
}

# at_aws: S3 under its own name, which is the stand-in behind a proxy that
# leads every tunnel there.
at_aws() {
	open_fault_lane "$AWS_URL" "${TC_ANCHORS_BIN%/*}/anchors/chain.pem"
	NAMES_LANE=$FAULT_LANE
	start_proxy aws "--to=${FAULT_URL#https://}"
	export https_proxy=http://$PROXY
	unset AWS_ENDPOINT_URL_S3
	profile_file <<-'EOF'
		[profile prod]
		s3 =
		  addressing_style = path
	EOF
}

@test "verify-bucket --create writes whose the bucket is, at AWS" {
	at_aws
	tc config set bucket "$BUCKET" region "$REGION"
	tc config set --profile prod team_cache on
	run_product "$TC_ANCHORS_BIN" verify-bucket --create --json \
		--profile prod --skip "$UNFIT"
	assert_status 0
	assert_json '.expected_bucket_owner == $a' --arg a "$ACCOUNT"
	assert_json '.checks[] | select(.name == "bucket-owner") | .status == "pass"'
	[ "$(sed -n '/default/,/profile/p' "$SETTINGS" | grep owner)" = "expected_bucket_owner = $ACCOUNT" ]
	# It is set now, and not written anew; --fix writes it never.
	tc config unset expected_bucket_owner
	run_product "$TC_ANCHORS_BIN" verify-bucket --fix --json \
		--profile prod --only versioning
	assert_status 0
	assert_json '.expected_bucket_owner == null'
	run ! grep owner "$SETTINGS"
}

@test "an owner that is not proved, or has no place, is not written" {
	at_aws
	tc config set bucket "$BUCKET" region "$REGION"
	tc config set --profile prod team_cache on
	add_rules "$NAMES_LANE" '{"owner":"999988887777","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}'
	run_product "$TC_ANCHORS_BIN" verify-bucket --create --json \
		--profile prod --skip "$UNFIT"
	assert_status 0
	assert_json '.expected_bucket_owner == null'
	run ! grep owner "$SETTINGS"
	# The settings name another bucket than the option does.
	run_product "$TC_ANCHORS_BIN" verify-bucket --create --json \
		--bucket "$BUCKET-2" --profile prod --skip "$UNFIT"
	assert_status 0
	run ! grep owner "$SETTINGS"
}

@test "config init writes it too, where it proves to be so" {
	at_aws
	BUCKET=${BUCKET%-new}
	TC_BIN=$TC_ANCHORS_BIN at_terminal "prod
$BUCKET
$REGION
n" config init
	assert_status 0
	diff "$SETTINGS" - <<-EOF
		[default]
		team_cache = on
		bucket = $BUCKET
		region = $REGION
		expected_bucket_owner = $ACCOUNT

		[profile prod]
		team_cache = on
		account_id = $ACCOUNT
	EOF
	add_rules "$NAMES_LANE" '{"owner":"999988887777","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}'
	rm "$SETTINGS"
	TC_BIN=$TC_ANCHORS_BIN at_terminal "prod
$BUCKET
$REGION
n" config init
	assert_status 0
	run ! grep owner "$SETTINGS"
}
