#!/usr/bin/env bats
# Keys from beside STS: credential_process, IAM Identity Center, `aws login`,
# the agents of containers, EC2's instance metadata. Each speaks its own
# protocol to a server here, and the keys that come must do real work.

load helper

setup() {
	isolate
	use_aws
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	KEY=ASIA$(random_name 16) SECRET=$(random_name 40)
	TOKEN=$(random_name 100)
	register_keys "given-$RANDOM" "$ACCOUNT" "$KEY" "$SECRET" "$TOKEN" \
		'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
	mark_requests
	GIVERS=$BATS_TEST_TMPDIR/givers
	mkdir -p "$GIVERS"
	scenario
}

teardown() {
	"$SERVERS/credentials/stop" "$GIVERS"
	release
}

# scenario [JQ-OBJECT]: how the givers behave.
scenario() {
	jq -n --arg id "$KEY" --arg secret "$SECRET" --arg token "$TOKEN" '
		{keys: {$id, $secret, $token},
		 sso: {bearer: "bearer-one", account: "123456789012",
		       role: "Read Only", client: "client-1",
		       secret: "quiet-one", refresh: "again-one"},
		 login: {client: "arn:aws:signin:::devtools/same-device",
		         refresh: "again-one"}} * ('"${1:-{\}}"')' \
		>"$GIVERS/scenario.json"
}

# Starts the givers at a free port: GIVERS_URL.
start_givers() {
	GIVERS_URL=$("$SERVERS/credentials/start" "$GIVERS" --owner $$)
	GIVERS_URL=${GIVERS_URL#*=}
}

# givers_saw PATH [STATUS]: how many such requests.
givers_saw() {
	jq -rs --arg path "$1" --arg status "${2:-}" '
		[.[] | select(.path == $path and
		($status == "" or (.status | tostring) == $status))] | length' \
		"$GIVERS/requests.jsonl"
}

fetch() {
	tc fetch mtd-costs --no-local --no-remote "$@"
}

# The product gets data, with the given keys and no others.
assert_works() {
	local used
	mark_requests
	fetch --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	used=$(tail -n "+$((${marks[$AWS_LANE]} + 1))" "$AWS_LOG" |
		jq -rs '[.[] | select(.user_agent != "teamcache-test") |
			.access_key // empty] | unique | join(" ")')
	[ "$used" = "$KEY" ] || {
		echo "keys used: $used; expected: $KEY"
		return 1
	}
	assert_no_secret
}

# It fails with 4, says this, and nothing is asked of AWS.
assert_fails() {
	mark_requests
	fetch -vv
	assert_status 4
	assert_stderr_has "$1"
	[ -z "${2:-}" ] || assert_stderr_has "$2"
	assert_count 0 ce_requests
	assert_no_secret
}

assert_no_secret() {
	local word
	for word in "$SECRET" "$TOKEN" bearer- again- quiet- PRIVATE; do
		! grep -q -- "$word" "$TC_STDERR" "$TC_STDOUT" || {
			echo "'$word' is shown"
			show_run
			return 1
		}
	done
	! grep -rqF -e "$SECRET" -e "$TOKEN" "$CACHE_DIR" 2>/dev/null
}

# A program for credential_process: prints <TEXT, after these commands.
make_process() {
	local body
	body=$(cat)
	printf '#!/bin/bash\n%s\ncat <<"END"\n%s\nEND\n' "${1:-}" "$body" \
		>"$HOME/give keys"
	chmod +x "$HOME/give keys"
	profile_file <<-EOF
		[default]
		credential_process = "$HOME/give keys" --for 'a b' c\\ d
	EOF
}

process_keys() {
	jq -n --arg id "$KEY" --arg secret "$SECRET" --arg token "$TOKEN" \
		'{Version: 1, AccessKeyId: $id, SecretAccessKey: $secret,
		  SessionToken: $token} + ('"${1:-{\}}"')'
}

# ------------------------------------------------------------- the program

@test "credential_process: its keys work, its words arrive as they were quoted" {
	process_keys | make_process 'printf "<%s>" "$@" >"$HOME/words"'
	assert_works
	[ "$(cat "$HOME/words")" = "<--for><a b><c d>" ]
	process_keys '{Expiration: (now + 3600 | todate), AccountId: "123456789012"}' |
		make_process
	assert_works
}

@test "credential_process: each way to fail is an error with its reason" {
	process_keys '{Version: 2}' | make_process
	assert_fails "has another Version than the number 1"
	process_keys '{Expiration: (now - 60 | todate)}' | make_process
	assert_fails "printed keys that expired at"
	process_keys '{SecretAccessKey: null}' | make_process
	assert_fails "has no SecretAccessKey"
	echo "not JSON" | make_process
	assert_fails "is not JSON"
	process_keys | make_process 'echo "the vault is closed" >&2; exit 3'
	assert_fails "give keys' ended with status 3: the vault is closed" \
		"aws sts get-caller-identity --profile default"
	process_keys | make_process 'kill -9 $$'
	assert_fails "was ended by signal 9"
	process_keys | make_process 'yes'
	assert_fails "its output is larger than"
	printf '[default]\ncredential_process = /nonexistent/x\n' | profile_file
	assert_fails "cannot run '/nonexistent/x'"
	printf '[default]\ncredential_process = sh "x\n' | profile_file
	assert_fails "has a quotation that does not end" ".aws/config' line 2"
	printf '[default]\ncredential_process = false | cat\n' | profile_file
	assert_fails "run without a shell"
}

@test "credential_process: one that hangs is stopped, and so is its wait" {
	local began=$SECONDS
	process_keys | make_process 'echo $$ >"$HOME/pid"; sleep 100'
	fetch --timeout 2s
	assert_status 4
	assert_stderr_has "took longer than 2 seconds, and was stopped"
	[ $((SECONDS - began)) -lt 20 ]
	! kill -0 "$(cat "$HOME/pid")" 2>/dev/null
}

@test "credential_process: Ctrl-C ends it too" {
	local pid tries
	process_keys | make_process 'echo $$ >"$HOME/pid"; exec sleep 100'
	# Background jobs of a script ignore SIGINT; env gives it back.
	env --default-signal=INT "$TC_BIN" fetch mtd-costs --no-local \
		--no-remote >/dev/null 2>"$HOME/stderr" 3>&- &
	pid=$!
	for ((tries = 0; tries < 250; tries++)); do
		[ ! -s "$HOME/pid" ] || break
		sleep 0.02
	done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	! kill -0 "$(cat "$HOME/pid")" 2>/dev/null
}

@test "credential_process: it may ask its question, and read the answer" {
	process_keys | make_process 'read -r answer; [ "$answer" = open ] || exit 9'
	fetch --json <<<open
	assert_status 0
	fetch <<<shut
	assert_status 4
	assert_stderr_has "status 9"
}

# ---------------------------------------------------- IAM Identity Center

# use_sso LEGACY|MODERN SECONDS-LEFT [JQ-OBJECT]: a profile and its token.
use_sso() {
	local name=corp
	start_givers
	export AWS_ENDPOINT_URL_SSO=$GIVERS_URL
	export AWS_ENDPOINT_URL_SSO_OIDC=$GIVERS_URL
	if [ "$1" = modern ]; then
		profile_file <<-EOF
			[default]
			sso_session = corp
			sso_account_id = 123456789012
			sso_role_name = Read Only
			[sso-session corp]
			sso_start_url = https://acme.awsapps.com/start
			sso_region = eu-west-1
		EOF
	else
		name=https://acme.awsapps.com/start
		profile_file <<-EOF
			[default]
			sso_start_url = https://acme.awsapps.com/start
			sso_region = eu-west-1
			sso_account_id = 123456789012
			sso_role_name = Read Only
		EOF
	fi
	SSO_FILE=$HOME/.aws/sso/cache/$(printf %s "$name" | sha1sum | cut -c -40).json
	jq -n --argjson left "$2" '
		{startUrl: "https://acme.awsapps.com/start", region: "eu-west-1",
		 accessToken: "bearer-one", expiresAt: (now + $left | todate)} +
		('"${3:-{\}}"')' | put_private_file "$SSO_FILE"
}

renewable='{clientId: "client-1", clientSecret: "quiet-one",
	refreshToken: "again-one", registrationExpiresAt: "2099-01-01T00:00:00Z"}'

@test "sso: a signed-in session gives keys, in either form" {
	use_sso modern 3600
	assert_works
	assert_count 1 givers_saw /federation/credentials
	"$SERVERS/credentials/stop" "$GIVERS"
	rm -rf "$STATE_DIR"
	use_sso legacy 3600
	assert_works
}

@test "sso: the keys are kept, and asked for again without the cache" {
	use_sso modern 3600
	assert_works
	assert_works
	assert_count 1 givers_saw /federation/credentials
	CI=true assert_works
	assert_count 2 givers_saw /federation/credentials
}

@test "sso: a session that ends is renewed, the file rewritten for other tools" {
	use_sso modern 300 "$renewable"
	assert_works
	assert_count 1 givers_saw /token 200
	[ "$(stat -c %a "$SSO_FILE")" = 600 ]
	jq -e '.accessToken != "bearer-one" and .refreshToken != "again-one" and
		.clientSecret == "quiet-one" and
		(.expiresAt | fromdate) > now + 20000' "$SSO_FILE"
	# What was written is what the next renewal takes.
	jq '.expiresAt = "2020-01-01T00:00:00Z"' "$SSO_FILE" >"$HOME/new"
	cp "$HOME/new" "$SSO_FILE"
	rm -rf "$STATE_DIR/credentials"
	assert_works
	assert_count 2 givers_saw /token 200
}

@test "sso: twenty processes renew a session once, and none fails" {
	local i pids=() bad=0
	use_sso modern 60 "$renewable"
	for ((i = 0; i < 20; i++)); do
		"$TC_BIN" fetch mtd-costs --no-local --no-remote \
			>/dev/null 2>"$HOME/stderr-$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || bad=$((bad + 1))
	done
	[ "$bad" -eq 0 ] || {
		cat "$HOME"/stderr-*
		return 1
	}
	assert_count 1 givers_saw /token
}

@test "sso: a session that cannot be renewed serves to its end, tried once a minute" {
	use_sso modern 300 "$renewable + {refreshToken: \"again-old\"}"
	export CI=true # no keys are kept
	assert_works
	assert_works
	assert_count 1 givers_saw /token 400
	assert_count 2 givers_saw /federation/credentials 200
}

@test "sso: each way to fail names its cause and the next command" {
	use_sso modern -60
	assert_fails "the sign-in ended at" \
		"sign in again: aws sso login --sso-session corp"
	use_sso modern -60 "$renewable + {refreshToken: \"again-old\"}"
	assert_fails "Invalid refresh token" \
		"aws sso login --sso-session corp"
	rm "$SSO_FILE"
	assert_fails "nobody has signed in: there is no '$SSO_FILE'"
	echo '{"accessToken": ' | put_private_file "$SSO_FILE"
	assert_fails "is not JSON" "aws sso login --sso-session corp"
	use_sso legacy -60
	assert_fails "the sign-in ended at" "aws sso login --profile default"
	use_sso modern 3600 '{accessToken: "bearer-revoked"}'
	assert_fails "Session token not found or invalid" \
		"aws sso login --sso-session corp"
	use_sso modern 3600
	sed -i 's/Read Only/Administrator/' "$HOME/.aws/config"
	assert_fails "role 'Administrator' in account '123456789012'" \
		"you are not assigned that permission set"
	sed -i 's/corp$/other/' "$HOME/.aws/config"
	assert_fails "there is no [sso-session other]" "aws configure sso"
}

@test "sso: too many requests are repeated, a slow portal is given up in time" {
	scenario '{answers: {"GET /federation/credentials":
		{status: 429, times: 1}}}'
	use_sso modern 3600
	assert_works
	assert_count 1 givers_saw /federation/credentials 429
	rm -rf "$STATE_DIR"
	scenario '{answers: {"GET /federation/credentials": {delay: 30}}}'
	fetch --timeout 2s
	assert_status 4
	assert_stderr_has "from IAM Identity Center"
	AWS_ENDPOINT_URL_SSO=$(refused_url) fetch --max-attempts 1
	assert_status 4
	assert_stderr_has "from IAM Identity Center"
}

# ------------------------------------------------------------------ aws login

# use_login SECONDS-LEFT [JQ-OBJECT]
use_login() {
	local session=arn:aws:iam::123456789012:user/ann
	start_givers
	export AWS_ENDPOINT_URL_SIGNIN=$GIVERS_URL
	printf '[default]\nlogin_session = %s\nregion = eu-west-1\n' "$session" |
		profile_file
	LOGIN_FILE=$HOME/.aws/login/cache/$(printf %s "$session" | sha256sum | cut -c -64).json
	openssl ecparam -name prime256v1 -genkey -noout >"$HOME/key.pem"
	jq -n --arg id "$KEY" --arg secret "$SECRET" --arg token "$TOKEN" \
		--argjson left "$1" --rawfile pem "$HOME/key.pem" '
		{accessToken: {accessKeyId: $id, secretAccessKey: $secret,
		 sessionToken: $token, accountId: "123456789012",
		 expiresAt: (now + $left | todate)},
		 clientId: "arn:aws:signin:::devtools/same-device",
		 refreshToken: "again-one", dpopKey: $pem, tokenType: "aws_sigv4",
		 idToken: "x"} + ('"${2:-{\}}"')' | put_private_file "$LOGIN_FILE"
}

@test "login: keys that have time are used as they are" {
	use_login 600
	assert_works
	assert_count 0 givers_saw /v1/token
}

@test "login: keys that end are renewed with a proof, the session kept" {
	use_login 60
	assert_works
	assert_count 1 givers_saw /v1/token 200
	jq -e '.refreshToken != "again-one" and .idToken == "x" and
		(.accessToken.expiresAt | fromdate) > now + 600' "$LOGIN_FILE"
	[ "$(stat -c %a "$LOGIN_FILE")" = 600 ]
	jq '.accessToken.expiresAt = "2020-01-01T00:00:00Z"' "$LOGIN_FILE" >"$HOME/new"
	cp "$HOME/new" "$LOGIN_FILE"
	assert_works
	assert_count 2 givers_saw /v1/token 200
}

@test "login: a refresh token is spent once by twenty processes" {
	local i pids=() bad=0
	use_login -60
	for ((i = 0; i < 20; i++)); do
		"$TC_BIN" fetch mtd-costs --no-local --no-remote \
			>/dev/null 2>"$HOME/stderr-$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || bad=$((bad + 1))
	done
	[ "$bad" -eq 0 ] || {
		cat "$HOME"/stderr-*
		return 1
	}
	assert_count 1 givers_saw /v1/token
}

@test "login: each way to fail names its cause and the next command" {
	use_login -60 '{refreshToken: "again-old"}'
	assert_fails "TOKEN_EXPIRED" "sign in again: aws login --profile default"
	rm "$LOGIN_FILE"
	assert_fails "nobody has signed in" "aws login --profile default"
	rm -rf "$STATE_DIR"
	use_login -60 '{dpopKey: "none"}'
	assert_fails "no P-256 private key" "aws login --profile default"
	scenario '{answers: {"POST /v1/token": {status: 403, body:
		{error: "INSUFFICIENT_PERMISSIONS", message: "not allowed"}}}}'
	use_login -60
	assert_fails "INSUFFICIENT_PERMISSIONS" "SignInLocalDevelopmentAccess"
	# Refused while there is time left: no failure.
	rm -rf "$STATE_DIR"
	use_login 60
	assert_works
}

# ----------------------------------------------------------------- containers

use_container() {
	start_givers
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$GIVERS_URL/v1/credentials
}

@test "container: an agent on loopback, with a token or its file" {
	use_container
	assert_works
	scenario '{authorization: "Basic dG9rZW4="}'
	export AWS_CONTAINER_AUTHORIZATION_TOKEN='Basic dG9rZW4='
	assert_works
	scenario '{authorization: "of the file"}'
	echo "of the file" >"$HOME/token"
	export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$HOME/token
	assert_works
	scenario '{authorization: "another"}'
	assert_fails "status 401: another token"
	echo another >"$HOME/token"
	assert_works
	printf 'a\nb\n' >"$HOME/token"
	assert_fails "has a line end"
}

@test "container: each way to fail is an error with its reason" {
	use_container
	AWS_CONTAINER_CREDENTIALS_FULL_URI=http://keys.example.com/x \
		assert_fails "is plain http to 'keys.example.com'"
	AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@keys.example.com/x \
		assert_fails "does not begin with '/'"
	scenario '{lasts: -60}'
	assert_fails "keys that expired at"
	scenario '{answers: {"GET /v1/credentials": {body: "<html>"}}}'
	assert_fails "is not JSON"
	scenario '{answers: {"GET /v1/credentials": {body: {AccessKeyId: "A"}}}}'
	assert_fails "has no SecretAccessKey"
	AWS_CONTAINER_CREDENTIALS_FULL_URI=$(refused_url) \
		assert_fails "cannot get the container's credentials" \
		"unset the variable"
}

@test "container: a slow answer is asked for again, three times in all" {
	use_container
	scenario '{answers: {"GET /v1/credentials": {delay: 3, times: 1}}}'
	assert_works
	local began=$SECONDS
	scenario '{answers: {"GET /v1/credentials": {delay: 3}}}'
	assert_fails "cannot get the container's credentials"
	[ $((SECONDS - began)) -lt 20 ]
}

@test "container: https, with the authority that AWS_CA_BUNDLE names" {
	use_container
	open_fault_lane "$GIVERS_URL" good
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$FAULT_URL/v1/credentials
	AWS_CA_BUNDLE=$FAULT_CA_FILE assert_works
	assert_fails "cannot get the container's credentials"
}

# ------------------------------------------------------------- EC2's metadata

use_imds() {
	start_givers
	unset AWS_EC2_METADATA_DISABLED
	export AWS_EC2_METADATA_SERVICE_ENDPOINT=$GIVERS_URL
}

@test "imds: a session, the role, its keys; version 1 where it must be" {
	use_imds
	assert_works
	assert_count 1 givers_saw /latest/api/token 200
	scenario '{imds: "v1"}'
	assert_works
	AWS_EC2_METADATA_V1_DISABLED=true assert_fails "version 1 is disabled"
	scenario '{imds: "v2-only"}'
	assert_fails "it insists on version 2"
	scenario '{imds: "hop-limit"}'
	assert_works
}

@test "imds: where nobody names a region, it is the instance's" {
	use_imds
	scenario '{region: "ap-south-1"}'
	tc doctor --only credentials --json
	assert_status 0
	assert_json '.credentials.region == "ap-south-1"'
	assert_count 1 givers_saw /latest/meta-data/placement/region 200
	assert_works
	AWS_REGION=eu-west-1 tc doctor --only credentials --json
	assert_json '.credentials.region == "eu-west-1"'
	assert_count 2 givers_saw /latest/meta-data/placement/region
	# Without it too: it is not what is needed.
	scenario
	tc doctor --only credentials --json
	assert_status 0
	assert_json '.credentials.region == null'
	# And for a role that is assumed with the instance's keys.
	scenario '{region: "ap-south-1"}'
	profile_file <<-EOF
		[default]
		role_arn = arn:aws:iam::$ACCOUNT:role/none
		credential_source = Ec2InstanceMetadata
	EOF
	tc doctor --only credentials --json
	assert_status 0
	assert_json '.credentials.source == "assume-role" and
		.credentials.region == "ap-south-1"'
	[ "$(jq -rs '[.[] | select(.operation == "AssumeRole") | .access_key] |
		join(" ")' "$AWS_LOG")" = "$KEY" ]
}

@test "a role by the keys of a container" {
	use_container
	profile_file <<-EOF
		[default]
		role_arn = arn:aws:iam::$ACCOUNT:role/none
		credential_source = EcsContainer
	EOF
	mark_requests
	tc doctor --only credentials --json -vv
	assert_status 0
	assert_count 1 sts_requests
	# The agent and STS, and nobody else.
	[ "$(grep -c ' http://' "$TC_STDERR")" -eq 2 ]
	assert_json '.credentials.source == "assume-role"'
	[ "$(jq -rs '[.[] | select(.operation == "AssumeRole") | .access_key] |
		join(" ")' "$AWS_LOG")" = "$KEY" ]
}

@test "imds: a session that has run out is replaced" {
	use_imds
	scenario '{answers: {"GET /latest/meta-data/iam/security-credentials/":
		{status: 401, times: 1}}}'
	assert_works
	assert_count 2 givers_saw /latest/api/token 200
}

@test "imds: what gives no keys is passed over with the reason" {
	use_imds
	scenario '{imds: "no-role"}'
	assert_fails "imds: the role's name: status 404: there is no instance profile"
	scenario '{imds: "untrusted"}'
	assert_fails "no keys: AssumeRoleUnauthorizedAccess: EC2 cannot assume"
	scenario '{answers: {"PUT /latest/api/token": {status: 500}}}'
	assert_fails "answers with status 500 when asked for a session"
	scenario '{answers: {"PUT /latest/api/token": {body: "<html> hotel"}}}'
	assert_fails "is no metadata service"
	scenario '{answers: {"GET /latest/meta-data/iam/security-credentials/web-server":
		{body: "<html>"}}}'
	assert_fails "metadata service's answer is not JSON" \
		"AWS_EC2_METADATA_DISABLED=true"
	AWS_EC2_METADATA_DISABLED=true assert_fails \
		"imds: AWS_EC2_METADATA_DISABLED is true"
	AWS_EC2_METADATA_SERVICE_ENDPOINT=$(refused_url) assert_fails \
		"imds: no metadata service:"
}

@test "imds: keys whose time is over are used while there are no others" {
	use_imds
	scenario '{imds: "expired"}'
	assert_works
}

@test "imds: where nobody answers, a second is all it takes" {
	local took
	use_imds
	AWS_EC2_METADATA_SERVICE_ENDPOINT=$(black_hole_url)
	assert_fails "imds: no metadata service:"
	# One request, whose own time the trace has: this machine may be busy.
	[ "$(grep -c ' http://.*: connect, ' "$TC_STDERR")" -eq 1 ]
	took=$(sed -n 's/.*: connect, \([0-9]*\) ms.*/\1/p' "$TC_STDERR")
	[ "$took" -ge 900 ] && [ "$took" -lt 2000 ]
}

# ------------------------------------------- the addresses of the real ones

# The product in a network of its own, which has the link-local addresses.
inside() {
	local unshare=(unshare --net)
	"${unshare[@]}" true 2>/dev/null || unshare=(unshare --map-root-user --net)
	"${unshare[@]}" true 2>/dev/null || skip "no network namespaces"
	command -v ip >/dev/null || skip "no ip(8)"
	cat >"$BATS_TEST_TMPDIR/inside" <<-EOF
		#!/bin/bash
		ip link set lo up
		for address in 169.254.169.254/32 169.254.170.2/32 169.254.170.23/32; do
			ip address add \$address dev lo || exit 99
		done
		for address in fd00:ec2::254/128 fd00:ec2::23/128; do
			ip -6 address add \$address dev lo nodad || exit 98
		done
		"$SERVERS/credentials/start" "$GIVERS" --owner \$\$ 127.0.0.1:8000 \
			169.254.169.254:80 169.254.170.2:80 169.254.170.23:80 \
			[fd00:ec2::254]:80 [fd00:ec2::23]:80 >/dev/null || exit 97
		"$TC_BIN" "\$@"
		status=\$?
		"$SERVERS/credentials/stop" "$GIVERS"
		exit \$status
	EOF
	cat >"$BATS_TEST_TMPDIR/enter" <<-EOF
		#!/bin/bash
		exec ${unshare[*]} bash "$BATS_TEST_TMPDIR/inside" "\$@"
	EOF
	chmod +x "$BATS_TEST_TMPDIR/enter"
	export AWS_ENDPOINT_URL_STS=http://127.0.0.1:8000
	export AWS_ENDPOINT_URL_COST_EXPLORER=http://127.0.0.1:8000
	rm -f "$GIVERS/requests.jsonl"
	run_product "$BATS_TEST_TMPDIR/enter" fetch mtd-costs --no-local \
		--no-remote
	[ "$status" -ne 98 ] || skip "no IPv6"
	# Cost Explorer refuses everybody there; what counts is who asked. (STS
	# is not asked where the agent has told the account.)
	assert_status 5
	jq -es --arg key "$KEY" --arg token "$TOKEN" '
		[.[] | select(.path == "/")] | length >= 1 and
		all(.access_key == $key and .token == $token)' \
		"$GIVERS/requests.jsonl"
}

# hosts_asked PATH: the Host of those requests.
hosts_asked() {
	jq -rs --arg path "$1" '[.[] | select(.path | startswith($path)) |
		.host] | unique | join(" ")' "$GIVERS/requests.jsonl"
}

@test "imds at its own address, past any proxy" {
	unset AWS_EC2_METADATA_DISABLED
	export http_proxy=http://127.0.0.1:9 no_proxy=127.0.0.1
	inside
	[ "$(hosts_asked /latest/)" = 169.254.169.254 ]
}

@test "imds at its own IPv6 address" {
	unset AWS_EC2_METADATA_DISABLED
	export AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6
	inside
	[ "$(hosts_asked /latest/)" = "[fd00:ec2::254]" ]
}

@test "container: ECS at its own address, past any proxy" {
	export http_proxy=http://127.0.0.1:9 no_proxy=127.0.0.1
	export AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/0123
	inside
	[ "$(hosts_asked /v2/)" = 169.254.170.2 ]
}

@test "container: EKS Pod Identity at its own addresses" {
	scenario '{authorization: "jwt"}'
	printf jwt >"$HOME/token"
	export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$HOME/token
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials
	inside
	[ "$(hosts_asked /v1/)" = 169.254.170.23 ]
	export AWS_CONTAINER_CREDENTIALS_FULL_URI='http://[fd00:ec2::23]/v1/credentials'
	inside
	[ "$(hosts_asked /v1/)" = "[fd00:ec2::23]" ]
}
