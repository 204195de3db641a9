#!/usr/bin/env bats
load helper

@test "version: name and number, on one line" {
	tc version
	assert_status 0
	[[ $output =~ ^teamcache\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	assert_stderr_empty
}

@test "version: -V, --version, before and behind a command" {
	tc version
	local want=$output
	for arguments in -V --version "fetch -V" "--version push" \
		"fetch --nonsense --version"; do
		# shellcheck disable=SC2086 # words
		tc $arguments
		assert_status 0
		assert_output "$want"
	done
}

@test "version -v: what the program is made of" {
	tc version -v
	assert_status 0
	assert_output_has curl
	assert_output_has bearssl
	[ "${#lines[@]}" -eq 8 ]
}

@test "version --json: each part with version and Debian revision" {
	tc version
	local number=${output#teamcache }
	tc version --json
	assert_status 0
	assert_json '.command == "version" and .exit_status == 0'
	assert_json '.version == $v and .schema_version == 1' --arg v "$number"
	assert_json '.parts | map(.name) | contains(["curl", "bearssl", "zlib",
		"expat", "jsmn", "ca-certificates"])'
	assert_json '.libc as $l | .parts | any(.name == $l)'
	assert_json '.parts | all((.version | length > 0) and
		.debian_version == (if .debian_revision == null then .version
			else .version + "-" + .debian_revision end))'
	[ "${#lines[@]}" -eq 1 ]
}

@test "version --json: curl is the one that is pinned" {
	tc --version --json
	assert_json '.parts[] | select(.name == "curl").version == "8.14.1"'
}

@test "version: an operand is a usage error" {
	tc version fetch
	assert_status 2
	assert_output ""
	assert_stderr_has "unexpected operand 'fetch'"
}
