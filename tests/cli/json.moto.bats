#!/usr/bin/env bats
# --json, against what `help json` and the manual page say of it.
load helper

# members: those that `help json` names.
members() {
	"$TC_BIN" help json | awk '/^  [a-z]/ { print $1 }'
}

# note COMMAND: the members of what was just printed. A policy and data have
# those that AWS gives them, an error of an entry those of any other, and what
# stands in profiles[] and settings[] is described elsewhere.
note() {
	jq -r '
		def name: map(if type == "number" then "[]" else "." + . end) |
			join("") | ltrimstr(".");
		((.entries[]?, .checks[]?.fix) | objects | (.data, .policy) |
			select(. != null)) |= "as it is" |
		[paths] | map(name) |
		map(sub("^(entries|failed)\\[\\]\\.error\\."; "error.")) |
		map(select(test("^(profiles|settings)\\[\\]\\.") | not)) |
		unique[]' "$TC_STDOUT" >>"$BATS_TEST_TMPDIR/seen"
	# There was one object, on one line.
	[ "$(wc -l <"$TC_STDOUT")" -eq 1 ]
	assert_json ".command == \"$1\" and .exit_status == $status"
}

told() {
	local command=$1
	tc "$@" --json
	note "$command"
}

@test "--json: help json and the manual page have each member that is printed" {
	local key=cache-v1/$ACCOUNT/$THIS_MONTH
	s3_versioning
	told version
	told config set ttl 20m
	told config list
	told config get ttl
	told config get kms_key_id
	told fetch mtd-costs
	told fetch mtd-costs unknown
	told fetch --offline --account 210987654321
	AWS_ACCESS_KEY_ID='' told fetch --no-local
	told fetch mtd-costs --no-local --bucket no-such-bucket
	told push notes - <<<'{}'
	printf '{"nonce":"%032d","length":45,"holder":"job 7"}' 7 >"$HOME/lease"
	s3_put "lease-v1/$ACCOUNT/$THIS_MONTH/forecast.json" "$HOME/lease"
	told status --remote
	s3_put "$key/other.json.gz" "$HOME/lease"
	told invalidate other
	told invalidate notes --purge --yes
	s3_fault '{"method":"DELETE","path":"mtd-costs","status":403,"body":"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"}'
	told invalidate mtd-costs
	s3_faults_end
	told verify-bucket --fix --dry-run
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}]}
	EOF
	use_principal reader "$HOME/policy"
	told doctor
	for profile in one two; do
		printf '[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n' \
			"$profile" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
	done | credentials_file
	told doctor --profile one --profile two --quick
	sort -u "$BATS_TEST_TMPDIR/seen" >"$BATS_TEST_TMPDIR/printed"
	members | sort -u >"$BATS_TEST_TMPDIR/described"
	# An object's and an array's own path is said by those below it.
	jq -nr --rawfile printed "$BATS_TEST_TMPDIR/printed" \
		--rawfile described "$BATS_TEST_TMPDIR/described" '
		def lines: rtrimstr("\n") | split("\n");
		($printed | lines) as $printed | ($described | lines) as $described |
		def above($below): . as $path | any($below[]; . == $path + "[]" or
			startswith($path + ".") or startswith($path + "[]."));
		($printed[] | select((IN($described[]) or above($described)) | not) |
			"not described: " + .),
		($described[] | select(IN($printed[]) | not) |
			"never printed: " + .)' >"$BATS_TEST_TMPDIR/drift"
	cat "$BATS_TEST_TMPDIR/drift"
	[ ! -s "$BATS_TEST_TMPDIR/drift" ]
	"$TC_BIN" help --man | sed -n 's/^\.It Va //p' | tr -d '\\' >"$BATS_TEST_TMPDIR/manual"
	diff <(members) "$BATS_TEST_TMPDIR/manual"
}

@test "--json: an entry has the same members, whatever became of it" {
	local shape='[.entries[] | keys_unsorted] | unique'
	tc fetch mtd-costs unknown --json
	assert_status 3
	assert_json "$shape | length == 1"
	AWS_ACCESS_KEY_ID='' tc fetch mtd-costs --no-local --json
	assert_status 4
	assert_json "$shape | length == 1"
	assert_json '.entries[0] | .account_id == null and .key == null'
}
