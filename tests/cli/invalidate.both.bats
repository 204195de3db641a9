#!/usr/bin/env bats
# invalidate: here and in S3, ours only.

load helper

folder() {
	echo "cache-v1/$ACCOUNT/${1:-$THIS_MONTH}"
}

@test "one of the four names all four, the others stay" {
	tc fetch --all
	tc push notes - <<<'[1]'
	tc invalidate mtd-costs
	assert_status 0
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 2 ]
	s3_exists "$(folder)/forecast.json.gz"
	s3_exists "$(folder)/notes.json.gz"
	tc fetch mtd-costs --offline
	assert_status 3
	tc fetch notes --offline
	assert_status 0
}

@test "--all takes every type of the month, and no other month" {
	tc fetch --all
	tc push notes - <<<'[1]'
	tc push notes - --month "$LAST_MONTH" <<<'[1]'
	tc invalidate --all --json
	assert_status 0
	assert_json '[.deleted[] | select(.place == "s3")] | length == 6'
	[ -z "$(s3_ls "$(folder)")" ]
	[ "$(s3_ls "$(folder "$LAST_MONTH")" | wc -l)" -eq 1 ]
}

@test "--dry-run tells and deletes nothing" {
	tc fetch mtd-costs
	tc invalidate mtd-costs --dry-run
	assert_status 0
	assert_output_has "would delete"
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
	tc fetch mtd-costs --offline
	assert_status 0
}

@test "--local and --remote choose the place" {
	tc fetch mtd-costs
	mark_requests
	tc invalidate mtd-costs --local --account "$ACCOUNT"
	assert_status 0
	assert_count 0 s3_requests
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
	tc fetch mtd-costs --offline
	assert_status 3
	tc fetch mtd-costs
	tc invalidate mtd-costs --remote
	assert_status 0
	[ -z "$(s3_ls "$(folder)")" ]
	tc fetch mtd-costs --offline
	assert_status 0
}

@test "neither TYPE nor --all, or both, is a usage error" {
	tc invalidate
	assert_status 2
	tc invalidate mtd-costs --all
	assert_status 2
	tc invalidate NOPE
	assert_status 2
}

@test "a foreign object is kept and named" {
	tc fetch mtd-costs
	echo bvx2 >"$HOME/lzfse"
	s3_put "$(folder)/theirs.json.gz" "$HOME/lzfse"
	tc invalidate --all --json
	assert_status 0
	assert_json '.kept | length == 1'
	assert_json '.kept[0].key | endswith("theirs.json.gz")'
	s3_exists "$(folder)/theirs.json.gz"
}

@test "a second machine notices within its accepted age" {
	tc fetch mtd-costs --month "$CLOSED_MONTH"
	assert_status 0
	use_machine other
	tc fetch mtd-costs --month "$CLOSED_MONTH" --json
	assert_json '.entries[0].source == "remote"'
	use_machine 1
	tc invalidate mtd-costs --month "$CLOSED_MONTH"
	use_machine other
	server_settings revision=3
	mark_requests
	tc fetch mtd-costs --month "$CLOSED_MONTH" --json
	assert_json '.entries[0].source == "local"'
	assert_count 0 s3_requests
	# An hour later it asks S3, though a final month may live 30 days. The
	# stores have clocks of their own, so the product's moves alone.
	tc_at +61m fetch mtd-costs --month "$CLOSED_MONTH" --json --no-api
	assert_status 3
}

@test "nothing to delete is no failure" {
	tc invalidate mtd-costs forecast notes
	assert_status 0
	[ ! -s "$TC_STDOUT" ]
}

@test "who may not delete is told the statement" {
	tc fetch mtd-costs
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/*"}]}
	EOF
	use_principal reader "$HOME/policy"
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 5
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
}

@test "S3 gone, no bucket, no credentials" {
	s3_down
	tc invalidate mtd-costs --account "$ACCOUNT" --max-attempts 1
	assert_status 7
	s3_up
	tc invalidate mtd-costs --bucket "none-$RANDOM$RANDOM"
	assert_status 6
	# Copies that were made without it do not hide that it is missing.
	export TEAMCACHE_BUCKET=none-$RANDOM$RANDOM
	tc fetch mtd-costs
	tc invalidate mtd-costs --json
	assert_status 6
	assert_json '.exit_status == 6 and .error.class == "bucket"'
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 4
}

@test "what was deleted before a failure is told" {
	tc fetch mtd-costs
	s3_fault '{"method":"HEAD","path":"daily-breakdown","reset":"request"}'
	tc invalidate mtd-costs --max-attempts 1 --json
	assert_status 7
	assert_json '.exit_status == 7 and .error.class == "network"'
	assert_json '[.deleted[] | select(.place == "s3")] | length == 2'
	tc invalidate mtd-costs --max-attempts 1
	assert_status 7
}
