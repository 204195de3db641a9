#!/usr/bin/env bats
# doctor: the checks, their order, what they send, and what they leave.

load helper

# Everything that the product needs, and nothing else.
all_rights() {
	# Ceph has a name of its own for one of them.
	local encryption=s3:GetEncryptionConfiguration
	[ "$TC_STORE" != ceph ] || encryption=s3:GetBucketEncryption
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketVersioning",
		  "$encryption","s3:GetBucketPublicAccessBlock",
		  "s3:GetBucketOwnershipControls","s3:GetBucketPolicy",
		  "s3:GetLifecycleConfiguration"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],
		  "Resource":["arn:aws:s3:::$BUCKET/cache-v1/$ACCOUNT/*",
		  "arn:aws:s3:::$BUCKET/lease-v1/$ACCOUNT/*"]},
		 {"Effect":"Allow","Action":["ce:GetCostAndUsage","ce:GetCostForecast"],
		  "Resource":"*"}]}
	EOF
	use_principal healthy "$HOME/policy"
}

@test "a principal with the product's own rights: no check fails, nothing is left" {
	all_rights
	mark_requests
	tc doctor --json
	assert_status 0
	assert_json '.command == "doctor" and .exit_status == 0 and .error == null'
	assert_json '[.checks[] | select(.status == "fail")] == []'
	assert_json '[.checks[].name] | index("credentials") < index("identity")
		and index("identity") < index("s3-list-bucket")'
	assert_json '[.checks[] | select(.status == "pass") | .name] |
		contains(["credentials", "identity", "clock", "reach-s3", "bucket",
		"s3-list-bucket", "foreign-objects", "s3-put-object", "s3-get-object",
		"s3-get-missing", "s3-put-conditional", "s3-delete-object",
		"ce-get-cost-and-usage", "ce-get-cost-forecast", "local-store"])'
	[ -z "$(s3_ls)" ]
	tc doctor
	assert_status 0
	assert_output_has "[✓] s3-put-object"
	LANG=C tc doctor --only clock
	assert_status 0
	assert_output_has "[+] clock"
}

@test "objects of others are named, and stay" {
	local month
	all_rights
	echo not ours >"$BATS_TEST_TMPDIR/foreign"
	s3_put "cache-v1/$ACCOUNT/2026-01/full-data.json.gz" "$BATS_TEST_TMPDIR/foreign"
	s3_put "cache-v1/$ACCOUNT/readme.txt" "$BATS_TEST_TMPDIR/foreign"
	# Where another doctor is at work.
	s3_put "cache-v1/$ACCOUNT/probe/0011223344556677" "$BATS_TEST_TMPDIR/foreign"
	tc doctor --only foreign-objects --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.checks[0] | .status == "warn" and (.summary | test("^2 objects") and
		test("full-data") and test("readme.txt")) and (.fix.text | test("aws s3 rm"))'
	tc doctor --account "$ACCOUNT" --json
	assert_status 0
	[ "$(s3_ls | wc -l)" -eq 3 ]
	# It is quick, and looks at the latest months.
	for month in 2025-{01..12} 2026-{02..09}; do
		s3_put "cache-v1/$ACCOUNT/$month/notes.json.gz" "$BATS_TEST_TMPDIR/foreign" x-amz-meta-schema-version:1
	done
	s3_rm "cache-v1/$ACCOUNT/readme.txt"
	s3_rm "cache-v1/$ACCOUNT/2026-01/full-data.json.gz"
	tc doctor --only foreign-objects --account "$ACCOUNT" --json
	assert_json ".checks[0].summary == \"none among 21 objects under 'cache-v1/$ACCOUNT/'\""
	s3_put "cache-v1/$ACCOUNT/2024-12/notes.json.gz" "$BATS_TEST_TMPDIR/foreign"
	tc doctor --only foreign-objects --account "$ACCOUNT" --json
	assert_json '.checks[0] | .status == "pass" and (.summary | test("the 20 objects under .* looked at"))'
	s3_put "cache-v1/$ACCOUNT/2026-10/notes.json.gz" "$BATS_TEST_TMPDIR/foreign"
	tc doctor --only foreign-objects --account "$ACCOUNT" --json
	assert_json '.checks[0] | .status == "warn" and (.summary | test("2026-10/notes"))'
	s3_fault '{"method":"GET","path":"list-type","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}'
	tc doctor --only foreign-objects --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.checks[0] | .status == "skip" and (.summary | test("not made"))'
}
