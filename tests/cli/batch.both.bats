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

@test "one entry that fails does not keep the others" {
	tc fetch full-data unknown-type mtd-costs
	assert_status 3
	[ "${#lines[@]}" -eq 3 ]
	jq -se '.[1].data == null and .[1].error.class == "no-data"
		and .[0].data != null and .[2].data != null' "$TC_STDOUT"
	mkdir "$HOME/out"
	tc fetch full-data unknown-type --months 2 -o "$HOME/out/"
	assert_status 3
	[ "$(find "$HOME/out" -type f | wc -l)" -eq 2 ]
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
