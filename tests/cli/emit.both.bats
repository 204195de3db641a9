#!/usr/bin/env bats
# verify-bucket --emit: the code is sound in the eyes of its own tools, and what
# the script makes passes verify-bucket.

load helper

# Values that would end a string, or begin something, where they are not escaped.
ODD=$'te"a\\m/${x}%{y}\'z'

@test "emit: terraform's own formatter takes the code as it is" {
	local prefix
	exempt ceph "no store is asked"
	command -v terraform >/dev/null || skip "terraform is not installed"
	mkdir "$HOME/code"
	for prefix in "" "$ODD"; do
		tc verify-bucket --emit terraform --region eu-west-1 --prefix "$prefix" \
			--kms-key arn:aws:kms:eu-west-1:123456789012:key/1a-2b --allow-account 123456789012
		assert_status 0
		cp "$TC_STDOUT" "$HOME/code/main.tf"
		terraform fmt -check -diff "$HOME/code"
	done
}

@test "emit: the CloudFormation template passes cfn-lint" {
	command -v cfn-lint >/dev/null || skip "cfn-lint is not installed"
	local prefix
	exempt ceph "no store is asked"
	unset AWS_ENDPOINT_URL_S3
	for prefix in "" "$ODD"; do
		tc verify-bucket --emit cloudformation --region eu-west-1 --prefix "$prefix" \
			--kms-key arn:aws:kms:eu-west-1:123456789012:key/1a-2b --allow-account 123456789012
		assert_status 0
		assert_json '.Resources | keys == ["TeamcacheBucket", "TeamcacheBucketPolicy"]'
		assert_json '.Resources.TeamcacheBucket.Properties.LifecycleConfiguration.Rules[0].Prefix |
			startswith($prefix)' --arg prefix "$prefix"
		cfn-lint "$TC_STDOUT"
	done
	AWS_ENDPOINT_URL_S3=http://127.0.0.1:1 tc verify-bucket --emit cloudformation
	assert_status 2
	assert_stderr_has "CloudFormation makes buckets at AWS only"
}

@test "emit: the script is sound, and its bucket passes" {
	exempt ceph "the script asks for what only AWS has"
	command -v aws >/dev/null || skip "the AWS CLI is not installed"
	tc verify-bucket --emit aws-cli --prefix "$ODD"
	assert_status 0
	shellcheck "$TC_STDOUT"
	export TEAMCACHE_BUCKET=$BUCKET-made
	tc verify-bucket --emit aws-cli --allow-account 210987654321
	assert_status 0
	cp "$TC_STDOUT" "$HOME/make-bucket"
	sh "$HOME/make-bucket"
	tc verify-bucket --json --only versioning,encryption,public-access-block,policy-not-public,tls-only,acls-disabled,lifecycle-entries,lifecycle-versions,lifecycle-delete-markers,lifecycle-uploads,lifecycle-leases,access
	assert_status 0
	assert_json '[.checks[] | select(.status != "pass")] == []'
	# A Deny on a condition is one on everybody here: without it, the rest.
	sed -n "s/^s3api put-bucket-policy --policy '\(.*\)'$/\1/p" "$HOME/make-bucket" |
		jq -c 'del(.Statement[] | select(.Effect == "Deny"))' >"$HOME/policy"
	[ -s "$HOME/policy" ]
	s3_request PUT "/$TEAMCACHE_BUCKET?policy" "$HOME/policy" >/dev/null
	tc verify-bucket --json --skip tls-only
	assert_status 0
	assert_json '[.checks[] | select(.status == "fail")] == []'
}

@test "emit: usage errors" {
	exempt ceph "no store is asked"
	tc verify-bucket --emit pulumi
	assert_status 2
	assert_stderr_has "cloudformation"
	tc verify-bucket --emit terraform --json
	assert_status 2
	tc verify-bucket --emit terraform --fix
	assert_status 2
	unset TEAMCACHE_REGION
	tc verify-bucket --emit terraform
	assert_status 2
	assert_stderr_has "which region"
	unset TEAMCACHE_BUCKET
	tc verify-bucket --emit terraform
	assert_status 2
	assert_stderr_has "no bucket is named"
}
