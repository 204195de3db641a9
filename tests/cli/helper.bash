# What the command-line tests share. In a test file: `load helper`.
#
# Every test has a machine of its own (HOME and the XDG directories), a bucket,
# a lane of the AWS stand-in (its own port, request log, settings and canned
# answers) and a proxy before S3 (its own port, request log and faults). So
# tests can run side by side, and what one does reaches no other.
# tests/servers/README.md describes the servers.
# shellcheck shell=bash source-path=SCRIPTDIR
# shellcheck disable=SC2034,SC2120 # many names are for the tests

bats_require_minimum_version 1.5.0

# shellcheck source=../servers/lib/identity.sh
. "$BATS_TEST_DIRNAME/../servers/lib/identity.sh"

SERVERS=$BATS_TEST_DIRNAME/../servers
ACCOUNT=$TEST_ACCOUNT
REGION=$TEST_REGION
TZ=UTC printf -v TODAY '%(%Y-%m-%d)T' -1
THIS_MONTH=${TODAY%-*}

# months_before N: that many months before this one, YYYY-MM.
months_before() {
	local n=$((${TODAY:0:4} * 12 + 10#${TODAY:5:2} - 1 - $1))
	printf '%04d-%02d\n' $((n / 12)) $((n % 12 + 1))
}

LAST_MONTH=$(months_before 1)
CLOSED_MONTH=$(months_before 5)

setup() {
	isolate
	if [ -n "$TC_STORE" ]; then
		use_store proxied
	fi
}

teardown() {
	release
}

# ---------------------------------------------------------------- the machine

# A clean machine: nothing of the caller's environment that means something to
# the product, to AWS or to a shell tool.
isolate() {
	local name
	for name in $(compgen -e); do
		case $name in
		AWS_* | TEAMCACHE* | XDG_* | GITHUB_* | GITLAB_* | RUNNER_* | \
			CI | CI_* | *_proxy | *_PROXY | SSL_CERT_* | NO_COLOR | CLICOLOR* | \
			FORCE_COLOR | LC_* | LANGUAGE | TZ | PAGER | EDITOR | \
			VISUAL | COLUMNS | LINES)
			unset "$name"
			;;
		esac
	done
	export LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true
	use_machine 1
}

# use_machine NAME: go to that machine, a new one if it was never used. A new
# one has the settings and the AWS files of the machine before, no caches.
use_machine() {
	local before=${HOME:-} home=$BATS_TEST_TMPDIR/machine-$1
	MACHINE=$1
	if [ ! -d "$home" ]; then
		mkdir -p "$home"/{.config,.cache,.local/state,.local/share,run}
		chmod 700 "$home/run"
		case $before in
		"$BATS_TEST_TMPDIR"/*)
			cp -a "$before/.config/." "$home/.config"
			[ ! -d "$before/.aws" ] || cp -a "$before/.aws" "$home"
			;;
		esac
	fi
	export HOME=$home
	export XDG_CONFIG_HOME=$home/.config XDG_CACHE_HOME=$home/.cache
	export XDG_STATE_HOME=$home/.local/state XDG_DATA_HOME=$home/.local/share
	export XDG_RUNTIME_DIR=$home/run
	CACHE_DIR=$XDG_CACHE_HOME/teamcache
	STATE_DIR=$XDG_STATE_HOME/teamcache
	SETTINGS=$XDG_CONFIG_HOME/teamcache/config
}

# Another machine: same bucket, settings and keys, nothing cached.
new_machine() {
	machines=$((${machines:-1} + 1))
	use_machine "$machines"
}

# write_settings <TEXT, profile_file <TEXT, credentials_file <TEXT
write_settings() {
	put_private_file "$SETTINGS"
}

profile_file() {
	put_private_file "$HOME/.aws/config"
}

credentials_file() {
	put_private_file "$HOME/.aws/credentials"
}

put_private_file() {
	mkdir -p "${1%/*}"
	(umask 077 && cat >"$1")
	keep_secrets_of "$1"
}

# ---------------------------------------------------------------- the product

# tc ARGUMENT...: runs the product. Afterwards $status, $output, $stderr, the
# arrays lines and stderr_lines, and byte for byte the files $TC_STDOUT and
# $TC_STDERR. stdin passes through.
tc() {
	run_product "$TC_BIN" "$@"
}

# tc_at TIME ARGUMENT...: with the wall clock at TIME: what date(1) understands,
# or an offset from now like +2h, -90s, +30d.
tc_at() {
	local when
	when=$(moment "$1")
	shift
	TEST_NOW=$when run_product "$TC_CLOCK_BIN" "$@"
}

# tc_after TIME ARGUMENT...: with so much time gone by since now, like +2m, on
# the wall clock and on the elapsed one.
tc_after() {
	local when
	when=$(moment "$1")
	TEST_NOW=$when TEST_ELAPSED=$1 run_product "$TC_CLOCK_BIN" "${@:2}"
}

run_product() {
	local program=$1 ran=("${@:2}")
	shift
	TC_STDOUT=$BATS_TEST_TMPDIR/stdout
	TC_STDERR=$BATS_TEST_TMPDIR/stderr
	status=0
	"$program" "$@" >"$TC_STDOUT" 2>"$TC_STDERR" || status=$?
	output=$(tr -d '\0' <"$TC_STDOUT")
	stderr=$(tr -d '\0' <"$TC_STDERR")
	mapfile -t lines <"$TC_STDOUT"
	mapfile -t stderr_lines <"$TC_STDERR"
	note_status "$(command_of "$@")" "$status"
	note_secrets
	# What the sanitizers of the asan build exit with is never a result.
	if [ "$status" -eq 86 ]; then
		show_run
		return 1
	fi
}

# keep_secret WORD...: no run of this test may print that from here on. Keys
# and tokens of the environment, of AWS files, of register_keys, and the
# variables SECRET, TOKEN and JWT are known anyway.
keep_secret() {
	local word
	for word; do
		# A shorter one is part of some other word.
		[ ${#word} -lt 10 ] || secrets["$word"]=1
	done
}

keep_secrets_of() {
	local line
	while IFS= read -r line || [ -n "$line" ]; do
		if [[ $line =~ ^[[:space:]]*(aws_secret_access_key|aws_session_token)[[:space:]]*=[[:space:]]*(.*[^[:space:]]) ]]; then
			keep_secret "${BASH_REMATCH[2]}"
		fi
	done <"$1"
}

known_secrets() {
	keep_secret "$TEST_SECRET_KEY" "$TEST_OTHER_SECRET_KEY" \
		"${AWS_SECRET_ACCESS_KEY:-}" "${AWS_SESSION_TOKEN:-}" \
		"${AWS_SECURITY_TOKEN:-}" "${TEAMCACHE_WEB_IDENTITY_TOKEN:-}" \
		"${AWS_CONTAINER_AUTHORIZATION_TOKEN:-}" \
		"${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" "${CIRCLE_OIDC_TOKEN:-}" \
		"${CIRCLE_OIDC_TOKEN_V2:-}" "${SECRET:-}" "${TOKEN:-}" "${JWT:-}"
	[ ! -f "${AWS_WEB_IDENTITY_TOKEN_FILE:-}" ] ||
		keep_secret "$(<"$AWS_WEB_IDENTITY_TOKEN_FILE")"
}

# Every run comes by here, so that it starts no program for what is small.
note_secrets() {
	local LC_ALL=C word
	known_secrets
	if [ $((${#output} + ${#stderr})) -gt 4000000 ]; then
		note_secrets_in "$TC_STDOUT" "$TC_STDERR"
		return
	fi
	for word in "${!secrets[@]}"; do
		[[ $output != *"$word"* && $stderr != *"$word"* ]] ||
			echo "${word:0:4}..., by: ${ran[*]}" >>"$BATS_TEST_TMPDIR/leaks"
	done
}

# note_secrets_in [-r] FILE...: which of them hold one.
note_secrets_in() {
	printf '%s\n' "${!secrets[@]}" >"$BATS_TEST_TMPDIR/secrets"
	grep -lFf "$BATS_TEST_TMPDIR/secrets" "$@" >>"$BATS_TEST_TMPDIR/leaks" ||
		true
}

# The keys that the product keeps for itself are secrets too.
keep_cached_keys() {
	local line
	while IFS= read -r line; do
		line=${line#*\":\"}
		keep_secret "${line%\"}"
	done < <(grep -rhoE '"(secret_access_key|session_token)":"[^"]+"' \
		"$BATS_TEST_TMPDIR"/machine-*/.local/state/teamcache/credentials \
		2>/dev/null)
}

# Whatever lies with the data: others may read that.
note_secrets_in_data() {
	[ -n "$(compgen -G "$BATS_TEST_TMPDIR/machine-*/.cache/teamcache")" ] ||
		return 0
	[ -z "$(compgen -G "$BATS_TEST_TMPDIR/machine-*/.local/state/teamcache/credentials")" ] ||
		keep_cached_keys
	note_secrets_in -r "$BATS_TEST_TMPDIR"/machine-*/.cache
}

# At the end of the test: what runs that did not come by run_product wrote to
# files of these names, whether any run printed a secret, and what lies with the
# data.
no_secret_leaked() {
	local file written=()
	for file in "$BATS_TEST_TMPDIR"/{out,err}* "$BATS_TEST_TMPDIR"/machine-*/{out,err}*; do
		[ ! -f "$file" ] || written+=("$file")
	done
	known_secrets
	[ ${#written[@]} -eq 0 ] || note_secrets_in "${written[@]}"
	note_secrets_in_data
	[ ! -s "$BATS_TEST_TMPDIR/leaks" ] || {
		echo "secrets were printed:"
		cat "$BATS_TEST_TMPDIR/leaks"
		return 1
	}
}

# at_terminal ANSWERS ARGUMENT...: the product, at a terminal where somebody
# types one line of ANSWERS after the other, each when a question (": " or
# "[y/N] ") waits;
# <TERM> sends the signal. What the terminal showed is the output.
at_terminal() {
	cat >"$BATS_TEST_TMPDIR/terminal.py" <<-'PY'
		import os, pty, signal, sys
		pid, fd = pty.fork()
		if pid == 0:
		    # Background jobs of a script ignore it.
		    signal.signal(signal.SIGINT, signal.SIG_DFL)
		    os.execv(sys.argv[2], sys.argv[2:])
		seen, answers = b"", sys.argv[1].encode().split(b"\n")
		while True:
		    try:
		        piece = os.read(fd, 4096)
		    except OSError:
		        break
		    if not piece:
		        break
		    seen += piece
		    if answers and seen.endswith((b": ", b"[y/N] ")):
		        answer = answers.pop(0)
		        if answer == b"<TERM>":
		            os.kill(pid, signal.SIGTERM)
		        else:
		            os.write(fd, answer + b"\n")
		sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
		sys.stdout.flush()
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	PY
	run_product "$TC_PYTHON" "$BATS_TEST_TMPDIR/terminal.py" "$1" "$TC_BIN" "${@:2}"
}

# moment TIME: RFC 3339, as the program with the settable clock wants it.
moment() {
	local number unit=
	case $1 in
	[+-]*[0-9][smhd])
		number=${1%[smhd]}
		case ${1: -1} in
		s) unit=seconds ;;
		m) unit=minutes ;;
		h) unit=hours ;;
		d) unit=days ;;
		esac
		date -u -d "$number $unit" +%Y-%m-%dT%H:%M:%SZ
		;;
	*) date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ ;;
	esac
}

# The first argument that is a command's name; "-" when none is.
command_of() {
	local argument
	for argument; do
		case $argument in
		fetch | push | invalidate | verify-bucket | doctor | status | \
			config | policy | completion | help | version)
			echo "$argument"
			return
			;;
		esac
	done
	echo -
}

# note_status COMMAND STATUS: for the matrix; `tc` does it by itself. Who was
# killed gave none.
note_status() {
	[ "$2" -eq 137 ] || printf '%s %s\n' "$1" "$2" >>"${TC_MATRIX:-/dev/null}"
}

show_run() {
	echo "exit status $status"
	echo "--- stdout ($(stat -c %s "$TC_STDOUT") bytes)"
	head -c 4000 "$TC_STDOUT"
	echo "--- stderr"
	head -c 4000 "$TC_STDERR"
	echo "---"
}

assert_status() {
	[ "$status" -eq "$1" ] || {
		echo "exit status $1 was expected"
		show_run
		return 1
	}
}

assert_output() {
	[ "$output" = "$1" ] || {
		printf 'this output was expected:\n%s\n' "$1"
		show_run
		return 1
	}
}

assert_output_has() {
	[[ $output == *"$1"* ]] || {
		printf 'output with this was expected: %s\n' "$1"
		show_run
		return 1
	}
}

assert_stderr_has() {
	[[ $stderr == *"$1"* ]] || {
		printf 'stderr with this was expected: %s\n' "$1"
		show_run
		return 1
	}
}

assert_stderr_empty() {
	[ ! -s "$TC_STDERR" ] || {
		echo "nothing was expected on stderr"
		show_run
		return 1
	}
}

# assert_json EXPRESSION [JQ-OPTION...]: jq says true of stdout.
assert_json() {
	local expression=$1
	shift
	jq -e "$@" "$expression" "$TC_STDOUT" >/dev/null || {
		printf 'this does not hold: %s\n' "$expression"
		show_run
		return 1
	}
}

# assert_count EXPECTED COMMAND...: the command prints that number, as the
# counting functions below do.
assert_count() {
	local expected=$1 found
	shift
	found=$("$@")
	[ "$found" -eq "$expected" ] || {
		echo "$* is $found, $expected was expected; all requests:"
		request_log
		return 1
	}
}

# terminal ANSWER ARGUMENT...: on a terminal of its own, somebody types that.
terminal() {
	local typed=$1
	shift
	status=0
	output=$("$TC_PYTHON" - "$typed" "$TC_BIN" "$@" <<-'EOF'
		import os, pty, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.execv(sys.argv[2], sys.argv[2:])
		seen = b""
		while True:
		    try:
		        part = os.read(fd, 4096)
		    except OSError:
		        break
		    if not part:
		        break
		    seen += part
		    if part.endswith(b"[y/N] "):
		        os.write(fd, sys.argv[1].encode() + b"\n")
		sys.stdout.buffer.write(seen)
		sys.stdout.flush()
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
	) || status=$?
	note_status "$(command_of "$@")" "$status"
	local ran=("$@") stderr=
	note_secrets
}

# ----------------------------------------------------------- store and servers

# use_store [proxied|direct]: a bucket, keys and endpoints for the product. S3 is
# reached through the test's own proxy, so that it can be counted, disturbed
# and taken down under one address; `direct` leaves the proxy out.
use_store() {
	need_server "$TC_STORE"
	open_aws_lane
	BUCKET=tc-$TC_STORE-$BATS_SUITE_TEST_NUMBER-$$-$RANDOM
	case $TC_STORE in
	moto) S3_URL=$AWS_URL ;;
	ceph) S3_URL=$TC_CEPH_URL S3_TLS_URL=$TC_CEPH_TLS_URL CA_FILE=$TC_CEPH_CA ;;
	esac
	s3_client create-bucket
	S3_LANE='' S3_LOG=''
	S3_ENDPOINT=$S3_URL
	if [ "${1:-}" != direct ]; then
		open_fault_lane "$S3_URL"
		S3_LANE=$FAULT_LANE S3_ENDPOINT=$FAULT_URL S3_LOG=$FAULT_LOG
	fi
	export AWS_ENDPOINT_URL_S3=$S3_ENDPOINT
	export TEAMCACHE_BUCKET=$BUCKET TEAMCACHE_REGION=$REGION
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
	mark_requests
}

# use_aws: the AWS stand-in (STS, Cost Explorer, IAM) without any bucket.
use_aws() {
	open_aws_lane
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
	mark_requests
}

need_server() {
	local reason=TC_MISSING_$1
	if [ -n "${!reason:-}" ]; then
		skip "no $1: ${!reason}"
	fi
}

open_aws_lane() {
	need_server moto
	control POST "$TC_MOTO_URL/_test/lanes"
	member AWS_LANE lane
	member AWS_URL url
	member AWS_LOG log
	export AWS_ENDPOINT_URL_STS=$AWS_URL AWS_ENDPOINT_URL_IAM=$AWS_URL
	export AWS_ENDPOINT_URL_COST_EXPLORER=$AWS_URL
}

# open_fault_lane [UPSTREAM [TLS-KIND]]: sets FAULT_LANE, FAULT_URL, FAULT_LOG
# and, with TLS (good, expired, wrong-name, unknown-ca), FAULT_CA_FILE; or with
# the certificate and key in a PEM file.
open_fault_lane() {
	local wish=
	need_server fault
	[ -z "${1:-}" ] || wish+=",\"upstream\":\"$1\""
	[ -z "${2:-}" ] || wish+=",\"tls\":\"$2\""
	control POST "$TC_FAULT_URL/lanes" "{${wish#,}}"
	member FAULT_LANE lane
	member FAULT_URL url
	member FAULT_LOG log
	member FAULT_CA_FILE ca_file
	opened_lanes+=("$FAULT_LANE")
}

# control METHOD URL [JSON]: asks a test server; its answer is in $reply. This
# is what every test does several times, so it starts no program.
control() {
	local method=$1 rest=${2#http://} body=${3:-} address line connection
	local LC_ALL=C # the length of a string is its bytes'
	address=${rest%%/*}
	exec {connection}<>"/dev/tcp/${address%:*}/${address#*:}"
	printf '%s /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
		"$method" "${rest#*/}" "$address" "${#body}" "$body" >&"$connection"
	read -r line <&"$connection"
	reply=$line
	while [ "$line" != $'\r' ]; do
		read -r line <&"$connection"
	done
	if [[ $reply != *" 200 "* ]]; then
		line=$reply
		IFS= read -r -d '' reply <&"$connection" || true
		echo "$method $2: $line $reply"
		return 1
	fi
	IFS= read -r -d '' reply <&"$connection" || true
	exec {connection}>&-
}

# member VARIABLE NAME: a string of the flat object in $reply, or nothing.
member() {
	local pattern="\"$2\": \"([^\"]*)\""
	printf -v "$1" '%s' ""
	[[ $reply =~ $pattern ]] && printf -v "$1" '%s' "${BASH_REMATCH[1]}"
	return 0
}

# Closes the test's ports, and fails where a secret was printed. A teardown of one's own ends with this.
release() {
	local lane proxy
	for proxy in "${proxies[@]}"; do
		"$SERVERS/proxy/stop" "$proxy"
	done
	for lane in "${opened_lanes[@]}"; do
		control DELETE "$TC_FAULT_URL/lanes/$lane"
	done
	[ -z "${AWS_LANE:-}" ] ||
		control DELETE "$TC_MOTO_URL/_test/lanes/$AWS_LANE"
	opened_lanes=() AWS_LANE=
	no_secret_leaked
}

use_keys() {
	export AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2
	unset AWS_SESSION_TOKEN
	[ -z "${3:-}" ] || export AWS_SESSION_TOKEN=$3
}

# server_settings NAME=VALUE...: of the stand-in, for this test.
server_settings() {
	control POST "$AWS_URL/_test/settings" "$(jq -n '
		[$ARGS.positional[] | capture("^(?<name>[^=]+)=(?<value>.*)$") |
		{(.name): (.value as $v | try ($v | fromjson) catch $v)}] | add' \
		--args "$@")"
}

# queue_response MATCH NAME=VALUE...: a canned answer of the stand-in. MATCH is
# an operation or 'METHOD /path' with * and ?. Names: status, type and message
# (an error in the service's form), body (JSON or @FILE), text, delay, times (a
# number or always), header.NAME.
queue_response() {
	local match=$1 pair
	shift
	for pair; do
		case $pair in
		body=@*) set -- "$@" "body=$(cat "${pair#body=@}")" ;;
		*) set -- "$@" "$pair" ;;
		esac
		shift
	done
	control POST "$AWS_URL/_test/responses" "$(jq -n --arg match "$match" '
		reduce ($ARGS.positional[] |
			capture("^(?<name>[^=]+)=(?<value>.*)$"; "m")) as $pair
		({match: $match};
			if $pair.name | startswith("header.") then
				.headers[$pair.name[7:]] = $pair.value
			elif $pair.name == "body" then
				.body = ($pair.value | fromjson)
			elif $pair.name | IN("status", "delay") then
				.[$pair.name] = ($pair.value | tonumber)
			elif $pair.name == "times" and $pair.value != "always" then
				.times = ($pair.value | tonumber)
			else
				.[$pair.name] = $pair.value
			end) | [.]' --args "$@")"
}

# s3_statements POLICY: without the statements for services that Ceph does not
# have, whose actions it refuses to parse.
s3_statements() {
	jq -c 'del(.Statement[] | select([.Action] | flatten |
		any(test("^(ce|kms|iam|sts):"))))' <<<"$1"
}

# use_principal NAME POLICY-FILE: a new user, USER_NAME, with that policy, on
# the store and on the stand-in; the product now has its keys.
use_principal() {
	local policy access_key secret_key answer name=$1-$RANDOM
	policy=$(cat "$2")
	if [ "$TC_STORE" = ceph ]; then
		ceph_iam Action=CreateUser UserName="$name" >/dev/null
		ceph_iam Action=PutUserPolicy UserName="$name" PolicyName=test \
			PolicyDocument="$(s3_statements "$policy")" >/dev/null
		answer=$(ceph_iam Action=CreateAccessKey UserName="$name")
		access_key=$(element AccessKeyId <<<"$answer")
		secret_key=$(element SecretAccessKey <<<"$answer")
	else
		access_key=AKIA$(random_name 16)
		secret_key=$(random_name 40)
	fi
	register_keys "$name" "$ACCOUNT" "$access_key" "$secret_key" "" "$policy"
	use_keys "$access_key" "$secret_key"
	USER_NAME=$name
}

# use_session POLICY-FILE: temporary keys with a session token.
use_session() {
	local policy name answer access_key secret_key token
	policy=$(cat "$1")
	name=session-$RANDOM$RANDOM
	if [ "$TC_STORE" = ceph ]; then
		ceph_iam Action=CreateRole RoleName="$name" \
			AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}' >/dev/null
		ceph_iam Action=PutRolePolicy RoleName="$name" PolicyName=test \
			PolicyDocument="$policy" >/dev/null
		answer=$(ceph_iam Action=AssumeRole RoleSessionName=test \
			RoleArn="arn:aws:iam::RGW11111111111111111:role/$name")
		access_key=$(element AccessKeyId <<<"$answer")
		secret_key=$(element SecretAccessKey <<<"$answer")
		token=$(element SessionToken <<<"$answer")
	else
		access_key=ASIA$(random_name 16)
		secret_key=$(random_name 40)
		token=$(random_name 120)
	fi
	register_keys "$name" "$ACCOUNT" "$access_key" "$secret_key" "$token" \
		"$policy"
	use_keys "$access_key" "$secret_key" "$token"
}

# file_keys PROFILE: the product's keys, in the credentials file instead of the
# environment.
file_keys() {
	credentials_file <<-EOF
		[$1]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOF
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# use_account ID: the product's keys now belong to an administrator of another
# account, as STS and Cost Explorer see it. On Ceph it is a user of the store's
# one account.
use_account() {
	local everything=$BATS_TEST_TMPDIR/allow-all.json
	echo '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}' >"$everything"
	sed 's/"Action":"\*"/"Action":"s3:*"/' "$everything" >"$everything.s3"
	if [ "$TC_STORE" = ceph ]; then
		use_principal "account-$1" "$everything.s3"
	else
		use_keys "AKIA$(random_name 16)" "$(random_name 40)"
	fi
	register_keys "account-$1-$RANDOM" "$1" "$AWS_ACCESS_KEY_ID" \
		"$AWS_SECRET_ACCESS_KEY" "" "$(cat "$everything")"
}

# register_keys NAME ACCOUNT ACCESS-KEY SECRET-KEY TOKEN POLICY: on the stand-in.
register_keys() {
	keep_secret "$4" "$5"
	control POST "$AWS_URL/_test/principals" "$(jq -n '
		$ARGS.positional as [$name, $account, $key, $secret, $token, $policy] |
		{name: $name, account: $account, access_key: $key,
		 secret_key: $secret, policy: ($policy | fromjson)} +
		(if $token != "" then {session_token: $token} else {} end)' \
		--args "$@")"
}

ceph_iam() {
	SERVICE=iam s3_client form "$@"
}

element() {
	sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p"
}

random_name() {
	local name
	name=$(od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n' | tr a-f A-F)
	echo "${name:0:$1}"
}

# -------------------------------------------------- S3 behind the product's back

s3_client() {
	S3_URL=$S3_URL BUCKET=$BUCKET REGION=$REGION \
		ACCESS_KEY=$TEST_ACCESS_KEY SECRET_KEY=$TEST_SECRET_KEY \
		"$TC_PYTHON" -I -S "$SERVERS/lib/s3_client.py" "$@"
}

# sound_keys [-t]: both stores are whole, below the prefix and on this machine;
# the keys in S3. Temporary files are a fault without -t.
sound_keys() {
	S3_URL=$S3_URL BUCKET=$BUCKET REGION=$REGION \
		ACCESS_KEY=$TEST_ACCESS_KEY SECRET_KEY=$TEST_SECRET_KEY \
		"$TC_PYTHON" -I -S "$BATS_TEST_DIRNAME/sound.py" "$@" \
		"${TEAMCACHE_PREFIX:-}" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
}

# s3_put KEY FILE [NAME:VALUE...]   s3_get KEY FILE   s3_rm KEY   s3_ls [PREFIX]
# s3_head KEY: status line and headers, of a missing key too.
s3_put() { s3_client put "$@"; }
s3_get() { s3_client get "$@"; }
s3_rm() { s3_client remove "$@"; }
s3_ls() { s3_client list "$@"; }
s3_head() { s3_client head "$@"; }

s3_exists() {
	[[ $(s3_head "$1") == 200* ]]
}

s3_etag() {
	s3_header "$1" etag
}

# s3_header KEY NAME: a header's value.
s3_header() {
	s3_head "$1" | tr -d '\r' | awk -v name="${2,,}" '
		BEGIN { FS = ": *" }
		tolower($1) == name { sub(/^[^:]*: */, ""); print }'
}

# s3_request METHOD PATH?QUERY [FILE|-] [NAME:VALUE...]: anything, signed.
s3_request() { s3_client request "$@"; }

s3_versioning() {
	s3_request PUT "/$BUCKET?versioning" - <<-XML | grep -q '^200'
		<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${1:-Enabled}</Status></VersioningConfiguration>
	XML
}

# s3_configure PART <BODY: a part of the bucket's configuration ("lifecycle").
s3_configure() {
	local body answer type=application/xml
	body=$(cat)
	[ "$1" != policy ] || type=application/json
	answer=$(printf %s "$body" | s3_request PUT "/$BUCKET?$1" - \
		"content-type:$type" \
		"content-md5:$(printf %s "$body" | openssl md5 -binary | base64)")
	[[ $answer == 20[04]* ]] || {
		echo "$1: $answer"
		return 1
	}
}

# ---------------------------------------------------------------------- faults

# s3_fault RULE...: rules (JSON) for the product's way to S3.
s3_fault() {
	add_rules "$S3_LANE" "$@"
}

s3_faults_end() {
	control DELETE "$TC_FAULT_URL/lanes/$S3_LANE/rules"
}

# Connecting to S3 is refused; and no more.
s3_down() {
	control POST "$TC_FAULT_URL/lanes/$S3_LANE/state" '{"down":true}'
}

s3_up() {
	control POST "$TC_FAULT_URL/lanes/$S3_LANE/state" '{"down":false}'
}

# ce_fault RULE...: for the product's way to Cost Explorer and STS.
ce_fault() {
	if [ -z "${CE_LANE:-}" ]; then
		open_fault_lane "$AWS_URL"
		CE_LANE=$FAULT_LANE CE_LOG=$FAULT_LOG
		export AWS_ENDPOINT_URL_COST_EXPLORER=$FAULT_URL
		export AWS_ENDPOINT_URL_STS=$FAULT_URL
	fi
	add_rules "$CE_LANE" "$@"
}

# Cost Explorer (and STS) refuse connections; and no more.
ce_down() {
	export AWS_ENDPOINT_URL_COST_EXPLORER AWS_ENDPOINT_URL_STS
	AWS_ENDPOINT_URL_COST_EXPLORER=$(refused_url)
	AWS_ENDPOINT_URL_STS=$AWS_ENDPOINT_URL_COST_EXPLORER
}

ce_up() {
	export AWS_ENDPOINT_URL_COST_EXPLORER=$AWS_URL AWS_ENDPOINT_URL_STS=$AWS_URL
}

# start_fault [RULE...]: a fault server with nothing behind it, at FAULT_URL.
start_fault() {
	open_fault_lane
	PLAIN_LANE=$FAULT_LANE
	[ $# -eq 0 ] || add_rules "$PLAIN_LANE" "$@"
}

# fault RULE...: more rules for the server of start_fault.
fault() {
	add_rules "$PLAIN_LANE" "$@"
}

add_rules() {
	local lane=$1 list
	shift
	printf -v list '%s,' "$@"
	control POST "$TC_FAULT_URL/lanes/$lane/rules" "[${list%,}]"
}

black_hole_url() {
	local url_found
	need_server fault
	control POST "$TC_FAULT_URL/black-hole"
	member url_found url
	echo "$url_found"
}

refused_url() {
	local url_found
	need_server fault
	control POST "$TC_FAULT_URL/refused"
	member url_found url
	echo "$url_found"
}

# -------------------------------------------------------------------- counting

# From here on: what came before is no longer counted.
mark_requests() {
	local log
	marks=()
	for log in "${AWS_LANE:-}" "${S3_LANE:-}" "${CE_LANE:-}" "${PLAIN_LANE:-}"; do
		[ -n "$log" ] || continue
		ask_log "$log" '{}'
		member "marks[$log]" entries
	done
	ceph_mark=0
	if counts_at_ceph; then
		ceph_mark=$(ceph_lines | wc -l)
	fi
}

# s3_requests [METHOD [PATH-REGEX]]: how many; likewise ce_requests [OPERATION]
# and sts_requests [OPERATION]. Only what the product sent.
s3_requests() {
	if counts_at_ceph; then
		requests_of s3 | awk -F '\t' -v method="${1:-}" -v path="${2:-}" '
			(method == "" || $3 == method) && (path == "" || $4 ~ path) { n++ }
			END { print n + 0 }'
		return
	fi
	count_requests s3 method "${1:-}" path "${2:-}"
}

ce_requests() {
	count_requests ce operation "${1:-}"
}

sts_requests() {
	count_requests sts operation "${1:-}"
}

# fault_requests [METHOD [PATH-REGEX]]: at the server of start_fault.
fault_requests() {
	ask_log "$PLAIN_LANE" "$(json_object since "${marks[$PLAIN_LANE]:-0}" \
		method "${1:-}" path "${2:-}")"
	print_member count
}

# connections SERVICE: over how many connections its requests came.
connections() {
	count_requests "$1" >/dev/null
	print_member connections
}

# count_requests SERVICE [NAME VALUE]...
count_requests() {
	local lane=${AWS_LANE:-}
	case $1 in
	s3) lane=${S3_LANE:-$lane} ;;
	*) lane=${CE_LANE:-$lane} ;;
	esac
	ask_log "$lane" "$(json_object service "$1" since "${marks[$lane]:-0}" \
		"${@:2}")"
	print_member count
}

# ask_log LANE JSON
ask_log() {
	case $1 in
	fault-*) control POST "$TC_FAULT_URL/lanes/$1/count" "$2" ;;
	*) control POST "$AWS_URL/_test/count" "$2" ;;
	esac
}

print_member() {
	local found
	member found "$1"
	echo "$found"
}

# json_object NAME VALUE...: of strings.
json_object() {
	local text='' value
	while [ $# -gt 0 ]; do
		value=${2//\\/\\\\}
		text+=",\"$1\":\"${value//\"/\\\"}\""
		shift 2
	done
	echo "{${text#,}}"
}

# Every request since the mark, a line each: service, operation, method, path,
# status.
request_log() {
	requests_of s3
	requests_of ce
	requests_of sts
}

requests_of() {
	local log=${AWS_LOG:-} lane=${AWS_LANE:-}
	if [ "$1" = s3 ] && counts_at_ceph; then
		ceph_lines | tail -n "+$((ceph_mark + 1))" |
			awk -v OFS='\t' '$4 != "teamcache-test" {
				print "s3", "-", $1, $2, $3 }'
		return
	elif [ "$1" = s3 ] && [ -n "${S3_LANE:-}" ]; then
		log=$S3_LOG lane=$S3_LANE
	elif [ "$1" != s3 ] && [ -n "${CE_LANE:-}" ]; then
		log=$CE_LOG lane=$CE_LANE
	fi
	[ -n "$log" ] || return 0
	tail -n "+$((${marks[$lane]:-0} + 1))" "$log" | jq -r --arg service "$1" '
		select(.service == $service and .user_agent != "teamcache-test") |
		[.service, .operation, .method,
		 .path + (if .query != "" then "?" + .query else "" end),
		 .status] | @tsv'
}

counts_at_ceph() {
	[ "$TC_STORE" = ceph ] && [ -n "${BUCKET:-}" ] && [ -z "${S3_LANE:-}" ]
}

# What the gateway says of this test's bucket. It writes its log a moment after
# the answer; a request of our own, once seen there, proves that the earlier
# ones are.
ceph_lines() {
	local proof=proof-$RANDOM$RANDOM tries
	curl -sS -o /dev/null -A teamcache-test "$TC_CEPH_URL/$BUCKET/$proof"
	for ((tries = 0; tries < 200; tries++)); do
		! grep -q "$proof" "$TC_CEPH_DIR/client.rgw.log" || break
		sleep 0.01
	done
	"$SERVERS/ceph/requests" "$TC_CEPH_DIR" |
		awk -v bucket="/$BUCKET" '{
			path = $2
			sub(/[?].*/, "", path)
			if (path == bucket || index(path, bucket "/") == 1) print
		}'
}

declare -gA marks=() secrets=()
opened_lanes=()

# ------------------------------------------------------------------ exemptions

# exempt STORE REASON: at the head of a test that this store cannot carry. The
# test is listed with the reason at the end of the run; it is not a skip.
exempt() {
	[ "$TC_STORE" = "$1" ] || return 0
	printf '%s\t%s\t%s\n' "$1" "$BATS_TEST_DESCRIPTION" "$2" >>"$TC_EXEMPTIONS"
	skip "EXEMPT $2"
}

# --------------------------------------------------------- proxies and bare roots

# start_proxy NAME [OPTION...]: a proxy of this test's own, at PROXY (HOST:PORT);
# the options are those of tests/servers/proxy/start.
start_proxy() {
	local port
	PROXY_DIR=$BATS_TEST_TMPDIR/proxy-$1
	port=$("$SERVERS/proxy/start" "$PROXY_DIR" --owner $$ "${@:2}")
	proxies+=("$PROXY_DIR")
	PROXY=127.0.0.1:${port#*=}
}

# The requests at the last proxy: "METHOD target status", a line each.
proxy_requests() {
	jq -r '"\(.method) \(.target) \(.status)"' "$PROXY_DIR/requests.jsonl"
}

# bare_root PROGRAM: a directory that holds it, at /teamcache, and nothing else
# (but its libraries, where a build of another kind than the product's needs some).
bare_root() {
	local library
	# It takes even its options from /proc, which is not there.
	[[ $TC_BIN != */asan/* ]] ||
		exempt "$TC_STORE" "the sanitizers do not work without /proc"
	BARE_ROOT=$BATS_TEST_TMPDIR/root
	rm -rf "$BARE_ROOT"
	mkdir "$BARE_ROOT"
	cp "$1" "$BARE_ROOT/teamcache"
	if readelf -lW "$1" | grep -q INTERP; then
		for library in $(ldd "$1" | grep -o '/[^ ]*'); do
			cp --parents -L "$library" "$BARE_ROOT"
		done
	fi
}

# in_bare_root ARGUMENT...: runs it there, with the AWS_* and TEAMCACHE_*
# variables of now and no other ones.
in_bare_root() {
	local name keep=() enter=(chroot)
	for name in $(compgen -e); do
		case $name in
		AWS_* | TEAMCACHE_* | *_proxy | UBSAN_OPTIONS)
			keep+=("$name=${!name}")
			;;
		esac
	done
	[ "$(id -u)" -eq 0 ] || enter=(unshare --map-root-user chroot)
	run_product env -i "${keep[@]}" "$(type -P "${enter[0]}")" \
		"${enter[@]:1}" "$BARE_ROOT" /teamcache "$@"
}

proxies=()
