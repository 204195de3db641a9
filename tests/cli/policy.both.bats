#!/usr/bin/env bats
# The policies are proved by enforcement: a principal that has exactly what
# `policy` prints does its work, and lacks something it needs as soon as any one
# action is taken out for any one resource.

load helper

OURS=x-amz-meta-schema-version:1
OTHER=210987654321

setup() {
	isolate
	[ -n "$TC_STORE" ] || return 0
	use_store proxied
	NOTES=cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz
	ADMIN_KEY=$AWS_ACCESS_KEY_ID ADMIN_SECRET=$AWS_SECRET_ACCESS_KEY
	USER_KEY=
}

# print_policy WORD [OPTION...]: what the product prints, in the file POLICY.
print_policy() {
	POLICY=$BATS_TEST_TMPDIR/policy.json
	"$TC_BIN" policy "$@" >"$POLICY"
	# Ceph has names of its own for these two.
	[ "$TC_STORE" != ceph ] || sed -i 's/EncryptionConfiguration/BucketEncryption/' "$POLICY"
}

# adopt FILE: the product has the keys of a user with exactly this policy; each
# time of the same one.
adopt() {
	local policy
	policy=$(cat "$1")
	if [ -z "$USER_KEY" ]; then
		use_principal policy "$1"
		USER_KEY=$AWS_ACCESS_KEY_ID USER_SECRET=$AWS_SECRET_ACCESS_KEY
		list_unknown "$policy"
		return
	fi
	if [ "$TC_STORE" = ceph ]; then
		ceph_iam Action=PutUserPolicy UserName="$USER_NAME" PolicyName=test \
			PolicyDocument="$(s3_statements "$policy")" >/dev/null
	fi
	register_keys "$USER_NAME" "$ACCOUNT" "$USER_KEY" "$USER_SECRET" "" "$policy"
	use_keys "$USER_KEY" "$USER_SECRET"
}

# The statements that the store refuses to parse are taken out before it gets
# the policy (s3_statements); here they are named.
list_unknown() {
	local sids
	[ "$TC_STORE" = ceph ] || return 0
	sids=$(diff <(jq -r '.Statement[].Sid' <<<"$1") \
		<(s3_statements "$1" | jq -r '.Statement[].Sid') | sed -n 's/^< //p')
	[ -z "$sids" ] || echo "# ceph cannot parse, left out: ${sids//$'\n'/ }" >&3
}

as_admin() {
	AWS_ACCESS_KEY_ID=$ADMIN_KEY AWS_SECRET_ACCESS_KEY=$ADMIN_SECRET "$@"
}

# without FILE N TO: the policy with one statement for each action and resource,
# but the N-th of them. Prints which; fails when there is no N-th.
without() {
	jq -ce --argjson n "$2" '
		[.Statement[] | . as $s | ([.Action] | flatten)[] as $a |
			([.Resource] | flatten)[] as $r | $s + {Action: $a, Resource: $r}] as $all |
		if $n >= ($all | length) then null else
			.Statement = ($all | del(.[$n]) |
				to_entries | map(.value + {Sid: "S\(.key)"})) end' "$1" >"$3" || return 1
	jq -r --argjson n "$2" '
		[.Statement[] | ([.Action] | flatten)[] as $a |
			([.Resource] | flatten)[] as $r | $a + " on " + $r][$n]' "$1"
}

# below_prefix N: the N-th round has a prefix of its own.
below_prefix() {
	export TEAMCACHE_PREFIX=p$1
}

# in_bucket N: the N-th round has a bucket of its own.
in_bucket() {
	BUCKET=${BUCKET%-round*}-round$1
	export TEAMCACHE_BUCKET=$BUCKET
}

# each_is_needed N BATTERY WORD [OPTION...]: the policy of that word lets the
# battery do all its work, and what it prints changes whenever anything is taken
# out, which are N things at least. Each time APART (below_prefix), so that the
# rounds do not meet. UNSEEN, a regular expression: what the store cannot miss.
each_is_needed() {
	local least=$1 battery=$2 n=0 needed=0 what whole less=$BATS_TEST_TMPDIR/less.json
	shift 2
	"${APART:-below_prefix}" whole
	print_policy "$@"
	adopt "$POLICY"
	whole=$("$battery")
	echo "$whole"
	while "${APART:-below_prefix}" "$n" && print_policy "$@" && what=$(without "$POLICY" "$n" "$less"); do
		adopt "$less"
		n=$((n + 1))
		if [ "$("$battery")" != "$whole" ]; then
			needed=$((needed + 1))
		elif [[ ${what%% *} =~ ^(${UNSEEN:-none})$ ]]; then
			echo "# $TC_STORE cannot miss ${what%% *}" >&3
		else
			echo "superfluous: $what"
			return 1
		fi
	done
	echo "# $TC_STORE, $1: taken out $n times an action on a resource, missed $needed times" >&3
	[ "$needed" -ge "$least" ]
}

# did ARGUMENT...: the product on a new machine; a line that says how it went.
did() {
	new_machine
	tc "$@" --account "$ACCOUNT" --json --max-attempts 1 </dev/null
	echo "$1 ${2-}: $status $(jq -rc '[.entries[0].source?, .entries[0].degraded?,
		(.deleted // [] | length), .error.class?, (.entries[0].error.class)?]' "$TC_STDOUT")"
}

pushed() {
	tc push notes - --account "$ACCOUNT" --max-attempts 1 <<<"$1"
	echo "push: $status"
}

lease() {
	echo "lease-v1/$ACCOUNT/$THIS_MONTH/$1.json"
}

# Another machine's purchase, under way.
put_lease() {
	echo '{"nonce":"00112233445566778899aabbccddeeff","length":900,"holder":"elsewhere"}' >"$BATS_TEST_TMPDIR/lease"
	s3_put "${TEAMCACHE_PREFIX:+$TEAMCACHE_PREFIX/}$(lease "$1")" "$BATS_TEST_TMPDIR/lease"
}

put_notes() {
	as_admin "$TC_BIN" push notes - --account "$ACCOUNT" <<<'{"n":1}'
}

# ---------------------------------------------------------------------- reader

reader_battery() {
	did fetch notes --no-api
	put_notes
	did fetch notes --no-api
	put_lease full-data
	did fetch full-data --wait 0s
}

@test "policy reader: fetches, and is told what pushing takes" {
	print_policy reader --account "$ACCOUNT"
	put_notes
	as_admin "$TC_BIN" push notes - --account "$OTHER" <<<'{"n":1}'
	adopt "$POLICY"
	new_machine
	tc fetch notes --account "$ACCOUNT" --no-api
	assert_status 0
	assert_output '{"n":1}'
	assert_stderr_empty
	# Nothing is there: a miss, not a denial.
	tc fetch budget --account "$ACCOUNT" --no-api
	assert_status 3
	# Somebody buys: it is waited for.
	put_lease full-data
	tc fetch full-data --account "$ACCOUNT" --wait 0s
	assert_status 3
	assert_stderr_has "is being bought by 'elsewhere'"
	tc push notes - --account "$ACCOUNT" <<<'{"n":2}'
	assert_status 5
	assert_stderr_has s3:PutObject
	assert_stderr_has "\"TeamcacheObjects\""
	tc invalidate notes --account "$ACCOUNT"
	assert_status 5
	assert_stderr_has s3:DeleteObject
	tc fetch notes --account "$OTHER" --no-api
	assert_status 5
	assert_stderr_has s3:GetObject
	s3_exists "$NOTES"
}

@test "policy reader: none of its actions is superfluous" {
	exempt moto "a missing key is 404 to those who may not list, too"
	each_is_needed 3 reader_battery reader --account "$ACCOUNT"
}

# ---------------------------------------------------------------------- writer

writer_battery() {
	did fetch notes --no-api
	did fetch mtd-costs
	# One that cannot be read is not given back either.
	s3_exists "${TEAMCACHE_PREFIX:+$TEAMCACHE_PREFIX/}$(lease full-data)" && echo "its lease stays"
	did fetch mtd-costs --no-api
	did fetch forecast
	pushed '{"n":1}'
	pushed '{"n":2}'
	did invalidate --all --yes
}

@test "policy writer: fetches, buys, pushes, leases, deletes what is corrupt" {
	print_policy writer --account "$ACCOUNT"
	adopt "$POLICY"
	tc fetch --all --account "$ACCOUNT" --json
	assert_status 0
	assert_json '[.entries[] | .degraded[]] == []'
	assert_json '.entries[0].source == "api"'
	assert_stderr_empty
	assert_count 2 ce_requests
	run ! s3_exists "$(lease full-data)"
	new_machine
	tc fetch mtd-costs --account "$ACCOUNT" --json
	assert_json '.entries[0].source == "remote"'
	assert_count 2 ce_requests
	tc push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	tc push notes - --account "$ACCOUNT" <<<'{"n":2}'
	assert_status 0
	echo broken >"$BATS_TEST_TMPDIR/broken"
	s3_put "$NOTES" "$BATS_TEST_TMPDIR/broken" "$OURS"
	new_machine
	tc fetch notes --account "$ACCOUNT"
	assert_status 3
	run ! s3_exists "$NOTES"
	tc invalidate --all --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.deleted | length > 4'
}

# user_status METHOD KEY [FILE]: what the user is answered.
user_status() {
	export S3_URL BUCKET REGION
	ACCESS_KEY=$USER_KEY SECRET_KEY=$USER_SECRET \
		"$TC_PYTHON" -I -S "$SERVERS/lib/s3_client.py" request "$1" "/$BUCKET/$2" "${@:3}" |
		awk 'NR == 1 { print $1 }'
}

@test "policy writer: another account's subtree and lease are out of reach" {
	local key object=$BATS_TEST_TMPDIR/object
	local beside=("cache-v1/$OTHER/$THIS_MONTH/full-data.json.gz" "lease-v1/$OTHER/$THIS_MONTH/full-data.json"
		"cache-v2/$ACCOUNT/$THIS_MONTH/full-data.json.gz" "cache-v1/${ACCOUNT}0/x" "x/cache-v1/$ACCOUNT/x" other)
	as_admin "$TC_BIN" push notes - --account "$OTHER" <<<'{"n":1}'
	print_policy writer --account "$ACCOUNT"
	adopt "$POLICY"
	new_machine
	tc fetch notes --account "$OTHER" --no-api
	assert_status 5
	tc push notes - --account "$OTHER" <<<'{"n":2}'
	assert_status 5
	tc invalidate notes --account "$OTHER"
	assert_status 5
	echo '{}' >"$object"
	for key in "${beside[@]}"; do
		s3_put "$key" "$object"
		[ "$(user_status GET "$key")" = 403 ]
		[ "$(user_status PUT "$key" "$object")" = 403 ]
		[ "$(user_status DELETE "$key")" = 403 ]
	done
	[ "$(user_status PUT "$(lease notes)" "$object")" = 200 ]
}

@test "policy writer: none of its actions is superfluous" {
	each_is_needed 9 writer_battery writer --account "$ACCOUNT"
}

@test "policy writer: under a prefix, for two accounts, and not beside it" {
	local key
	export TEAMCACHE_PREFIX='teams/a b'
	print_policy writer --allow-account "$ACCOUNT" --allow-account "$OTHER"
	adopt "$POLICY"
	tc push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	tc push notes - --account "$OTHER" <<<'{"n":1}'
	assert_status 0
	tc invalidate --all --account "$OTHER"
	assert_status 0
	tc push notes - --account 333333333333 <<<'{"n":1}'
	assert_status 5
	tc push notes - --account "$ACCOUNT" --prefix '' <<<'{"n":1}'
	assert_status 5
}

@test "policy writer: an own type's operation is allowed, and needed" {
	write_settings <<-'EOF'
		[type tags]
		operation = GetTags
		request = {"TimePeriod":{"Start":"2026-01-01","End":"2026-02-01"}}
	EOF
	print_policy writer --account "$ACCOUNT"
	adopt "$POLICY"
	tc fetch tags --account "$ACCOUNT" --max-attempts 1
	# The stand-in does not know the operation: it comes so far.
	[ "$status" -ne 5 ]
	print_policy writer --account "$ACCOUNT" --config /dev/null
	adopt "$POLICY"
	tc fetch tags --account "$ACCOUNT" --max-attempts 1
	assert_status 5
	assert_stderr_has ce:GetTags
}

# ----------------------------------------------------------------------- admin

# How a check went, without what is the round's own.
checks() {
	jq -r --arg b "$BUCKET" '.exit_status, (.error.code? // "-"), (.checks[]? | "\(.name) \(.status) \(.summary)"),
		(.changes[]? | "\(.action) \(.made)") | tostring | split($b) | join("BUCKET") |
		gsub("probe/[0-9a-f]+"; "probe")' "$TC_STDOUT"
}

admin_battery() {
	local type
	new_machine
	tc verify-bucket --create --json --skip "$UNFIT,clock" --allow-account "$OTHER" --max-attempts 1
	checks
	for type in budget notes notes; do
		as_admin "$TC_BIN" push "$type" - --account "$ACCOUNT" <<<'{}'
	done
	tc verify-bucket --json --only foreign-objects
	checks
	# What is left of notes are versions under a delete marker.
	as_admin "$TC_BIN" invalidate notes --account "$ACCOUNT" >/dev/null
	put_lease notes
	tc invalidate budget notes --account "$ACCOUNT" --purge --yes --remote --max-attempts 1
	echo "purge: $status"
	cat "$TC_STDOUT"
}

@test "policy admin: makes a bucket, verifies, mends and purges" {
	exempt moto "it denies users what is asked of the bucket itself"
	local unfit=write-once-raced
	in_bucket made
	print_policy admin
	adopt "$POLICY"
	tc verify-bucket --create --json --skip "$unfit" --allow-account "$OTHER"
	assert_status 0
	assert_json '[.checks[] | select(.status == "fail" or .status == "warn")] == []'
	s3_request DELETE "/$BUCKET?lifecycle" >/dev/null
	tc verify-bucket --fix --yes --json --skip "$unfit"
	assert_status 0
	assert_json '[.changes[].action] == ["s3:PutLifecycleConfiguration"] and all(.changes[]; .made)'
	# It administers the bucket, and stores nothing.
	tc push notes - --account "$ACCOUNT" <<<'{}'
	assert_status 5
}

@test "policy admin: none of its actions is superfluous" {
	exempt moto "it denies users what is asked of the bucket itself"
	UNFIT=write-once-raced
	# Ceph has no object ownership. Where its own word is denied, the policy
	# is read instead, which knows less of conditions.
	UNSEEN='s3:(Get|Put)BucketOwnershipControls|s3:GetBucketPolicyStatus'
	APART=in_bucket each_is_needed 20 admin_battery admin
}

# ---------------------------------------------------------------------- bucket

# let_in OPTION...: the bucket has what `policy bucket` prints.
let_in() {
	print_policy bucket "$@"
	s3_request PUT "/$BUCKET?policy" "$POLICY" | grep -q '^20'
}

@test "policy bucket: lets in who is named, to what is named" {
	exempt moto "a user whom only the bucket's policy names is denied"
	local who=arn:aws:iam::RGW11111111111111111:user policy=$BATS_TEST_TMPDIR/nothing
	echo '{"Version":"2012-10-17","Statement":[{"Sid":"None","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::none/none"}]}' >"$policy"
	adopt "$policy"
	tc push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 5
	let_in --writer "$who/$USER_NAME=$ACCOUNT"
	tc push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	tc push notes - --account "$OTHER" <<<'{"n":1}'
	assert_status 5
	as_admin "$TC_BIN" push notes - --account "$OTHER" <<<'{"n":2}'
	new_machine
	tc fetch notes --account "$ACCOUNT" --no-api
	assert_status 0
	tc fetch notes --account "$OTHER" --no-api
	assert_status 5
	let_in --reader "$who/$USER_NAME"
	new_machine
	tc fetch notes --account "$OTHER" --no-api
	assert_status 0
	assert_output '{"n":2}'
	tc push notes - --account "$ACCOUNT" <<<'{"n":3}'
	assert_status 5
}

# ------------------------------------------------------------------------- key

# key_denies METHOD ACTION: S3 refuses for the key, as AWS says it.
key_denies() {
	s3_faults_end
	s3_fault "{\"method\":\"$1\",\"path\":\"notes\",\"status\":403,\"headers\":{\"x-amz-request-id\":\"R\"},\"body\":\"<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::$ACCOUNT:user/u is not authorized to perform: $2 on resource: $KEY because no identity-based policy allows the $2 action</Message></Error>\"}"
}

# What was advised is what the policy has.
assert_advised() {
	diff <(grep -o '{"Sid":"TeamcacheKey".*}' "$TC_STDERR" | jq -S .) \
		<(jq -S '.Statement[] | select(.Sid == "TeamcacheKey")' "$POLICY")
}

@test "policy: of the key, what S3 asks in the name of who reads and writes" {
	put_notes
	export TEAMCACHE_KMS_KEY_ID=arn:aws:kms:us-east-1:$ACCOUNT:key/1a-2b
	KEY=$TEAMCACHE_KMS_KEY_ID
	key_denies PUT kms:GenerateDataKey
	tc push notes - --account "$ACCOUNT" <<<'{"n":2}'
	assert_status 5
	print_policy writer --account "$ACCOUNT"
	assert_advised
	new_machine
	key_denies GET kms:Decrypt
	tc fetch notes --account "$ACCOUNT" --no-api
	assert_status 5
	print_policy reader --account "$ACCOUNT"
	assert_advised
}
