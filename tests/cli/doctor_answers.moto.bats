#!/usr/bin/env bats
# doctor: what no local server answers by itself, from a scripted one; and what
# lies beyond rights.

load helper

TOKEN=FwoGZXIvYXdzEJrEXAMPLEtokenEXAMPLEtokenEXAMPLEtokenEXAMPLE

# denial CODE MESSAGE [MEMBERS]: a rule.
denial() {
	jq -nc --arg body "<Error><Code>$1</Code><Message>$2</Message><Token-0>$TOKEN</Token-0></Error>" \
		"{status: 403, headers: {\"x-amz-request-id\": \"R7\"}, body: \$body} + ${3:-{\}}"
}

explain() {
	tc doctor --only "$1" --account "$ACCOUNT" --json
	assert_status 10
}

@test "each layer that AWS names: layer, kind, policy, whom to ask" {
	local who="User: arn:aws:sts::$ACCOUNT:assumed-role/build/job is not authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::b/k&quot;"
	local arn="arn:aws:organizations::999999999999:policy/o-a/scp/p-b"
	while IFS='|' read -r layer kind reason policy; do
		s3_faults_end
		s3_fault "$(denial AccessDenied "$who $reason" '{method:"GET"}')"
		explain s3-get-missing
		assert_json '.checks[0].denial | .layer == $layer and .kind == $kind
			and .action == "s3:GetObject" and .resource == "arn:aws:s3:::b/k"
			and .principal == $principal and (.policy_arn // "") == $policy' \
			--arg layer "$layer" --arg kind "$kind" --arg policy "$policy" \
			--arg principal "arn:aws:sts::$ACCOUNT:assumed-role/build/job"
		assert_json '.checks[0].fix.text | length > 20'
	done <<-EOF
		identity-policy|implicit|because no identity-based policy allows the s3:GetObject action|
		resource-policy|implicit|because no resource-based policy allows the s3:GetObject action|
		permissions-boundary|implicit|because no permissions boundary allows the s3:GetObject action|
		session-policy|implicit|because no session policy allows the s3:GetObject action|
		service-control-policy|explicit|with an explicit deny in a service control policy: $arn|$arn
		resource-control-policy|explicit|with an explicit deny in a resource control policy|
		vpc-endpoint-policy|explicit|with an explicit deny in a VPC endpoint policy|
	EOF
	tc doctor --only s3-get-missing --account "$ACCOUNT"
	assert_output_has "Ask the administrators of this network's"
}

@test "KMS denials are told apart from S3's" {
	local key="arn:aws:kms:$REGION:$ACCOUNT:key/1a-2b"
	s3_fault "$(denial AccessDenied "User: arn:aws:iam::$ACCOUNT:user/ci is not authorized to perform: kms:GenerateDataKey on resource: $key because no identity-based policy allows the kms:GenerateDataKey action" '{method:"PUT"}')"
	explain identity,s3-put-object,kms
	assert_json '.checks[1].denial | .action == "kms:GenerateDataKey"
		and .resource == $key and .layer == "identity-policy"' --arg key "$key"
	assert_json '.checks[1].fix.policy.Statement[0].Resource == $key' --arg key "$key"
	assert_json '.checks[2].status == "fail"'
	s3_faults_end
	s3_fault "$(denial AccessDenied "User: arn:aws:iam::$ACCOUNT:user/ci is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access" '{method:"GET"}')"
	explain s3-get-missing
	assert_json '.checks[0].denial | .action == "kms:Decrypt" and .layer == "key-policy" and .kind == null'
	assert_json '.checks[0].summary | test("kms:Decrypt")'
}

@test "403 instead of 404: s3:ListBucket is named, and nothing failed" {
	s3_fault "$(denial AccessDenied "Access Denied" '{method:"GET",path:"-missing"}')"
	tc doctor --only s3-get-object,s3-get-missing --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.checks[1] | .status == "warn" and .denial.action == "s3:ListBucket"'
	[ -z "$(s3_ls)" ]
	s3_faults_end
	s3_fault "$(denial AccessDenied "Access Denied" '{method:["GET","HEAD"]}')"
	tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
}

@test "what is not AWS, a proxy's login, and a bucket of somebody else" {
	s3_fault '{"status":403,"body":"<html>please log in</html>"}'
	explain reach-s3
	assert_json '.checks[0].summary | test("not AWS")'
	s3_faults_end
	s3_fault '{"status":407,"body":"<html>no</html>"}'
	explain reach-s3
	assert_json '.checks[0].summary | test("proxy wants a login")'
	s3_faults_end
	export TEAMCACHE_EXPECTED_BUCKET_OWNER=999999999999
	s3_fault '{"method":"HEAD","nth":1,"status":403,"headers":{"x-amz-request-id":"R"}}' \
		"$(denial AccessDenied "Access Denied" '{method:"GET",nth:1}')"
	explain bucket
	assert_json '.checks[0].summary | test("another account")'
}

@test "no bucket, another region, a server that is down" {
	TEAMCACHE_BUCKET=none-$RANDOM$RANDOM explain bucket
	assert_json '.checks[0].summary | test("no such bucket")'
	export TEAMCACHE_REGION=eu-central-1
	s3_fault '{"method":"HEAD","nth":1,"status":301,"headers":{"x-amz-request-id":"R","x-amz-bucket-region":"eu-west-3"}}'
	tc doctor --only bucket --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.checks[0] | .status == "warn" and (.fix.text | test("eu-west-3"))'
	export TEAMCACHE_REGION=$REGION
	s3_down
	explain reach-sts,reach-s3
	assert_json '.checks[0].status == "pass" and .checks[1].status == "fail"
		and (.checks[1].summary | test("other endpoints answer"))'
	s3_up
}

@test "the clock, a wrong secret, and a request that is changed on the way" {
	tc_at +2h doctor --only clock --json
	assert_status 10
	assert_json '.checks[0].summary | test("7[0-9]{3} s ahead")'
	use_keys "$TEST_ACCESS_KEY" wrong/secret
	explain identity
	assert_json '.checks[0].summary | test("secret key does not belong")'
	s3_fault "$(denial SignatureDoesNotMatch "The request signature we calculated does not match" '{method:["GET","HEAD"]}' |
		jq -c '.body |= sub("</Error>"; "<CanonicalRequest>GET\n/changed\n\nhost:elsewhere\nx-amz-security-token:'"$TOKEN"'</CanonicalRequest></Error>")')"
	explain bucket
	assert_json '.checks[0].detail | test("S3 saw .host:elsewhere|S3 saw ./changed")'
}

@test "Cost Explorer: not switched on is no matter of rights; --probe-ce pays" {
	tc doctor --only ce-get-cost-and-usage --json
	assert_status 0
	queue_response GetCostAndUsage status=400 type=AccessDeniedException \
		message="User not enabled for cost explorer access" times=always
	tc doctor --only ce-get-cost-and-usage --probe-ce --json
	assert_status 10
	assert_json '.checks[0] | .denial == null and (.summary | test("no policy mends"))'
	mark_requests
	tc doctor --only ce-get-cost-forecast --probe-ce --json
	assert_status 0
	assert_json '.checks[0].summary | test("0.01")'
	assert_count 1 ce_requests GetCostForecast
}

@test "sts:AssumeRole: the role is named, and whose side where AWS says it" {
	local role=arn:aws:iam::$ACCOUNT:role/build
	use_principal source <(echo '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}')
	credentials_file <<-EOT
		[source]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOT
	profile_file <<-EOT
		[profile build]
		role_arn = $role
		source_profile = source
	EOT
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	tc doctor --only credentials,clock --profile build --json
	assert_status 10
	assert_json '.checks[0].denial | .action == "sts:AssumeRole" and
		.resource == $role and .layer == null and
		(.principal | test(":user/source"))' --arg role "$role"
	assert_json '.checks[0].fix.text | test("trust policy has to name the caller")'
	ce_fault "$(jq -nc --arg role "$role" '{operation: "AssumeRole", status: 403,
		headers: {"x-amzn-requestid": "R8"}, body: ("<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::123456789012:user/ci is not authorized to perform: sts:AssumeRole on resource: " + $role + " because no identity-based policy allows the sts:AssumeRole action</Message></Error></ErrorResponse>")}')"
	tc doctor --only credentials,clock --profile build --json
	assert_status 10
	assert_json '.checks[0].denial | .layer == "identity-policy" and .kind == "implicit"'
	assert_json '.checks[0].fix.command | test("put-user-policy --user-name ci ")'
}

@test "a job's token that the role does not trust: its claims, and the policy" {
	local claims='{"iss":"https://token.example","aud":"sts.amazonaws.com","sub":"repo:acme/costs:environment:prod","exp":1893456000}'
	local jwt
	jwt=eyJhbGciOiJSUzI1NiJ9.$(base64 -w 0 <<<"$claims" | tr '/+' '_-' | tr -d =).c2lnbmF0dXJl
	echo "$jwt" >"$HOME/token"
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	export AWS_WEB_IDENTITY_TOKEN_FILE=$HOME/token
	export AWS_ROLE_ARN=arn:aws:iam::$ACCOUNT:role/ci/build
	ce_fault '{"operation":"AssumeRoleWithWebIdentity","status":403,"headers":{"x-amzn-requestid":"R9"},"body":"<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>"}'
	tc doctor --only credentials,clock --json
	assert_status 10
	assert_json '.checks[0].summary | test("trust policy does not match")'
	assert_json '.checks[0].fix.text | test("StringLike.*repo:acme/costs:environment:prod")'
	assert_json '.checks[0].fix.policy.Statement[0] |
		.Principal.Federated == "arn:aws:iam::123456789012:oidc-provider/token.example" and
		.Condition.StringEquals["token.example:sub"] == "repo:acme/costs:environment:prod"'
	assert_json '.checks[0].fix.command | test("update-assume-role-policy --role-name build ")'
	run ! grep -F "${jwt%.*}" "$TC_STDOUT" "$TC_STDERR"
}

@test "keys of the environment win over AWS_PROFILE: said" {
	AWS_PROFILE=prod tc doctor --only environment
	assert_status 0
	assert_output_has "wins over AWS_PROFILE=prod"
}

@test "--report and --redact: for a ticket" {
	s3_fault "$(denial AccessDenied "Access Denied" '{method:"GET"}')"
	tc doctor --only identity,s3-get-missing --account "$ACCOUNT" \
		--report "$HOME/report.md" --redact
	assert_status 10
	grep -q '^### s3-get-missing' "$HOME/report.md"
	grep -qF 's3:GetObject' "$HOME/report.md"
	run ! grep -F "$ACCOUNT" "$HOME/report.md" "$TC_STDOUT"
	run ! grep -F "$TOKEN" "$HOME/report.md"
	# An access key's id tells its account.
	tc doctor --only credentials --report "$HOME/report.md" --redact --json
	assert_json ".. | .access_key_id? // empty | . == \"${TEST_ACCESS_KEY:0:4}[masked]\""
	run ! grep -F "$TEST_ACCESS_KEY" "$HOME/report.md" "$TC_STDOUT"
}

@test "--report - is stdout, which has the report alone" {
	cd "$HOME"
	s3_fault "$(denial AccessDenied "Access Denied" '{method:"GET"}')"
	tc doctor --only identity,s3-get-missing --account "$ACCOUNT" --report report.md
	assert_status 10
	tc doctor --only identity,s3-get-missing --account "$ACCOUNT" --report -
	assert_status 10
	[ ! -e ./- ]
	# Each run has a probe of its own.
	diff <(sed 's|/probe/[0-9a-f]*||' "$TC_STDOUT") <(sed 's|/probe/[0-9a-f]*||' report.md)
	tc doctor --only identity,s3-get-missing --account "$ACCOUNT" --report - --redact
	assert_status 10
	assert_output_has "### s3-get-missing"
	run ! grep -F "$ACCOUNT" "$TC_STDOUT"
	# In the log of a job nothing of it is a command.
	GITHUB_ACTIONS=true tc doctor --only s3-get-missing --account "$ACCOUNT" \
		--prefix '##[error]' --report -
	assert_status 10
	assert_output_has '?#[error]'
	run ! grep -F '##[' "$TC_STDOUT"
}

@test "profiles: a table, and one object each" {
	credentials_file <<-EOT
		[one]
		aws_access_key_id = $TEST_ACCESS_KEY
		aws_secret_access_key = $TEST_SECRET_KEY
		[two]
		aws_access_key_id = AKIANOBODYKNOWSTHIS1
		aws_secret_access_key = wrong/secret
	EOT
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	write_settings <<-EOT
		[profile one]
		bucket = $BUCKET
		[profile two]
		bucket = $BUCKET
	EOT
	tc doctor --all-profiles --only credentials,identity --json
	assert_status 10
	assert_json '[.profiles[].profile] == ["one", "two"]'
	assert_json '[.profiles[].checks[1].status] == ["pass", "fail"]'
	tc doctor --profile one --profile two --only credentials,identity
	assert_status 10
	assert_output_has "two: identity: the access key is unknown"
	[[ ${lines[2]} == identity*✓*✗* ]]
	tc doctor --all-profiles --only credentials,identity --report -
	assert_status 10
	grep -c '^## teamcache doctor: profile ' "$TC_STDOUT" | grep -qx 2
	[ "${lines[0]}" = "## teamcache doctor: profile one" ]
}

@test "a store that hangs takes nobody else's time" {
	local began=$SECONDS
	s3_fault '{"hang":true}'
	tc doctor --timeout 4s --account "$ACCOUNT" --json
	assert_status 10
	[ $((SECONDS - began)) -le 20 ]
	assert_json '.checks[] | select(.name == "reach-s3") | .status == "fail"'
	assert_json '.checks[] | select(.name == "s3-put-object") | .summary == "not made: needs reach-s3"'
	assert_json '.checks[] | select(.name == "ce-get-cost-and-usage") | .status == "pass"'
	assert_json '[.checks[].name] | index("local-store") != null'
}

@test "one request that hangs: the whole run is over within --timeout" {
	local began=$SECONDS
	s3_fault '{"method":"PUT","hang":true}'
	tc doctor --timeout 4s --account "$ACCOUNT" --json
	assert_status 10
	[ $((SECONDS - began)) -le 20 ]
	assert_json '.checks[] | select(.name == "ce-get-cost-and-usage") | .summary | test("used up")'
	assert_json '.checks[] | select(.name == "s3-put-object") | .status == "fail"'
}

@test "endpoints that hang are waited for side by side" {
	s3_fault '{"hang":true}'
	ce_fault '{"hang":true}'
	tc doctor --timeout 6s --account "$ACCOUNT" --json \
		--only reach-sts,reach-s3,reach-cost-explorer
	assert_status 10
	# Each has half of the time that is left: one after the other, 3 s and
	# 1.5 s and 0.75 s.
	assert_json '[.checks[].status] == ["fail", "fail", "fail"]'
	assert_json '.checks[0].milliseconds >= 2900 and ([.checks[].milliseconds] | add) < 4200'
}

@test "other commands' errors lead here" {
	s3_fault "$(denial AccessDenied "Access Denied")"
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 5
	assert_stderr_has "run 'teamcache doctor'"
}

@test "--quick makes three checks with two requests" {
	mark_requests
	tc doctor --quick --account "$ACCOUNT" --json
	assert_status 0
	assert_json '[.checks[].name] == ["credentials", "identity", "s3-get-missing"]'
	assert_count 1 s3_requests
	assert_count 1 sts_requests
	tc doctor --quick --only clock
	assert_status 2
	tc doctor --only clocks
	assert_status 2
	assert_stderr_has "did you mean 'clock'?"
}
