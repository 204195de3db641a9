#!/usr/bin/env bats
# Keys that STS gives: roles by source profiles and identity tokens, and the
# cache in which they are kept. The keys that come must do real work.

load helper

setup() {
	isolate
	[ -n "$TC_STORE" ] || return 0
	use_store proxied
	# STS of the store itself, with a log of its own.
	open_fault_lane "$S3_URL"
	STS_LANE=$FAULT_LANE
	export AWS_ENDPOINT_URL_STS=$FAULT_URL
	case $TC_STORE in
	moto) ROLES=arn:aws:iam::$ACCOUNT:role ;;
	ceph) ROLES=arn:aws:iam::RGW11111111111111111:role ;;
	esac
	TAG=$RANDOM$RANDOM
	JWT_CLAIMS='{"iss":"https://ci.example","aud":"sts.amazonaws.com","sub":"repo:o/r","exp":4102444800}'
	JWT=eyJhbGciOiJub25lIn0.$(printf %s "$JWT_CLAIMS" | base64 -w 0 | tr '+/' '-_' | tr -d =).c2lnbmF0dXJl
}

may() {
	local action actions=
	for action; do
		actions+=",\"$action\""
	done
	printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[%s],"Resource":"*"}]}' "${actions#,}"
}

# make_role NAME ACTION...: what it may do; $TRUSTED, or anybody, may assume it.
make_role() {
	local name=$1-$TAG
	shift
	ceph_iam Action=CreateRole RoleName="$name" \
		AssumeRolePolicyDocument="{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"${TRUSTED:-*}\"},\"Action\":\"sts:AssumeRole\"}]}" >/dev/null
	ceph_iam Action=PutRolePolicy RoleName="$name" PolicyName=test \
		PolicyDocument="$(may "$@")" >/dev/null
}

# base_profile ACTION...: static keys that may do that; the environment's go.
base_profile() {
	may "$@" >"$HOME/policy"
	use_principal base "$HOME/policy"
	credentials_file <<-EOF
		[base]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOF
	base_secret=$AWS_SECRET_ACCESS_KEY
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# One role that may use the bucket, by way of a source profile.
one_role() {
	make_role writer s3:*
	base_profile sts:AssumeRole
	profile_file <<-EOF
		[profile writer]
		role_arn = $ROLES/writer-$TAG
		source_profile = base
	EOF
}

# reads_and_writes ARGUMENT...: the product, with these arguments, can do both.
reads_and_writes() {
	tc push notes - --account "$ACCOUNT" "$@" <<<'{"n":1}'
	assert_status 0
	tc fetch notes --account "$ACCOUNT" --no-local "$@"
	assert_status 0
	assert_output '{"n":1}'
}

key_requests() {
	ask_log "$STS_LANE" "$(json_object operation "$1")"
	print_member count
}

# lacks TEXT FILE...: none of them holds it.
lacks() {
	local text=$1
	shift
	if grep -rF -e "$text" "$@"; then
		echo "this must not be there: $text"
		return 1
	fi
}

cached_keys() {
	find "$STATE_DIR/credentials" -type f ! -name '*.lock' 2>/dev/null
}

number_cached() {
	cached_keys | wc -l
}

@test "the keys of an assumed role read and write the bucket" {
	one_role
	tc push notes - --account "$ACCOUNT" --profile base <<<'{}'
	assert_status 5
	reads_and_writes --profile writer
	assert_count 1 key_requests AssumeRole
}

@test "a chain of two roles" {
	make_role writer s3:*
	make_role between sts:AssumeRole
	base_profile sts:AssumeRole
	profile_file <<-EOF
		[profile between]
		role_arn = $ROLES/between-$TAG
		source_profile = base
		role_session_name = o'neil
		[profile writer]
		role_arn = $ROLES/writer-$TAG
		source_profile = between
		duration_seconds = 900
	EOF
	tc push notes - --account "$ACCOUNT" --profile between <<<'{}'
	assert_status 5
	reads_and_writes --profile writer
	assert_count 2 key_requests AssumeRole
}

@test "a role by the keys of the environment" {
	one_role
	profile_file <<-EOF
		[profile writer]
		role_arn = $ROLES/writer-$TAG
		credential_source = Environment
	EOF
	tc push notes - --account "$ACCOUNT" --profile writer <<<'{}'
	assert_status 4
	assert_stderr_has "AWS_ACCESS_KEY_ID is not set"
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
	reads_and_writes --profile writer
}

@test "a role that the caller may not assume is exit 4, and why" {
	TRUSTED=arn:aws:iam::999999999999:root make_role writer s3:*
	base_profile s3:GetObject
	profile_file <<-EOF
		[profile writer]
		role_arn = $ROLES/writer-$TAG
		source_profile = base
	EOF
	tc push notes - --account "$ACCOUNT" --profile writer --json <<<'{}'
	assert_status 4
	assert_json '.error.code == "AccessDenied"'
	assert_stderr_has "cannot assume role '$ROLES/writer-$TAG'"
	[ "$(number_cached)" -eq 0 ]
}

@test "the keys are kept in the state directory, for their owner only" {
	local file secret token
	one_role
	reads_and_writes --profile writer -vv
	[ "$(number_cached)" -eq 1 ]
	file=$(cached_keys)
	[ "$(stat -c %a "$file")" = 600 ]
	secret=$(jq -r .secret_access_key "$file")
	token=$(jq -r .session_token "$file")
	[ ${#secret} -gt 10 ]
	[ ${#token} -gt 10 ]
	lacks "$secret" "$TC_STDOUT" "$TC_STDERR" "$CACHE_DIR"
	lacks "$token" "$TC_STDOUT" "$TC_STDERR" "$CACHE_DIR"
	lacks "$base_secret" "$CACHE_DIR" "$STATE_DIR"
}

@test "what the cache holds is used until shortly before its end" {
	local file
	one_role
	reads_and_writes --profile writer
	file=$(cached_keys)
	# As if 56 of its 60 minutes were over.
	jq --arg at "$(moment +4m)" '.expires_at = $at' "$file" >"$file.new"
	mv "$file.new" "$file"
	chmod 600 "$file"
	reads_and_writes --profile writer
	assert_count 2 key_requests AssumeRole
	# Broken in every way: a miss, and mended.
	: >"$file"
	reads_and_writes --profile writer
	echo '{"version":1,' >"$file"
	reads_and_writes --profile writer
	rm "$file"
	ln -s /etc/passwd "$file"
	reads_and_writes --profile writer
	assert_count 5 key_requests AssumeRole
	[ ! -L "$file" ]
}

@test "new keys that cannot be fetched in time: the old ones do until their end" {
	local file
	one_role
	reads_and_writes --profile writer
	file=$(cached_keys)
	jq --arg at "$(moment +4m)" '.expires_at = $at' "$file" >"$file.new"
	mv "$file.new" "$file"
	chmod 600 "$file"
	add_rules "$STS_LANE" '{"status":403,"headers":{"Content-Type":"text/xml"},"body":"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"}'
	reads_and_writes --profile writer
	jq --arg at "$(moment -1s)" '.expires_at = $at' "$file" >"$file.new"
	mv "$file.new" "$file"
	tc fetch notes --account "$ACCOUNT" --no-local --profile writer
	assert_status 4
}

@test "a service that calls the session expired gets new keys, once" {
	one_role
	reads_and_writes --profile writer
	s3_fault '{"nth":1,"status":400,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"}'
	tc fetch notes --account "$ACCOUNT" --no-local --profile writer
	assert_status 0
	assert_count 2 key_requests AssumeRole
	s3_fault '{"status":400,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"}'
	tc fetch notes --account "$ACCOUNT" --no-local --no-api --profile writer
	assert_status 4
	assert_count 3 key_requests AssumeRole
}

@test "fifty processes at once make at most two requests for keys" {
	local i before pids=() failed=0
	one_role
	tc push notes - --account "$ACCOUNT" --profile writer <<<'{"n":1}'
	rm -r "$STATE_DIR/credentials"
	before=$(key_requests AssumeRole)
	# Slow enough for all of them to meet there.
	add_rules "$STS_LANE" '{"operation":"AssumeRole","delay":4}'
	for ((i = 0; i < 50; i++)); do
		"$TC_BIN" fetch notes --account "$ACCOUNT" --no-local \
			--profile writer >"$HOME/out.$i" 2>"$HOME/err.$i" &
		pids+=($!)
	done
	for i in "${!pids[@]}"; do
		wait "${pids[$i]}" || {
			failed=$((failed + 1))
			cat "$HOME/err.$i"
		}
		[ "$(cat "$HOME/out.$i")" = '{"n":1}' ]
	done
	[ "$failed" -eq 0 ]
	[ "$(key_requests AssumeRole)" -le $((before + 2)) ]
	[ "$(number_cached)" -eq 1 ]
}

@test "STS out of reach: what is here does, and says so" {
	one_role
	reads_and_writes --profile writer
	tc fetch notes --account "$ACCOUNT" --profile writer
	assert_status 0
	rm -r "$STATE_DIR/credentials"
	control POST "$TC_FAULT_URL/lanes/$STS_LANE/state" '{"down":true}'
	tc fetch notes --account "$ACCOUNT" --profile writer --revalidate \
		--max-attempts 1 --json
	assert_status 0
	assert_json '.entries[0].degraded | length > 0'
	tc push notes - --account "$ACCOUNT" --profile writer \
		--max-attempts 1 <<<'{}'
	assert_status 4
	assert_stderr_has "cannot assume role '$ROLES/writer-$TAG'"
}

@test "in CI, and when switched off, keys stay in memory" {
	one_role
	CI=true tc push notes - --account "$ACCOUNT" --profile writer <<<'{}'
	assert_status 0
	[ "$(number_cached)" -eq 0 ]
	TEAMCACHE_CREDENTIAL_CACHE=off tc push notes - --account "$ACCOUNT" \
		--profile writer <<<'{}'
	assert_status 0
	[ "$(number_cached)" -eq 0 ]
	CI=true TEAMCACHE_CREDENTIAL_CACHE=on tc push notes - \
		--account "$ACCOUNT" --profile writer <<<'{}'
	assert_status 0
	[ "$(number_cached)" -eq 1 ]
}

@test "an MFA code comes from the option, the environment or the terminal" {
	exempt ceph "it refuses the SerialNumber (InvalidArgument)"
	one_role
	profile_file <<-EOF
		[profile writer]
		role_arn = $ROLES/writer-$TAG
		source_profile = base
		mfa_serial = arn:aws:iam::$ACCOUNT:mfa/me
	EOF
	# A session of its own has no terminal.
	run_product setsid --wait "$TC_BIN" push notes - --account "$ACCOUNT" \
		--profile writer <<<'{}'
	assert_status 4
	assert_stderr_has "there is no terminal to ask for it"
	assert_stderr_has "--mfa-code or TEAMCACHE_MFA_CODE"
	assert_count 0 key_requests AssumeRole
	tc push notes - --account "$ACCOUNT" --profile writer --mfa-code 12345x <<<'{}'
	assert_status 4
	tc push notes - --account "$ACCOUNT" --profile writer --mfa-code 123456 <<<'{}'
	assert_status 0
	# The keys do without a code, until they end.
	reads_and_writes --profile writer
	assert_count 1 key_requests AssumeRole
	new_machine
	TEAMCACHE_MFA_CODE=123456 tc push notes - --account "$ACCOUNT" --profile writer <<<'{}'
	assert_status 0
	new_machine
	at_terminal 123456 fetch notes --account "$ACCOUNT" --profile writer
	assert_status 0
	assert_output_has "MFA code of arn:aws:iam::$ACCOUNT:mfa/me for profile 'writer': "
	assert_output_has '{}'
}

@test "a role by the token of an identity provider" {
	exempt ceph "it fetches the provider's certificate over TLS itself"
	make_role writer s3:*
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	printf '%s\n' "$JWT" >"$HOME/token"
	profile_file <<-EOF
		[profile web]
		role_arn = $ROLES/writer-$TAG
		web_identity_token_file = $HOME/token
		[profile chained]
		role_arn = $ROLES/writer-$TAG
		source_profile = web
	EOF
	reads_and_writes --profile web
	assert_count 1 key_requests AssumeRoleWithWebIdentity
	export AWS_ROLE_ARN=$ROLES/writer-$TAG
	AWS_WEB_IDENTITY_TOKEN_FILE=$HOME/token reads_and_writes
	TEAMCACHE_WEB_IDENTITY_TOKEN=$JWT reads_and_writes
	CIRCLE_OIDC_TOKEN_V2=$JWT reads_and_writes
	assert_count 4 key_requests AssumeRoleWithWebIdentity
	rm "$HOME/token"
	tc fetch notes --account "$ACCOUNT" --no-local --profile web
	assert_status 4
	assert_stderr_has "'$HOME/token' of web_identity_token_file is not there"
	AWS_WEB_IDENTITY_TOKEN_FILE=$HOME/token tc fetch notes --no-local
	assert_status 4
	assert_stderr_has "name the account with --account ID"
	tc fetch notes --account "$ACCOUNT" --no-local
	assert_status 4
}

@test "a source profile with an identity token" {
	exempt ceph "it fetches the provider's certificate over TLS itself"
	make_role writer s3:*
	make_role between sts:AssumeRole
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	printf '%s\n' "$JWT" >"$HOME/token"
	profile_file <<-EOF
		[profile web]
		role_arn = $ROLES/between-$TAG
		web_identity_token_file = $HOME/token
		[profile chained]
		role_arn = $ROLES/writer-$TAG
		source_profile = web
	EOF
	reads_and_writes --profile chained
	assert_count 1 key_requests AssumeRoleWithWebIdentity
	assert_count 1 key_requests AssumeRole
}

@test "a job on GitHub needs nothing but a role and the permission" {
	exempt ceph "it fetches the provider's certificate over TLS itself"
	make_role writer s3:*
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	export CI=true GITHUB_ACTIONS=true AWS_ROLE_ARN=$ROLES/writer-$TAG
	tc fetch notes --account "$ACCOUNT" --no-local
	assert_status 4
	assert_stderr_has 'id-token: write'
	open_fault_lane
	add_rules "$FAULT_LANE" "{\"path\":\"^/token[?]api-version=2.0&audience=sts.amazonaws.com$\",\"status\":200,\"body\":\"{\\\"count\\\":1,\\\"value\\\":\\\"$JWT\\\"}\"}"
	export ACTIONS_ID_TOKEN_REQUEST_URL="$FAULT_URL/token?api-version=2.0"
	tc fetch notes --account "$ACCOUNT" --no-local
	assert_status 4
	assert_stderr_has "ACTIONS_ID_TOKEN_REQUEST_TOKEN is not"
	export ACTIONS_ID_TOKEN_REQUEST_TOKEN=of-the-job
	reads_and_writes -vv
	lacks "$JWT" "$TC_STDOUT" "$TC_STDERR"
	lacks of-the-job "$TC_STDOUT" "$TC_STDERR"
	[ "$(number_cached)" -eq 0 ]
}

@test "what STS says of a token, with the token's claims" {
	local code message says
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	export AWS_ROLE_ARN=$ROLES/writer-$TAG TEAMCACHE_WEB_IDENTITY_TOKEN=$JWT
	while IFS='|' read -r code message says; do
		add_rules "$STS_LANE" "{\"nth\":1,\"status\":400,\"headers\":{\"Content-Type\":\"text/xml\"},\"body\":\"<ErrorResponse><Error><Code>$code</Code><Message>$message</Message></Error></ErrorResponse>\"}"
		tc fetch notes --account "$ACCOUNT" --no-local --max-attempts 1
		assert_status 4
		assert_stderr_has "$code"
		assert_stderr_has "$says"
		assert_stderr_has 'the token says: iss "https://ci.example", aud "sts.amazonaws.com", sub "repo:o/r", exp 2100-01-01T00:00:00Z'
		control DELETE "$TC_FAULT_URL/lanes/$STS_LANE/rules"
	done <<-'EOF'
		ExpiredTokenException|Token expired|fetch a new token
		InvalidIdentityToken|No OpenIDConnect provider found in your account for https://ci.example|its URL exactly as the token's iss
		InvalidIdentityToken|Incorrect token audience|client ids
		AccessDenied|Not authorized to perform sts:AssumeRoleWithWebIdentity|compare the token's iss, aud and sub
		IDPRejectedClaim|The token is rejected|ask the identity provider
	EOF
}
