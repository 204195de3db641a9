#!/usr/bin/env bats
# verify-bucket --create and --fix: what is changed, and what is not.
load helper

NS='xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

setup() {
	isolate
	use_store proxied
	# moto evaluates no conditions, so that the TLS-only statement would shut
	# everybody out.
	UNFIT=write-once-raced
	[ "$TC_STORE" != moto ] || UNFIT=tls-only
}

# Requests of the product that change the bucket's configuration.
writes() {
	s3_requests PUT "[?]" | tail -1
}

# over_tls: the way to the store that its TLS-only statement leaves open.
over_tls() {
	[ "$TC_STORE" = ceph ] || return 0
	export AWS_ENDPOINT_URL_S3=$S3_TLS_URL AWS_CA_BUNDLE=$CA_FILE
}

@test "--create makes a bucket that passes all" {
	over_tls
	BUCKET=$BUCKET-new
	tc verify-bucket --create --bucket "$BUCKET" --skip "$UNFIT" --json
	assert_status 0
	assert_json '[.checks[] | select(.status == "fail" or .status == "warn")] == []'
	assert_json '.changes[0].action == "s3:CreateBucket" and all(.changes[]; .made)'
	[ -z "$(s3_request GET "/$BUCKET?versions" | grep -o '<Key>' || true)" ]
	# It is fit: there is nothing more to be done, and nobody is asked.
	tc verify-bucket --create --bucket "$BUCKET" --skip "$UNFIT" --json
	assert_status 0
	assert_json '.changes == []'
}

@test "--dry-run prints the calls with their bodies and makes none" {
	mark_requests
	tc verify-bucket --create --dry-run --bucket "$BUCKET-new" --json \
		--allow-account 111122223333 --kms-key arn:aws:kms:us-east-1:123456789012:key/k
	assert_status 0
	assert_count 0 s3_requests PUT
	assert_json '.dry_run and ([.changes[] | .made] | any | not)'
	assert_json '[.changes[].query] == ["", "publicAccessBlock", "ownershipControls", "versioning", "encryption", "lifecycle", "policy"]'
	# What no store here can show: the statements themselves.
	assert_json '.changes[6].body | fromjson | .Statement[] | select(.Effect == "Deny") |
		.Principal == "*" and .Action == "s3:*" and .Condition == {Bool: {"aws:SecureTransport": "false"}} and
		.Resource == ["arn:aws:s3:::" + $b, "arn:aws:s3:::" + $b + "/*"]' --arg b "$BUCKET-new"
	assert_json '.changes[6].body | fromjson | [.Statement[] | select(.Effect == "Allow") | .Principal.AWS] | unique == ["arn:aws:iam::111122223333:root"]'
	assert_json '.changes[4].body | test("aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:us-east-1:123456789012:key/k<")'
	tc verify-bucket --fix --dry-run --only versioning
	assert_status 0
	assert_output "PUT /?versioning
<VersioningConfiguration $NS><Status>Enabled</Status></VersioningConfiguration>"
	assert_count 0 s3_requests PUT
}

@test "--fix keeps the rules and statements of others, and has nothing to do then" {
	other='<ID>theirs</ID><Filter><Prefix>logs/</Prefix></Filter><Status>Disabled</Status><Expiration><Days>3</Days></Expiration>'
	s3_configure lifecycle <<<"<LifecycleConfiguration $NS><Rule>$other</Rule></LifecycleConfiguration>"
	statement=$(jq -cn --arg b "$BUCKET" '{Sid: "Theirs", Effect: "Allow", Principal: {AWS: "arn:aws:iam::123456789012:root"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::\($b)/logs/*"}')
	printf '{"Version":"2012-10-17","Statement":[%s]}' "$statement" | s3_configure policy
	mark_requests
	tc verify-bucket --fix --yes --skip "tls-only,$UNFIT" --allow-account 123456789012 --json
	assert_status 0
	assert_json '[.checks[] | select(.status == "fail")] == [] and all(.changes[]; .made)'
	s3_request GET "/$BUCKET?lifecycle" | tr -d ' \n' >"$HOME/rules"
	for piece in '<ID>theirs</ID>' '<Prefix>logs/</Prefix>' '<Status>Disabled</Status>' '<Days>3</Days>' '<ID>teamcache-entries</ID>'; do
		grep -q "$piece" "$HOME/rules"
	done
	s3_request GET "/$BUCKET?policy" | grep -o '{.*' >"$HOME/policy"
	jq -e --argjson s "$statement" '[.Statement[] | select(.Sid == "Theirs")] == [$s] and (.Statement | length) == 3' "$HOME/policy"
	mark_requests
	tc verify-bucket --fix --skip "tls-only,$UNFIT" --allow-account 123456789012 --json
	assert_status 0
	assert_json '.changes == []'
	assert_count 0 s3_requests PUT '[?]'
	# In the policy theirs is kept beside the statement that is missing.
	tc verify-bucket --fix --dry-run --only tls-only --json
	assert_status 0
	assert_json '.changes[0].body | fromjson | .Statement | length == 4 and .[0] == $s and .[3].Sid == "TeamcacheTlsOnly"' --argjson s "$statement"
}

@test "it asks before it changes a bucket that is there" {
	tc verify-bucket --fix --only versioning
	assert_status 2
	assert_stderr_has --yes
	terminal "n" verify-bucket --fix --only versioning
	[ "$status" -eq 130 ]
	[[ $output == *"sets up 's3://$BUCKET': versioning"* ]]
	[[ $output == *"nothing was changed"* ]]
	tc verify-bucket --only versioning
	assert_status 10
	terminal "y" verify-bucket --fix --only versioning
	[ "$status" -eq 0 ]
	tc verify-bucket --only versioning
	assert_status 0
}

@test "what cannot be read is not replaced, and options belong together" {
	s3_fault '{"method":"GET","path":"[?]lifecycle","status":403,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>AccessDenied</Code></Error>"}'
	mark_requests
	tc verify-bucket --fix --yes --only lifecycle-entries
	assert_status 5
	assert_stderr_has s3:GetLifecycleConfiguration
	assert_count 0 s3_requests PUT
	tc verify-bucket --yes
	assert_status 2
	tc verify-bucket --create --fix
	assert_status 2
	tc verify-bucket --fix --yes --bucket "$BUCKET-missing"
	assert_status 6
	assert_stderr_has --create
}
