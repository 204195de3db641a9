#!/usr/bin/env bats
# push: documents that somebody brings.

load helper

setup() {
	isolate
	[ -z "$TC_STORE" ] || use_store proxied
	KEY=cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz
}

@test "a pushed document is in S3 and on this machine, byte for byte" {
	printf '{"b":1,  "a":[1.0,2e3]}' >"$HOME/doc"
	tc push notes "$HOME/doc" --json
	assert_status 0
	assert_json '.entries[0].stored == ["local", "remote"]'
	tc fetch notes --offline
	assert_output '{"b":1,  "a":[1.0,2e3]}'
	new_machine
	tc fetch notes
	assert_status 0
	assert_output '{"b":1,  "a":[1.0,2e3]}'
	assert_count 0 ce_requests
}

@test "push says nothing when all is well, and reads stdin" {
	tc push notes <<<'[1]'
	assert_status 0
	assert_stderr_empty
	[ ! -s "$TC_STDOUT" ]
	tc push notes - --month "$LAST_MONTH" <<<'[2]'
	assert_status 0
	tc fetch notes --month "$LAST_MONTH"
	assert_output '[2]'
}

@test "what is no JSON is refused, nothing is stored" {
	local text
	for text in '{' '{"a" "b"}' '01' '[1 2]' '{"a":1,}' 'nul' '[1]x'; do
		tc push notes - <<<"$text"
		assert_status 8
		assert_stderr_has "'notes' is not JSON: byte "
	done
	for text in '' ' '; do
		tc push notes - <<<"$text"
		assert_status 8
		assert_stderr_has "'notes' is empty"
	done
	text=$(printf '[%.0s' {1..65})
	tc push notes - <<<"$text${text//[/]}"
	assert_status 8
	assert_stderr_has "'notes' is not JSON: byte 65: nested more than 64 deep"
	[ -z "$(s3_ls)" ]
}

@test "a built-in type must have its shape" {
	tc push mtd-costs - <<<'{"total":3}'
	assert_status 8
	assert_stderr_has ResultsByTime
	tc push forecast - <<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	assert_status 8
	tc push mtd-costs - <<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	assert_status 0
}

# costs START END AMOUNT: a full-data of one period.
costs() {
	printf '{"cost_and_usage":{"ResultsByTime":[{"TimePeriod":{"Start":"%s","End":"%s"},"Total":{},"Groups":[{"Keys":["A"],"Metrics":{"UnblendedCost":{"Amount":"%s","Unit":"USD"}}}],"Estimated":true}]}}' "$@"
}

@test "costs that are pushed under a month that is not theirs are warned of" {
	local warning="what is pushed as 'full-data' of $THIS_MONTH has the periods of 2025-08-01 to 2025-08-31"
	costs 2025-08-01 2025-09-01 1 >"$HOME/doc"
	for place in --local ""; do
		tc push full-data "$HOME/doc" $place --account "$ACCOUNT"
		assert_status 0
		assert_stderr_has "$warning"
		tc push full-data "$HOME/doc" $place --account "$ACCOUNT" --month 2025-08
		assert_status 0
		assert_stderr_empty
	done
	tc push full-data --month 2025-08 < <(costs 2025-08-31 2025-09-02 1)
	assert_status 0
	assert_stderr_has "of 2025-08 has the periods of 2025-08-31 to 2025-09-01"
	# A type of one's own may hold whatever it likes.
	tc push report "$HOME/doc"
	assert_status 0
	assert_stderr_empty
}

@test "costs without periods of time are not pushed" {
	local period
	for period in '' '"TimePeriod":{}' '"TimePeriod":{"Start":"2025-08-01"}' \
		'"TimePeriod":{"Start":1,"End":2}' '"TimePeriod":[]'; do
		tc push mtd-costs --month 2025-08 <<<'{"cost_and_usage":{"ResultsByTime":[{'"$period"'}]}}'
		assert_status 8
		assert_stderr_has "this is no 'mtd-costs': a period has no TimePeriod"
	done
	tc push mtd-costs --month 2025-08 <<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	assert_status 0
}

@test "amounts that nobody could add up are not pushed" {
	local amount
	for amount in '' 1,5 12USD 0x10 1e999999999 nan; do
		tc push full-data --month 2025-08 < <(costs 2025-08-01 2025-08-02 "$amount")
		assert_status 8
		assert_stderr_has "this is no 'full-data': an amount is no decimal number"
	done
	[ -z "$(s3_ls)" ]
	for amount in 0 -12.50 1E-7 2.5e3; do
		tc push full-data --month 2025-08 < <(costs 2025-08-01 2025-08-02 "$amount")
		assert_status 0
		tc fetch mtd-costs --month 2025-08 --max-age 1d
		assert_status 0
	done
}

@test "a built-in type is not pushed under another account" {
	tc push mtd-costs - --account 210987654321 <<<'{"cost_and_usage":{"ResultsByTime":[]}}'
	assert_status 2
	[ -z "$(s3_ls)" ]
	tc push notes - --account 210987654321 <<<'{}'
	assert_status 0
}

@test "--if-absent never replaces" {
	tc push notes - --if-absent <<<'[1]'
	assert_status 0
	tc push notes - --if-absent <<<'[2]'
	assert_status 3
	new_machine
	tc fetch notes
	assert_output '[1]'
}

@test "of many that push the same at once, none fails" {
	local n pids=()
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		"$TC_BIN" push notes - <<<"[$n]" 2>>"$BATS_TEST_TMPDIR/err" &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n"
	done
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	tc fetch notes --no-local
	[[ $output =~ ^\[[0-9]+\]$ ]]
}

@test "--if-newer keeps what is newer" {
	tc push notes - --timestamp 2026-01-02T00:00:00Z <<<'["new"]'
	assert_status 0
	tc push notes - --if-newer --timestamp 2026-01-01T00:00:00Z <<<'["old"]'
	assert_status 3
	tc push notes - --if-newer --timestamp 2026-01-03T00:00:00Z <<<'["newest"]'
	assert_status 0
	new_machine
	tc fetch notes --max-age 3000d
	assert_output '["newest"]'
}

@test "--local keeps it here: no bucket is touched" {
	mark_requests
	tc push notes - --local --account "$ACCOUNT" --json <<<'[1]'
	assert_status 0
	assert_json '.entries[0].stored == ["local"]'
	assert_count 0 s3_requests
	# S3 knows nothing of it; it is still printed, and never offered.
	tc fetch notes --revalidate
	assert_status 0
	assert_output '[1]'
	run ! s3_exists "$KEY"
}

@test "--local keeps to --if-absent and --if-newer" {
	tc push notes - --local --timestamp 2026-01-02T00:00:00Z <<<'[1]'
	assert_status 0
	tc push notes - --local --if-absent <<<'[2]'
	assert_status 3
	tc push notes - --local --if-newer --timestamp 2026-01-01T00:00:00Z <<<'[3]'
	assert_status 3
	tc fetch notes --offline --allow-stale
	assert_output '[1]'
	tc push notes - --local --if-newer <<<'[4]'
	assert_status 0
	tc fetch notes --offline
	assert_output '[4]'
}

@test "a --timestamp in the future is a usage error" {
	for place in --local ""; do
		tc push notes - $place --timestamp "$(moment +1h)" <<<'[1]'
		assert_status 2
		assert_stderr_has "future"
	done
	run ! s3_exists "$KEY"
}

@test "without a team cache push is a usage error" {
	unset TEAMCACHE_BUCKET
	tc push notes - <<<'[1]'
	assert_status 2
	assert_stderr_has "--bucket"
	export TEAMCACHE_BUCKET=$BUCKET
	write_settings <<-'EOF'
		[default]
		team_cache = off
	EOF
	tc push notes - <<<'[1]'
	assert_status 2
}

@test "a document over the cap is refused" {
	write_settings <<-'EOF'
		[default]
		max_object_size = 1K
	EOF
	head -c 2000 /dev/zero | tr '\0' 1 >"$HOME/doc"
	tc push notes "$HOME/doc"
	assert_status 8
}

@test "a missing file and a bad type are usage errors" {
	tc push notes "$HOME/nowhere"
	assert_status 2
	tc push Notes - <<<'[1]'
	assert_status 2
	tc push
	assert_status 2
	tc push ../x - <<<'[1]'
	assert_status 2
}

@test "push fails when S3 is gone: 0 would mean it is there" {
	s3_down
	tc push notes - --max-attempts 1 --account "$ACCOUNT" <<<'[1]'
	assert_status 7
}

@test "push into no bucket, and without permission" {
	tc push notes - --bucket "none-$RANDOM$RANDOM" <<<'[1]'
	assert_status 6
	assert_stderr_has "aws s3api create-bucket"
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/*"}]}
	EOF
	use_principal reader "$HOME/policy"
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	assert_status 5
	assert_stderr_has s3:PutObject
}

@test "a retried write that met its own first attempt is a success" {
	s3_fault '{"method":"PUT","path":"notes","nth":[1],"apply":true,"reset":"request"}'
	tc push notes - --if-absent <<<'[1]'
	assert_status 0
	new_machine
	tc fetch notes
	assert_output '[1]'
}
