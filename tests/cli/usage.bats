#!/usr/bin/env bats
load helper

# usage ERROR HINT ARGUMENT...: exit 2, nothing on stdout, both on stderr.
usage() {
	local error=$1 hint=$2
	shift 2
	tc "$@"
	assert_status 2
	assert_output ""
	assert_stderr_has "teamcache: $error"
	assert_stderr_has "$hint"
}

@test "no command: a short usage on stderr, exit 2" {
	usage "no command was given" "usage: teamcache COMMAND"
	usage "no command was given" "usage: teamcache COMMAND" -v
	usage "no command was given" "usage: teamcache COMMAND" -- fetch
}

@test "an unknown command names the nearest one" {
	usage "unknown command 'fecth'" "did you mean 'fetch'?" fecth
	usage "unknown command 'inval'" "did you mean 'invalidate'?" inval
	usage "unknown command 'zzzzzz'" "lists the commands" zzzzzz
	usage "config cannot 'frob'" "'teamcache help config'" config frob
	usage "--type goes with 'config set' and 'config unset', not with 'config get'" \
		"" config get operation --type x
}

@test "an unknown option names the nearest one, and is never completed" {
	usage "unknown option '--mont' of 'fetch'" "did you mean '--month'?" \
		fetch --mont 2026-10
	usage "unknown option '--profil'" "did you mean '--profile'?" \
		--profil x fetch
	usage "unknown option '-x' of 'fetch'" "'teamcache fetch -h'" fetch -x
}

@test "an option of another command says whose it is" {
	usage "'fetch' has no option '--if-absent'" "'teamcache push'" \
		fetch --if-absent
	usage "option '--month' stands before the command" \
		"put it after the command" --month 2026-10 fetch
}

@test "a malformed value is quoted, and what is valid said" {
	usage "option '--month': '2026-1' is not a month" "YYYY-MM" \
		fetch --month 2026-1
	usage "option '--ttl': '90' is not a duration" "15m" fetch --ttl 90
	usage "option '--ttl': '5m' is out of range" "15m to 60m" \
		fetch --ttl 5m
	usage "option '--format': 'jsn' is not one of json|envelope" \
		"did you mean 'json'?" fetch --format jsn
	usage "option '--format': 'CSV' is not one of json|envelope" \
		"did you mean 'csv'?" fetch --format CSV
	usage "option '--account': '1234' is not an account id" \
		"twelve digits" fetch --account 1234
	usage "option '--bucket': the value is empty" "not empty" \
		fetch --bucket ""
}

@test "variables of AWS's that cannot be used are named, with what mends them" {
	export AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE00 AWS_SECRET_ACCESS_KEY=no/secret
	AWS_MAX_ATTEMPTS=abc usage "AWS_MAX_ATTEMPTS is 'abc': it takes" "1 to 100" fetch
	[[ $stderr != *--account* ]]
	AWS_ENDPOINT_URL_S3=foo usage "cannot use the configured endpoint: 'foo'" \
		"AWS_ENDPOINT_URL" fetch --bucket acme-costs --account 123456789012
}

@test "no bucket helps where the team cache is off" {
	export TEAMCACHE_TEAM_CACHE=off
	echo 1 >"$HOME/notes.json"
	usage "there is no team cache to push to: TEAMCACHE_TEAM_CACHE is off" \
		"team_cache must not be off" push notes "$HOME/notes.json"
	usage "there is no bucket to verify: TEAMCACHE_TEAM_CACHE is off" \
		"team_cache must not be off" verify-bucket
	usage "--bucket names a bucket, yet team_cache is off" \
		"set team_cache = on" verify-bucket --bucket acme-costs
}

@test "a value that is missing, not wanted, or given twice" {
	usage "option '--month' needs a value: YYYY-MM" "" fetch --month
	usage "option '--bucket' needs a value" "'--bucket=--all'" \
		fetch --bucket --all
	usage "option '--all' takes no value" "" fetch --all=yes
	usage "option '--month' is given twice" "one value" \
		fetch --month 2026-10 --month 2026-10
}

@test "options that exclude each other say why" {
	usage "'--offline' and '--refresh' cannot be used together" "" \
		fetch --refresh --offline
	usage "'--if-absent' and '--if-newer' cannot be used together" "" \
		push x --if-newer --if-absent
	tc fetch --json --format envelope
	assert_status 2
	assert_json '.error.message | test("--json. and .--format")'
}

@test "a password in a mistyped option stays secret" {
	tc fetch --endpoint-url https://u:hunter2@s3.example.com
	assert_status 2
	[[ $stderr != *hunter2* ]]
	tc fetch --endpont-url=https://u:hunter2@s3.example.com
	assert_status 2
	[[ $stderr != *hunter2* ]]
}

@test "control bytes in an argument do not reach the terminal" {
	tc fetch --month $'\e]0;title\a'
	assert_status 2
	[[ $stderr != *$'\e'* && $stderr != *$'\a'* ]]
}

@test "common options may stand before the command" {
	tc --json --profile x --color=never fetch --mont x
	assert_status 2
	assert_json '.command == "fetch"'
}

@test "--json: an error is one object, with the same exit status" {
	tc fetch --mont x --json
	assert_status 2
	[ "${#lines[@]}" -eq 1 ]
	assert_json '. == {command: "fetch", exit_status: 2, error: {
		class: "usage", code: null, request_id: null,
		message: "unknown option \u0027--mont\u0027 of \u0027fetch\u0027",
		hint: "did you mean \u0027--month\u0027?"}}'
	assert_stderr_has "unknown option '--mont'"
	tc --json fecth
	assert_status 2
	assert_json '.command == null and .error.class == "usage"'
	tc fecth -- --json
	assert_status 2
	assert_output ""
}

@test "-q and -v: the last one counts; errors are shown always" {
	tc fetch -v -q --mont x
	assert_status 2
	assert_stderr_has "unknown option"
}

@test "stdout that is full, closed or read-only: exit 1" {
	local status
	for target in full closed unwritable; do
		for arguments in version help "help --man" "version --json" \
			"completion bash"; do
			status=0
			case $target in
			full)
				# shellcheck disable=SC2086 # words
				"$TC_BIN" $arguments >/dev/full \
					2>"$BATS_TEST_TMPDIR/err" || status=$?
				;;
			closed)
				# shellcheck disable=SC2086 # words
				"$TC_BIN" $arguments >&- \
					2>"$BATS_TEST_TMPDIR/err" || status=$?
				;;
			unwritable)
				# shellcheck disable=SC2086 # words
				"$TC_BIN" $arguments 1</dev/null \
					2>"$BATS_TEST_TMPDIR/err" || status=$?
				;;
			esac
			[ "$status" -eq 1 ]
			grep -q "standard output" "$BATS_TEST_TMPDIR/err"
			note_status "${arguments%% *}" 1
		done
	done
}

@test "stdin and stderr may be closed" {
	"$TC_BIN" version <&- >"$BATS_TEST_TMPDIR/out" 2>&-
	grep -q '^teamcache ' "$BATS_TEST_TMPDIR/out"
	local status=0
	"$TC_BIN" nosuch 2>&- || status=$?
	[ "$status" -eq 2 ]
}

@test "a closed pipe ends it by SIGPIPE, quietly" {
	local status
	status=$(set +e +o pipefail
		{ sleep 0.3; "$TC_BIN" help --man 2>"$BATS_TEST_TMPDIR/err"; } | :
		echo "${PIPESTATUS[0]}")
	[ "$status" -eq 141 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
}
