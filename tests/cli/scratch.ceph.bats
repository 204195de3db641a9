#!/usr/bin/env bats
# A container FROM scratch: the program and nothing else, no /etc, no HOME. All
# that it needs is in variables.

load helper

setup() {
	isolate
	use_store direct
	bare_root "$TC_BIN"
	export AWS_ENDPOINT_URL_S3=$S3_TLS_URL
}

@test "nothing but the program: it writes and reads over TLS" {
	[ "$(find "$BARE_ROOT" -mindepth 1 -name 'etc' | wc -l)" -eq 0 ]
	[[ $S3_TLS_URL == https://localhost:* ]]
	cp "$CA_FILE" "$BARE_ROOT/ca.pem"
	export AWS_CA_BUNDLE=/ca.pem
	in_bare_root push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	in_bare_root fetch notes --account "$ACCOUNT"
	assert_status 0
	assert_output '{"n":1}'
	# No HOME, no local copies: one warning, or none where nobody wants any.
	[ "${#stderr_lines[@]}" -eq 1 ]
	assert_stderr_has "without a local store"
	in_bare_root fetch notes --account "$ACCOUNT" --no-local
	assert_status 0
	assert_output '{"n":1}'
	assert_stderr_empty
	s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz"
	[ "$(find "$BARE_ROOT" -newer "$BARE_ROOT/ca.pem" -type f | wc -l)" -eq 0 ]
}

@test "nothing but the program: an authority that nobody named is not believed" {
	in_bare_root push notes - --account "$ACCOUNT" --max-attempts 1 <<<'{}'
	assert_status 7
	assert_stderr_has "AWS_CA_BUNDLE"
	export AWS_CA_BUNDLE=/ca.pem
	in_bare_root push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 2
	assert_stderr_has "cannot use AWS_CA_BUNDLE '/ca.pem': there is no such file"
}
