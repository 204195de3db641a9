#!/usr/bin/env bats
# A test fails when anything that it ran printed a secret: proved with programs
# that do.

load helper

# leaks: does what was run so far count as a leak? Then it is forgotten.
leaks() {
	! no_secret_leaked || return 1
	rm "$BATS_TEST_TMPDIR/leaks"
}

@test "a key, a token, one of an AWS file, one of a token's file" {
	export AWS_SECRET_ACCESS_KEY=secret/of+the+environment AWS_SESSION_TOKEN=token-of-the-session
	run_product printenv AWS_SECRET_ACCESS_KEY
	leaks
	run_product bash -c 'echo "at ${AWS_SESSION_TOKEN}." >&2'
	leaks
	run_product printenv HOME
	no_secret_leaked
	credentials_file <<-'EOF'
		[default]
		aws_secret_access_key = kept/in+the+file=
	EOF
	run_product sed -n '$p' "$HOME/.aws/credentials"
	leaks
	echo token-of-a-job >"$HOME/token"
	export AWS_WEB_IDENTITY_TOKEN_FILE=$HOME/token
	run_product cat "$HOME/token"
	leaks
	TOKEN=token-that-is-echoed run_product echo "<Token-0>token-that-is-echoed</Token-0>"
	leaks
}

@test "what lies with the data: a key, and one that the product keeps" {
	mkdir -p "$CACHE_DIR/x" "$STATE_DIR/credentials"
	echo "with $TEST_SECRET_KEY in it" >"$CACHE_DIR/x/y"
	leaks
	echo nothing >"$CACHE_DIR/x/y"
	no_secret_leaked
	echo '{"secret_access_key":"of/the+role==","session_token":"of-the-session"}' \
		>"$STATE_DIR/credentials/k"
	no_secret_leaked
	echo "of-the-session" >"$CACHE_DIR/x/y"
	leaks
	echo "of/the+role==" >"$CACHE_DIR/x/y"
	new_machine
	leaks
	rm -r "$BATS_TEST_TMPDIR"/machine-*/.cache/teamcache
}

@test "what a run wrote to a file, and what is large" {
	echo "with $TEST_SECRET_KEY in it" >"$BATS_TEST_TMPDIR/out.3"
	leaks
	rm "$BATS_TEST_TMPDIR/out.3"
	run_product bash -c "head -c 5000000 /dev/zero | tr '\\0' x; echo '$TEST_SECRET_KEY'"
	leaks
}
