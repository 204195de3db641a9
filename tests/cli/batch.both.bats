#!/usr/bin/env bats
# Many entries in one command: types x months x profiles, some at a time.

load helper

two_profiles() {
	profile_file <<-EOF
		[profile one]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
		[profile two]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOF
	write_settings <<-EOF
		[default]
		bucket = $BUCKET
		region = $REGION
		[profile one]
		team_cache = on
		[profile two]
		team_cache = on
		[profile three]
		team_cache = off
	EOF
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY TEAMCACHE_BUCKET
}

@test "--months: one purchase a month, lines in the order asked for" {
	tc fetch full-data mtd-costs daily-breakdown --months 4 --jobs 4
	assert_status 0
	assert_stderr_empty
	[ "${#lines[@]}" -eq 12 ]
	assert_count 4 ce_requests
	[ "$(jq -r '.period + " " + .data_type' "$TC_STDOUT" | head -4 | tr '\n' ';')" = \
		"$THIS_MONTH full-data;$THIS_MONTH mtd-costs;$THIS_MONTH daily-breakdown;$LAST_MONTH full-data;" ]
}

@test "two profiles of one account buy once between them" {
	two_profiles
	tc fetch mtd-costs --profile one --profile two --json
	assert_status 0
	assert_json '[.entries[].profile] == ["one", "two"]'
	assert_count 1 ce_requests
	mark_requests
	tc fetch mtd-costs --all-profiles --json
	assert_status 0
	assert_json '[.entries[].profile] == ["one", "two"]'
	assert_count 0 ce_requests
	tc fetch unknown-type --profile one --profile two
	assert_status 3
	assert_stderr_has "teamcache: profile 'two': no entry of type "
}

@test "connections do not exceed --jobs" {
	tc fetch full-data --months 12 --warm
	assert_status 0
	new_machine
	mark_requests
	tc fetch full-data --months 12 --jobs 3 --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.requests.s3 == 12 and ([.entries[].source] | unique) == ["remote"]'
	[ "$(connections s3)" -le 3 ]
}

@test "keys are found once for all workers" {
	printf '#!/bin/sh\necho >>"%s"\ncat "%s"\n' "$HOME/runs" "$HOME/keys" \
		>"$HOME/give-keys"
	chmod +x "$HOME/give-keys"
	jq -n --arg id "$AWS_ACCESS_KEY_ID" --arg secret "$AWS_SECRET_ACCESS_KEY" \
		'{Version: 1, AccessKeyId: $id, SecretAccessKey: $secret}' >"$HOME/keys"
	profile_file <<-EOF
		[default]
		credential_process = $HOME/give-keys
	EOF
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	tc fetch full-data --months 4 --jobs 4 --warm --account "$ACCOUNT"
	assert_status 0
	[ "$(wc -l <"$HOME/runs")" -eq 1 ]
	# A program that fails is not asked again either.
	rm "$HOME/keys" "$HOME/runs"
	tc fetch full-data --months 4 --jobs 4 --no-local --account "$ACCOUNT"
	assert_status 4
	[ "$(wc -l <"$HOME/runs")" -eq 1 ]
}

@test "one entry that fails does not keep the others" {
	tc fetch full-data unknown-type mtd-costs
	assert_status 3
	[ "${#lines[@]}" -eq 3 ]
	jq -se '.[1].data == null and .[1].error.class == "no-data"
		and .[0].data != null and .[2].data != null' "$TC_STDOUT"
	mkdir "$HOME/out"
	tc fetch full-data unknown-type --months 2 -o "$HOME/out/"
	assert_status 3
	[[ ${stderr_lines[0]} == "teamcache: $THIS_MONTH: no entry of type "* ]]
	assert_stderr_has "teamcache: $LAST_MONTH: no entry of type "
	[ "$(find "$HOME/out" -type f | wc -l)" -eq 2 ]
}

@test "the worst status of a batch is its own, and each entry has its own" {
	tc push old - --timestamp "$(date -u -d '-3 hours' +%Y-%m-%dT%H:%M:%SZ)" <<<'[1]'
	tc push new - <<<'[2]'
	printf '["%03000d"]' 0 | tc push huge -
	new_machine
	tc fetch new old --account "$ACCOUNT" --json
	assert_status 9
	assert_json '[.entries[].error.class] == [null, "stale"] and .exit_status == 9'
	tc fetch old unknown new --account "$ACCOUNT" --json
	assert_status 3
	assert_json '[.entries[].error.class] == ["stale", "no-data", null]'
	new_machine
	TEAMCACHE_MAX_OBJECT_SIZE=2000 tc fetch unknown huge old new \
		--account "$ACCOUNT" --json
	assert_status 8
	assert_json '[.entries[].error.class] == ["no-data", "data", "stale", null]'
}

@test "-o DIR/: a file each, and that of a failing entry is left alone" {
	tc push one - <<<'[1]'
	mkdir "$HOME/out"
	kept=$HOME/out/$ACCOUNT-$THIS_MONTH-unknown.json
	echo before >"$kept"
	tc fetch one unknown --account "$ACCOUNT" -o "$HOME/out/"
	assert_status 3
	assert_output ""
	[ "$(cat "$kept")" = before ]
	[ "$(cat "$HOME/out/$ACCOUNT-$THIS_MONTH-one.json")" = '[1]' ]
	[ "$(find "$HOME/out" -type f | wc -l)" -eq 2 ]
	tc fetch one --account "$ACCOUNT" -o "$HOME/none/"
	assert_status 2
}

# stderr_at_terminal ARGUMENT...: what a terminal as stderr would show.
stderr_at_terminal() {
	cat >"$HOME/terminal.py" <<-'PY'
		import os, subprocess, sys
		ours, theirs = os.openpty()
		child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL,
		                         stdout=subprocess.DEVNULL, stderr=theirs)
		os.close(theirs)
		seen = b""
		while True:
		    try:
		        piece = os.read(ours, 4096)
		    except OSError:
		        break
		    if not piece:
		        break
		    seen += piece
		sys.stdout.buffer.write(seen)
		sys.stdout.flush()
		sys.exit(child.wait())
	PY
	run_product "$TC_PYTHON" "$HOME/terminal.py" "$TC_BIN" "$@"
}

# Each entry takes a second and more; manners.moto.bats sees that it comes.
@test "progress goes to a terminal alone, not to a file, and not under -q" {
	tc push one - <<<'[1]'
	tc push two - <<<'[2]'
	add_rules "$S3_LANE" '{"method":"GET","delay":1.2}'
	stderr_at_terminal fetch one two --account "$ACCOUNT" --jobs 1 --no-local
	assert_status 0
	assert_output_has "teamcache: 1 of 2, "
	[[ $output == *$'\r\033[K' ]]
	stderr_at_terminal fetch one two --account "$ACCOUNT" --no-local -q
	assert_status 0
	assert_output ""
	tc fetch one two --account "$ACCOUNT" --no-local
	assert_stderr_empty
}

@test "what does not go together is a usage error" {
	two_profiles
	tc fetch --profile one --profile two --account 123456789012
	assert_status 2
	tc push notes - --profile one --profile two <<<'[1]'
	assert_status 2
	tc fetch --months 0
	assert_status 2
	tc fetch --jobs 1000
	assert_status 2
}
