#!/usr/bin/env bats
# doctor --only credentials: where keys come from, or why there are none.

load helper

@test "keys of the environment: 0, one object, no secret" {
	export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
	export AWS_SECRET_ACCESS_KEY=verysecretverysecretverysecretverysecret
	export AWS_SESSION_TOKEN=tokentokentoken AWS_REGION=eu-west-1
	tc doctor --only credentials --json
	assert_status 0
	[ "$(wc -l <"$TC_STDOUT")" -eq 1 ]
	assert_json '.command == "doctor" and .exit_status == 0'
	assert_json '.credentials | .source == "environment"
		and .access_key_id == "AKIAIOSFODNN7EXAMPLE"
		and .session_token_present and .expires_at == null
		and .account_id == null and .region == "eu-west-1"
		and .error == null and .trace[0].result == "used"'
	run ! grep -e verysecret -e tokentoken "$TC_STDOUT" "$TC_STDERR"
	# Nobody is asked for what is here.
	tc doctor --only credentials --json -vv
	assert_status 0
	run ! grep -e http:// -e https:// "$TC_STDERR"
	tc doctor --only credentials
	assert_status 0
	assert_output_has "[✓] credentials: from environment"
	run ! grep -e verysecret -e tokentoken "$TC_STDOUT" "$TC_STDERR"
}

@test "no keys: 4, each provider with its reason" {
	tc doctor --only credentials --json
	assert_status 4
	assert_json '.exit_status == 4 and .credentials.access_key_id == null'
	assert_json '.credentials.error.message | length > 0'
	assert_json '[.credentials.trace[] | select(.result == "skipped" and
		(.reason | length > 0))] | length >= 9'
	tc doctor --only credentials
	assert_status 4
	assert_output_has "[✗] credentials"
}

@test "a profile: file and line are named" {
	credentials_file <<-'EOF'
		[prod]
		aws_access_key_id = AKIAIOSFODNN7EXAMPLE
	EOF
	tc doctor --only credentials --profile prod --json
	assert_status 4
	assert_json '.credentials.error.message | test("aws_secret_access_key")'
	credentials_file <<-'EOF'
		[prod]
		aws_access_key_id = AKIAIOSFODNN7EXAMPLE
		aws_secret_access_key = verysecret
		region = eu-central-1
	EOF
	tc doctor --only credentials --profile prod --json
	assert_status 0
	assert_json '.credentials.source == "profile" and .credentials.region == "eu-central-1"'
	assert_json '[.credentials.trace[] | select(.result == "used")][0].reason | test("line 2")'
	tc doctor --only credentials --profile nowhere --json
	assert_status 4
}

@test "it needs no settings, not even sound ones" {
	export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=x
	export TEAMCACHE_TTL=nonsense
	write_settings <<<'[broken'
	tc doctor --only credentials --json
	assert_status 0
}

@test "usage errors, and a full stdout" {
	tc doctor --only nothing
	assert_status 2
	tc doctor something
	assert_status 2
	tc doctor --only credentials --report - --json
	assert_status 2
	assert_json '.exit_status == 2 and (.error.hint | test("name a file"))'
	assert_stderr_has "--json prints one object"
	export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=x
	status=0
	"$TC_BIN" doctor --only credentials >/dev/full 2>"$HOME/err" || status=$?
	note_status doctor "$status"
	[ "$status" -eq 1 ]
}

@test "a store that nothing can be written to is told, not believed" {
	TEAMCACHE_DIR=/proc/sys tc doctor --only local-store --json
	assert_status 0
	assert_json '.checks[0] | .status == "warn" and (.summary | test("/proc/sys"))'
	tc doctor --only local-store --json
	assert_json '.checks[0].status == "pass"'
	[ -z "$(find "$HOME" -name '.teamcache-tmp*')" ]
}

@test "a variable that is misspelt is told, with the one that was meant" {
	export TEAMCACHE_BUCKETT=verysecret TEAMCACHE_TTL=20m
	tc doctor --only environment --json
	assert_status 0
	assert_json '.checks[0] | .name == "environment" and .status == "warn"
		and (.summary | endswith("\u0027TEAMCACHE_BUCKETT\u0027 (did you mean \u0027TEAMCACHE_BUCKET\u0027?)"))
		and (.detail | startswith("profile \u0027default\u0027, no bucket"))
		and (.fix.text | test("teamcache help settings"))'
	run ! grep verysecret "$TC_STDOUT" "$TC_STDERR"
	tc doctor --only environment
	assert_status 0
	assert_output_has "[!] environment: ignored, as teamcache knows no such variable: 'TEAMCACHE_BUCKETT'"
	# What else is wrong is told first.
	TEAMCACHE_TTL=5m tc doctor --only environment --json
	assert_status 10
	assert_json '.checks[0] | .status == "fail" and (.summary | startswith("TEAMCACHE_TTL cannot be"))
		and (.detail | test("TEAMCACHE_BUCKETT"))'
	env $'TEAMCACHE_\e[31mX=verysecret' "$TC_BIN" doctor --only environment --report - >"$HOME/out"
	grep -qF 'TEAMCACHE\_?\[31mX' "$HOME/out"
	run ! grep -e $'\e' -e verysecret "$HOME/out"
	# Scripts stay quiet.
	tc fetch mtd-costs --offline --account 123456789012
	assert_status 3
	run ! grep BUCKETT "$TC_STDOUT" "$TC_STDERR"
	unset TEAMCACHE_BUCKETT
	tc doctor --only environment --json
	assert_json '.checks[0].status == "pass"'
}

@test "--report - alone tells of credentials, and ends as ever" {
	cd "$HOME"
	tc doctor --only credentials --report -
	assert_status 4
	[ ! -e ./- ]
	[ "${lines[0]}" = "## teamcache doctor: profile default" ]
	export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=x
	tc doctor --only credentials --report -
	assert_status 0
	assert_output_has "| credentials | pass | "
	status=0
	"$TC_BIN" doctor --only credentials --report - >/dev/full 2>"$HOME/err" || status=$?
	note_status doctor "$status"
	[ "$status" -eq 1 ]
}

@test "a lock that a stopped process holds is told, with who it is" {
	local file pid ready
	tc push notes - --local --account 123456789012 <<<'{}'
	assert_status 0
	file=$(echo "$CACHE_DIR"/*/cache-v1)
	file=${file%cache-v1}lock-v1/123456789012/2026-01/full-data.lock
	mkdir -p "${file%/*}"
	chmod -R go= "$CACHE_DIR"
	"$TC_PYTHON" -c 'import fcntl, os, signal, sys
f = open(sys.argv[1], "w")
fcntl.flock(f, fcntl.LOCK_EX)
open(sys.argv[2], "w").close()
signal.pause()' "$file" "$HOME/held" 3>&- &
	pid=$!
	for ((ready = 0; ready < 500; ready++)); do
		[ ! -e "$HOME/held" ] || break
		sleep 0.02
	done
	tc doctor --only local-store --json
	assert_status 0
	assert_json '.checks[0] | .status == "pass" and
		(.detail | test("full-data.lock. is locked by process \($pid): a purchase is under way"))' \
		--arg pid "$pid"
	kill -STOP "$pid"
	tc doctor --only local-store --json
	assert_status 0
	assert_json '.checks[0] | .status == "warn" and (.summary | test("process \($pid), which is stopped"))
		and (.fix.text | test("kill -CONT \($pid)"))' --arg pid "$pid"
	kill -KILL "$pid"
	wait "$pid" || true
	tc doctor --only local-store --json
	assert_status 0
	assert_json '.checks[0] | .status == "pass" and .detail == ""'
}

@test "an AWS file that is a pipe, and nobody writes: signals end the wait" {
	mkfifo "$HOME/pipe"
	AWS_CONFIG_FILE=$HOME/pipe "$TC_BIN" fetch >/dev/null 2>&1 3>&- &
	pid=$!
	sleep 1
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	note_status fetch "$status"
	[ "$status" -eq 143 ]
}

@test "a slow credential_process ends with 130 and 143" {
	profile_file <<-'EOF'
		[profile slow]
		credential_process = sleep 30
	EOF
	for pair in INT:130 TERM:143 HUP:143; do
		env --default-signal=INT,HUP "$TC_BIN" doctor --only credentials --profile slow \
			>/dev/null 2>&1 3>&- &
		pid=$!
		sleep 1
		kill "-${pair%:*}" "$pid"
		status=0
		wait "$pid" || status=$?
		note_status doctor "$status"
		[ "$status" -eq "${pair#*:}" ]
	done
}
