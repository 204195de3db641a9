#!/usr/bin/env bats
# Everybody who gives keys over HTTP, and each way in which the answer can be
# wrong: refused, malformed, cut, not there, silent, expired. It is exit 4, the
# trace says who failed, the time is bounded, nothing secret is shown.

load helper

setup() {
	isolate
	need_server fault
	printf 'a.b.c\n' >"$HOME/token"
}

# use_NAME: a profile or variables by which that one is asked; its address is
# to be GIVER_URL, whose variable each of them sets.
use_assume_role() {
	export AWS_ENDPOINT_URL_STS=$GIVER_URL
	profile_file <<-EOF
		[default]
		role_arn = arn:aws:iam::$ACCOUNT:role/r
		source_profile = base
		[profile base]
		aws_access_key_id = AKIABASE
		aws_secret_access_key = quiet-base
	EOF
}

use_web_identity() {
	export AWS_ENDPOINT_URL_STS=$GIVER_URL
	export AWS_ROLE_ARN=arn:aws:iam::$ACCOUNT:role/r
	export AWS_WEB_IDENTITY_TOKEN_FILE=$HOME/token
}

# GitHub's own service: a token, not yet keys.
use_github() {
	export AWS_ROLE_ARN=arn:aws:iam::$ACCOUNT:role/r
	export ACTIONS_ID_TOKEN_REQUEST_URL=$GIVER_URL/token
	export ACTIONS_ID_TOKEN_REQUEST_TOKEN=quiet-job
}

use_sso() {
	export AWS_ENDPOINT_URL_SSO=$GIVER_URL
	sso_session 86400
}

use_sso_renewal() {
	export AWS_ENDPOINT_URL_SSO_OIDC=$GIVER_URL
	sso_session -60
}

sso_session() {
	profile_file <<-EOF
		[default]
		sso_session = corp
		sso_account_id = $ACCOUNT
		sso_role_name = r
		[sso-session corp]
		sso_start_url = https://acme.awsapps.com/start
		sso_region = eu-west-1
	EOF
	jq -n --argjson left "$1" '
		{accessToken: "quiet-bearer", expiresAt: (now + $left | todate),
		 clientId: "c", clientSecret: "quiet-client",
		 refreshToken: "quiet-refresh",
		 registrationExpiresAt: "2099-01-01T00:00:00Z"}' |
		put_private_file "$HOME/.aws/sso/cache/$(printf corp | sha1sum | cut -c -40).json"
}

use_login() {
	local session=arn:aws:iam::$ACCOUNT:user/ann
	export AWS_ENDPOINT_URL_SIGNIN=$GIVER_URL
	printf '[default]\nlogin_session = %s\nregion = eu-west-1\n' "$session" |
		profile_file
	[ -s "$HOME/key.pem" ] ||
		openssl ecparam -name prime256v1 -genkey -noout >"$HOME/key.pem"
	jq -n --rawfile pem "$HOME/key.pem" '
		{accessToken: {accessKeyId: "ASIAOLD", secretAccessKey: "quiet-old",
		 sessionToken: "quiet-token", accountId: "123456789012",
		 expiresAt: "2020-01-01T00:00:00Z"},
		 clientId: "c", refreshToken: "quiet-refresh", dpopKey: $pem}' |
		put_private_file "$HOME/.aws/login/cache/$(printf %s "$session" | sha256sum | cut -c -64).json"
}

use_container() {
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$GIVER_URL/keys
	export AWS_CONTAINER_AUTHORIZATION_TOKEN=quiet-agent
}

# Who is asked, the provider's name, what its error begins with.
GIVERS='
assume_role|assume-role|cannot assume role
web_identity|web-identity|cannot assume role
github|web-identity|cannot fetch the job
sso|sso|cannot get keys for role
sso_renewal|sso|cannot renew the sign-in
login|login|cannot renew the session
container|container|cannot get the container
'

# fails_with WORD OPTION...: for each giver, at what GIVER_URL is by then.
fails_with() {
	local giver provider says word=$1 began
	shift
	while IFS='|' read -r giver provider says; do
		[ -n "$giver" ] || continue
		rm -rf "$HOME/.aws" "$STATE_DIR"
		"use_$giver"
		began=$SECONDS
		tc doctor --only credentials --json -vv "$@"
		echo "giver: $giver"
		assert_status 4
		[ "$(wc -l <"$TC_STDOUT")" -eq 1 ]
		assert_json '.credentials.access_key_id == null and
			([.credentials.trace[] | select(.result == "failed")] |
			length == 1 and .[0].provider == $provider) and
			(.credentials.error.message | contains($says) and
			test($word))' --arg provider "$provider" \
			--arg says "$says" --arg word "$word"
		[ $((SECONDS - began)) -lt 15 ]
		run ! grep -e quiet- -e PRIVATE "$TC_STDOUT" "$TC_STDERR"
		[ ! -e "$CACHE_DIR" ]
		unset AWS_ENDPOINT_URL_STS AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE \
			ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN \
			AWS_ENDPOINT_URL_SSO AWS_ENDPOINT_URL_SSO_OIDC \
			AWS_ENDPOINT_URL_SIGNIN AWS_CONTAINER_CREDENTIALS_FULL_URI \
			AWS_CONTAINER_AUTHORIZATION_TOKEN
	done <<<"$GIVERS"
}

# giver RULE: a server that answers every request so.
giver() {
	open_fault_lane
	add_rules "$FAULT_LANE" "$1"
	GIVER_URL=$FAULT_URL
}

@test "refused, in a form that nobody knows" {
	giver '{"status":403,"headers":{"x-amzn-requestid":"r-1"},"body":"{\"message\":\"go away\"}"}'
	fails_with 'go away|403'
	giver '{"status":418,"body":"<html>teapot"}'
	fails_with ''
}

@test "malformed: a page, another document, half of one" {
	giver '{"status":200,"body":"<html><body>Welcome to the hotel</body></html>"}'
	fails_with ''
	giver '{"status":200,"body":"{\"roleCredentials\":{\"accessKeyId\":\"A\"},\"value\":7}"}'
	fails_with ''
	giver '{"status":200,"body":"[[[[[[[[","headers":{"content-type":"application/json"}}'
	fails_with ''
}

@test "keys that could not be any: control bytes, quotes, a megabyte" {
	local -x GIVERS=$'assume_role|assume-role|cannot assume role\ncontainer|container|cannot get the container'
	giver '{"status":200,"body":"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A&#10;B</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"}'
	fails_with ''
	giver '{"status":200,"body":"{\"AccessKeyId\":\"A\\nX: y\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"2099-01-01T00:00:00Z\"}"}'
	fails_with ''
	giver '{"status":200,"body_size":20000000}'
	fails_with ''
}

@test "expired by the time they come" {
	local -x GIVERS='assume_role|assume-role|had expired at 2020-01-01T00:00:00Z'
	giver '{"status":200,"body":"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"}'
	fails_with ''
	GIVERS='web_identity|web-identity|had expired at 2020-01-01T00:00:00Z'
	giver '{"status":200,"body":"<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"}'
	fails_with ''
	GIVERS='container|container|keys that expired at 2020-01-01T00:00:00Z'
	giver '{"status":200,"body":"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"2020-01-01T00:00:00Z\"}"}'
	fails_with ''
	GIVERS='sso|sso|had expired at 2020-01-01T00:00:00Z'
	giver '{"status":200,"body":"{\"roleCredentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\",\"expiration\":1577836800000}}"}'
	fails_with ''
	# The keys that are to assume the role are no good any more.
	GIVERS='assume_role|assume-role|cannot assume role'
	giver '{"status":403,"headers":{"x-amzn-requestid":"r-1"},"body":"<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>"}'
	fails_with ExpiredToken
	assert_json '.credentials.error.hint | contains("fetch them anew")'
}

@test "cut in the middle, closed without a word" {
	giver '{"status":200,"body_size":5000,"close":"body"}'
	fails_with '' --max-attempts 2
	giver '{"reset":"request"}'
	fails_with '' --max-attempts 2
}

@test "nobody there, nobody answers" {
	GIVER_URL=$(refused_url)
	fails_with '[Rr]efused' --max-attempts 2
	giver '{"hang":true}'
	fails_with '' --timeout 2s
}

@test "keys in the environment and the files: expired, halved, malformed, absent" {
	export AWS_ACCESS_KEY_ID=AKIA1 AWS_SECRET_ACCESS_KEY=quiet-1
	AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z tc doctor --only credentials --json
	assert_status 4
	assert_json '.credentials.error.message | contains("expired at 2020-01-01T00:00:00Z")'
	AWS_CREDENTIAL_EXPIRATION=tomorrow tc doctor --only credentials --json
	assert_status 4
	AWS_SECRET_ACCESS_KEY='' tc doctor --only credentials --json
	assert_status 4
	assert_json '.credentials.trace[0] | .provider == "environment" and .result == "failed"'
	AWS_SECRET_ACCESS_KEY=$'quiet-1\n' tc doctor --only credentials --json
	assert_status 4
	run ! grep quiet- "$TC_STDOUT" "$TC_STDERR"
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	printf '[default]\naws_access_key_id = AKIA1\n' | credentials_file
	tc doctor --only credentials --json
	assert_status 4
	assert_json '.credentials.error.message | test("half a key pair")'
	printf '[default]\naws_access_key_id AKIA1\n' | credentials_file
	tc doctor --only credentials --json
	assert_status 4
	assert_json '.credentials.error.message | test("credentials. line 2")'
	AWS_SHARED_CREDENTIALS_FILE=$HOME/none tc doctor --only credentials --json
	assert_status 4
	assert_json '.credentials.error.message | test("no AWS credentials were found")'
	AWS_SHARED_CREDENTIALS_FILE=$HOME tc doctor --only credentials --json
	assert_status 4
	assert_json '.credentials.error.hint | test("AWS_SHARED_CREDENTIALS_FILE")'
}
