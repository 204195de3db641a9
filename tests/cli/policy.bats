#!/usr/bin/env bats
# What `policy` prints, and what it refuses. That the policies do what they
# are for is proved by enforcement, in policy.both.bats.
load helper

setup() {
	isolate
	export TEAMCACHE_BUCKET=acme-costs
}

# statement SID FILTER: jq over that statement of the document.
statement() {
	jq -r --arg sid "$1" ".Statement[] | select(.Sid == \$sid) | $2" "$TC_STDOUT"
}

@test "policy: the bare document, for people on many lines, else on one" {
	local kind
	for kind in reader "writer --account $ACCOUNT" admin bucket; do
		# shellcheck disable=SC2086 # two words
		tc policy $kind
		assert_status 0
		assert_stderr_empty
		assert_json '(keys == ["Statement", "Version"]) and .Version == "2012-10-17"'
		cp "$TC_STDOUT" "$HOME/indented"
		# shellcheck disable=SC2086
		tc policy $kind --json
		assert_status 0
		[ "$(wc -l <"$TC_STDOUT")" -eq 1 ]
		diff <(jq -S . "$HOME/indented") <(jq -S . "$TC_STDOUT")
	done
}

@test "policy: bucket, prefix and partition are those of the settings" {
	write_settings <<-'EOF'
		[default]
		bucket = shared
		prefix = teams/web
		region = cn-north-1
		account_id = 123456789012
	EOF
	unset TEAMCACHE_BUCKET
	tc policy reader
	assert_status 0
	[ "$(statement TeamcacheMissingMeans404 .Resource)" = arn:aws-cn:s3:::shared ]
	[ "$(statement TeamcacheObjects '.Resource[0]')" = \
		'arn:aws-cn:s3:::shared/teams/web/cache-v1/123456789012/*' ]
	tc policy reader --bucket other --prefix '' --region eu-west-1 --account 210987654321
	[ "$(statement TeamcacheObjects '.Resource | join(" ")')" = \
		'arn:aws:s3:::other/cache-v1/210987654321/* arn:aws:s3:::other/lease-v1/210987654321/*' ]
	tc policy reader --allow-account 210987654321 --allow-account 333333333333
	[ "$(statement TeamcacheObjects '.Resource | length')" -eq 4 ]
	AWS_REGION=us-gov-west-1 tc policy reader --region ''
	assert_status 2
	write_settings <<<''
	AWS_REGION=us-gov-west-1 tc policy reader --bucket other
	[ "$(statement TeamcacheMissingMeans404 .Resource)" = arn:aws-us-gov:s3:::other ]
}

@test "policy: a reader has every account's data unless one is named" {
	tc policy reader
	[ "$(statement TeamcacheObjects '.Resource | join(" ")')" = \
		'arn:aws:s3:::acme-costs/cache-v1/*/* arn:aws:s3:::acme-costs/lease-v1/*/*' ]
}

@test "policy: a writer has some accounts' data only" {
	tc policy writer
	assert_status 2
	assert_stderr_has "which account?"
	tc policy writer --account "$ACCOUNT" --allow-account 210987654321
	assert_status 0
	[ "$(statement TeamcacheObjects '[.Resource[] | split("/")[2]] | unique | join(" ")')" = \
		"$ACCOUNT 210987654321" ]
}

@test "policy: Cost Explorer for writers that buy, and for their own types" {
	tc policy writer --account "$ACCOUNT"
	[ "$(statement TeamcacheCosts '.Action | join(" ")')" = \
		"ce:GetCostAndUsage ce:GetCostForecast" ]
	write_settings <<-'EOF'
		[type tags]
		operation = GetTags
		request = {"TimePeriod":{"Start":"2026-01-01","End":"2026-02-01"}}
		[type team]
		operation = GetCostAndUsage
		request = {"Granularity":"DAILY","Metrics":["UnblendedCost"]}
	EOF
	tc policy writer --account "$ACCOUNT"
	[ "$(statement TeamcacheCosts '.Action | join(" ")')" = \
		"ce:GetCostAndUsage ce:GetCostForecast ce:GetTags" ]
	TEAMCACHE_API=off tc policy writer --account "$ACCOUNT"
	assert_status 0
	[ -z "$(statement TeamcacheCosts .Action)" ]
	tc policy reader
	[ -z "$(statement TeamcacheCosts .Action)" ]
}

@test "policy: a key only where one is used" {
	local key=arn:aws:kms:eu-west-1:123456789012:key/1a-2b
	tc policy reader
	[ -z "$(statement TeamcacheKey .Action)" ]
	tc policy reader --kms-key "$key"
	[ "$(statement TeamcacheKey .Action)" = kms:Decrypt ]
	[ "$(statement TeamcacheKey .Resource)" = "$key" ]
	[ "$(statement TeamcacheKey '.Condition.StringLike["kms:ViaService"]')" = \
		s3.eu-west-1.amazonaws.com ]
	TEAMCACHE_KMS_KEY_ID=$key tc policy writer --account "$ACCOUNT"
	[ "$(statement TeamcacheKey '.Action | join(" ")')" = "kms:Decrypt kms:GenerateDataKey" ]
	TEAMCACHE_KMS_KEY_ID=$key TEAMCACHE_SSE=AES256 tc policy reader
	assert_status 0
	[ -z "$(statement TeamcacheKey .Action)" ]
}

@test "policy: the bucket's lets each account into its own subtree" {
	tc policy bucket --allow-account 123456789012 --allow-account 210987654321 \
		--writer arn:aws:iam::333333333333:role/warm=444444444444 --reader 555555555555
	assert_status 0
	[ "$(statement TeamcacheWriter210987654321 '.Principal.AWS, .Resource[]')" = \
		"$(printf '%s\n' arn:aws:iam::210987654321:root \
			'arn:aws:s3:::acme-costs/cache-v1/210987654321/*' \
			'arn:aws:s3:::acme-costs/lease-v1/210987654321/*')" ]
	assert_json '[.Statement[] | select(.Principal.AWS? == "arn:aws:iam::333333333333:role/warm") |
		.Resource[] | split("/")[2]] == ["444444444444", "444444444444"]'
	[ "$(statement TeamcacheReader555555555555 .Action)" = s3:GetObject ]
	[ "$(statement TeamcacheMissingMeans404 '.Principal.AWS | length')" -eq 4 ]
	assert_json '[.Statement[].Sid] | length == (unique | length)'
	assert_json '.Statement[-1] | .Effect == "Deny" and
		.Condition == {"Bool": {"aws:SecureTransport": "false"}}'
}

@test "policy: one that S3 would not take is said to be too large" {
	local i accounts=()
	for ((i = 0; i < 80; i++)); do
		accounts+=(--allow-account $((123456789012 + i)))
	done
	tc policy bucket "${accounts[@]}"
	assert_status 0
	assert_stderr_has "S3 takes 20480 at most"
	tc policy bucket "${accounts[@]:0:40}"
	assert_stderr_empty
}

@test "policy: usage errors" {
	local line
	while IFS='|' read -r line says; do
		# shellcheck disable=SC2086 # words
		tc policy $line
		assert_status 2
		assert_stderr_has "$says"
		[ ! -s "$TC_STDOUT" ]
	done <<-'EOF'
		|whose policy?
		owner|there is no policy 'owner'
		reader writer|writer
		reader --writer 123456789012=123456789012|--writer is not for 'policy reader'
		writer --reader 123456789012|--reader is not for 'policy writer'
		admin --allow-account 123456789012|--allow-account is not for 'policy admin'
		bucket --kms-key alias/x|--kms-key is not for 'policy bucket'
		bucket --writer arn:aws:iam::123456789012:role/warm|--writer: 'arn:aws:iam::123456789012:role/warm' does not end in
		bucket --writer *=123456789012|neither an account id nor
		bucket --reader nobody|--reader: 'nobody' is neither
		bucket --allow-account 12345|twelve digits
		bucket --allow-account 123456789012 --allow-account 123456789012|named twice
		reader --prefix a//b|prefix
		reader --profile a --profile b|one profile
	EOF
	unset TEAMCACHE_BUCKET
	tc policy reader
	assert_status 2
	assert_stderr_has "no bucket is named"
	tc policy reader --json
	assert_status 2
	assert_json '.command == "policy" and .error.class == "usage"'
}

@test "policy: what cannot be written is exit 1" {
	status=0
	"$TC_BIN" policy reader >/dev/full 2>"$HOME/stderr" || status=$?
	note_status policy "$status"
	[ "$status" -eq 1 ]
	grep -q "No space left" "$HOME/stderr"
}

@test "policy: text from the settings reaches no terminal as a command" {
	tc policy reader --prefix "$(printf 'a\302\233b')"
	assert_status 2
	tc policy reader --prefix 'a"b\c*d${e}/'
	assert_status 0
	# shellcheck disable=SC2016 # as it stands
	[ "$(statement TeamcacheObjects '.Resource[0]')" = \
		'arn:aws:s3:::acme-costs/a"b\c${*}d${$}{e}/cache-v1/*/*' ]
}
