#!/usr/bin/env bats
# What is cached, here and in S3, and what it cost and saved.

load helper

# terminal ARGUMENT...: on a terminal; output and status as with `run`.
terminal() {
	local text=''
	printf -v text '%q ' "$TC_BIN" "$@"
	run script -qec "$text" /dev/null </dev/null
	output=${output//$'\r'/}
	note_status status "$status"
}

# field KIND N [PATTERN]: a column of the lines of that kind.
field() {
	awk -F '\t' -v kind="$1" -v n="$2" -v pattern="${3:-}" '
		$1 == kind && (pattern == "" || $2 == pattern) { print $n }' \
		"$TC_STDOUT"
}

@test "nothing is known, and nobody is asked" {
	tc status
	assert_status 0
	assert_stderr_empty
	[ "$(field total 2)" = 0 ]
	[ "$(field cache 2)" = "s3://$BUCKET/" ]
	[ -z "$(field entry 2)" ]
	tc status --json
	assert_status 0
	assert_json '.command == "status" and .exit_status == 0 and
		.entries == [] and .leases == null and .error == null and
		.requests == {s3: 0, ce: 0, sts: 0} and .cost_usd == "0.00"'
	assert_json '.ledger == {ce_requests: 0, ce_requests_avoided: 0,
		spent_usd: "0.00", saved_usd: "0.00", ce_requests_today: 0,
		max_api_requests_per_day: null, days: []}'
	assert_count 0 s3_requests
	assert_count 0 sts_requests
	# without a team cache too
	unset TEAMCACHE_BUCKET
	tc status
	assert_status 0
	[ "$(field cache 2)" = off ]
}

@test "what is here: type, month, account, age, until when, by whom" {
	CI=true CI_JOB_URL=https://ci.example.com/job/7 tc fetch --all --warm
	mark_requests
	tc status --json
	assert_status 0
	assert_json '[.entries[].data_type] == ["daily-breakdown", "forecast",
		"full-data", "mtd-costs", "service-breakdown"]'
	assert_json 'all(.entries[]; .fresh and .state == "fresh" and
		.source == "local" and .stored == ["local"] and .age >= 0 and
		.age < 120 and .ttl == 3600 and .period == $month and
		.account_id == $account and .error == null and .data == null and
		.degraded == [] and .unavailable == null and .bytes > 0 and
		.size > .bytes and .etag != null and
		.key == "cache-v1/\($account)/\($month)/\(.data_type).json.gz" and
		.refreshed_by == "https://ci.example.com/job/7" and
		.good_until == .expires_at)' \
		--arg month "$THIS_MONTH" --arg account "$ACCOUNT"
	assert_json '.entries[2].data_through == $today and
		.entries[2].estimated == true' --arg today "$TODAY"
	tc status
	[ "$(field entry 2 | tr '\n' ' ')" = \
		"daily-breakdown forecast full-data mtd-costs service-breakdown " ]
	[ "$(field entry 6 | sort -u)" = fresh ]
	[ "$(awk -F '\t' '$1 == "entry" { print NF }' "$TC_STDOUT" | sort -u)" = 11 ]
	assert_count 0 s3_requests
}

@test "fresh, stale, very stale" {
	tc fetch mtd-costs
	tc_at +59m status mtd-costs --json
	assert_json '.entries[0] | .state == "fresh" and .fresh'
	tc_at +2h status mtd-costs --json
	assert_json '.entries[0] | .state == "stale" and (.fresh | not) and
		.age > 7000 and .age < 7400'
	tc_at +25h status mtd-costs --json
	assert_json '.entries[0].state == "very-stale"'
	tc_at +2h status mtd-costs --max-age 3h --json
	assert_json '.entries[0].state == "fresh"'
	TEAMCACHE_STALE_IF_ERROR=1h tc_at +2h status mtd-costs --json
	assert_json '.entries[0].state == "very-stale"'
	# a closed month is good for 30 days
	tc fetch full-data --month "$CLOSED_MONTH" --account "$ACCOUNT"
	tc_at +29d status --month "$CLOSED_MONTH" full-data --json
	assert_json '.entries | length == 1 and .[0].fresh'
}

@test "--remote: a list page, and the front of what is not here" {
	tc fetch --all --warm
	tc status --json
	jq -S '[.entries[] | del(.stored, .source, .age, .size)]' "$TC_STDOUT" \
		>"$BATS_TEST_TMPDIR/here"
	mark_requests
	tc status --remote --json
	assert_status 0
	assert_json 'all(.entries[]; .stored == ["local", "remote"])'
	assert_json '.requests.s3 == 2 and .leases == []'
	assert_count 2 s3_requests
	new_machine
	mark_requests
	tc status --remote --json
	assert_status 0
	assert_stderr_empty
	assert_json 'all(.entries[]; .stored == ["remote"] and
		.source == "remote" and .size > 0)'
	assert_json '.entries[2] | .size < .bytes'
	jq -S '[.entries[] | del(.stored, .source, .age, .size)]' "$TC_STDOUT" |
		diff "$BATS_TEST_TMPDIR/here" -
	assert_count 7 s3_requests
	[ ! -e "$CACHE_DIR" ] || [ -z "$(find "$CACHE_DIR" -name '*.json')" ]
	tc status --remote
	[ "$(field entry 5 | sort -u)" = s3 ]
	mark_requests
	tc status --remote full-data --month "$LAST_MONTH" --account "$ACCOUNT"
	assert_status 0
	[ -z "$(field entry 2)" ]
	assert_count 2 s3_requests
}

@test "other versions here and in S3 are two entries" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	here=$MACHINE
	new_machine
	tc push notes - --account "$ACCOUNT" <<<'[1,2]'
	use_machine "$here"
	tc status --remote notes
	assert_status 0
	[ "$(field entry 5 | tr '\n' ' ')" = "local s3 " ]
}

@test "types, month and account choose" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	tc push notes - --account 210987654321 <<<'[1]'
	tc push budget - --account "$ACCOUNT" --month "$LAST_MONTH" <<<'[1]'
	tc status
	[ "$(field entry 2 | wc -l)" -eq 3 ]
	# the newest month first
	[ "$(field entry 3 | tail -1)" = "$LAST_MONTH" ]
	tc status notes
	[ "$(field entry 4 | tr '\n' ' ')" = "$ACCOUNT 210987654321 " ]
	tc status --month "$LAST_MONTH"
	[ "$(field entry 2)" = budget ]
	tc status --account 210987654321 --remote
	[ "$(field entry 2)" = notes ]
	[ "$(field entry 4)" = 210987654321 ]
	tc status --month "$LAST_MONTH" --remote
	[ "$(field entry 2)" = budget ]
}

@test "foreign objects and leases are told" {
	echo plain >"$BATS_TEST_TMPDIR/plain"
	: >"$BATS_TEST_TMPDIR/empty"
	printf 'bvx2 something' >"$BATS_TEST_TMPDIR/lzfse"
	s3_put "cache-v1/$ACCOUNT/$THIS_MONTH/plain.json.gz" "$BATS_TEST_TMPDIR/plain"
	s3_put "cache-v1/$ACCOUNT/$THIS_MONTH/empty.json.gz" "$BATS_TEST_TMPDIR/empty"
	gzip -c "$BATS_TEST_TMPDIR/plain" >"$BATS_TEST_TMPDIR/gz"
	s3_put "cache-v1/$ACCOUNT/$THIS_MONTH/packed.json.gz" "$BATS_TEST_TMPDIR/gz"
	s3_put "cache-v1/$ACCOUNT/README" "$BATS_TEST_TMPDIR/plain"
	echo '{"nonce":"00112233445566778899aabbccddeeff","length":45,"holder":"job 7"}' \
		>"$BATS_TEST_TMPDIR/lease"
	s3_put "lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json" "$BATS_TEST_TMPDIR/lease"
	s3_put "lease-v1/$ACCOUNT/$LAST_MONTH/forecast.json" "$BATS_TEST_TMPDIR/plain"
	tc status --remote --json
	assert_status 0
	assert_json '[.entries[] | .data_type + " " + .state] ==
		["empty foreign", "packed foreign", "plain foreign"]'
	assert_json 'all(.entries[]; .degraded == ["foreign-object"] and
		.unavailable != null and .timestamp == null and .age == null and
		(.fresh | not))'
	assert_json '.leases | length == 2 and (.[0] | .purchase == "full-data" and
		.holder == "job 7" and .length == 45 and .age >= 0 and
		(.expired | not) and .expires_at != null and
		.account_id == $account and .period == $month) and
		(.[1] | .holder == null and .length == null)' \
		--arg account "$ACCOUNT" --arg month "$THIS_MONTH"
	tc status --remote
	[ "$(field lease 5 full-data)" = "job 7" ]
	[ "$(field lease 8 full-data)" = live ]
	[ "$(field lease 8 forecast)" = unreadable ]
}

@test "the ledger: paid and spared, by day and in all" {
	tc fetch full-data --month "$LAST_MONTH"
	tc fetch forecast --account "$ACCOUNT"
	tc_at +24h fetch mtd-costs --month "$LAST_MONTH" --account "$ACCOUNT" \
		--offline --max-age 2d
	assert_status 0
	for _ in 1 2 3; do
		tc fetch full-data --month "$LAST_MONTH" --account "$ACCOUNT"
	done
	tc status --json
	assert_json '.ledger | .ce_requests == 2 and .ce_requests_avoided == 4 and
		.spent_usd == "0.02" and .saved_usd == "0.04" and
		.ce_requests_today == 2'
	assert_json '.ledger.days | length == 2 and (.[1] | .date == $today and
		.account_id == $account and .profile == "default" and
		.ce_requests == 2 and .ce_requests_avoided == 3 and
		.spent_usd == "0.02" and .saved_usd == "0.03")' \
		--arg today "$TODAY" --arg account "$ACCOUNT"
	TEAMCACHE_MAX_API_REQUESTS_PER_DAY=9 tc status
	[ "$(field total 2)" = 2 ]
	[ "$(field total 4)" = 0.02 ]
	[ "$(field total 5)" = 0.04 ]
	[ "$(field total 7)" = 9 ]
	tc_at +24h status --days 1
	[ "$(field day 6)" = 1 ]
	[ "$(field total 2)" = 2 ]
	tc_at +24h status --days 2
	[ "$(field day 2 | tail -1)" = "$TODAY" ]
	tc_at +48h status --days 0
	[ -z "$(field day 2)" ]
	tc status --account 210987654321 --json
	assert_json '.ledger.ce_requests == 0 and .ledger.ce_requests_today == 2'
	tc status --profile other --json
	assert_json '.ledger.ce_requests == 0'
}

@test "torn and foreign lines of the ledger spoil nothing" {
	tc fetch full-data
	printf '\n1234 garbage\n\0\0\nb4c4441c c 17' >>"$STATE_DIR/ledger"
	tc fetch full-data --account "$ACCOUNT"
	tc status --json
	assert_status 0
	assert_stderr_empty
	assert_json '.ledger.ce_requests == 1 and .ledger.ce_requests_avoided == 1'
	rm "$STATE_DIR/ledger"
	mkdir "$STATE_DIR/ledger"
	tc status --json
	assert_status 0
	assert_stderr_has "the ledger cannot be read"
	assert_json '.ledger == null and (.entries | length == 4)'
}

@test "on a terminal it is tables" {
	tc fetch mtd-costs
	terminal status --remote
	[ "$status" -eq 0 ]
	[[ $output == *"TYPE "*" MONTH "*" STATE "* ]]
	[[ $output == *"REQUESTS IN ALL"* ]]
	[[ $output == *" local+s3 "*" fresh "* ]]
	[[ $output != *$'\t'* ]]
	new_machine
	terminal status
	[[ $output == *"no entries on this machine (--remote asks S3 too)"* ]]
}

@test "what a person cannot be shown is replaced" {
	printf -v TEAMCACHE_REFRESHED_BY 'job\u202e\u009b 7'
	export TEAMCACHE_REFRESHED_BY
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	tc status
	assert_status 0
	[ "$(field entry 10)" = "job????? 7" ]
}

@test "the breaker is told" {
	tc status --json
	assert_json '.breaker == {open: false, failures: 0, since: null,
		next_probe: null}'
	s3_down
	for _ in 1 2 3 4 5; do
		tc fetch notes --account "$ACCOUNT" --max-attempts 1
	done
	tc status --json
	assert_status 0
	assert_json '.breaker | .open and .failures == 5 and .since != null and
		.next_probe > .since'
	tc status
	[ "$(field breaker 2)" = open ]
	[ "$(field breaker 3)" = 5 ]
	terminal status
	[[ $output == *"BREAKER  FAILURES"* ]]
}

@test "usage errors" {
	tc status Full-Data
	assert_status 2
	tc status --month 2999-01
	assert_status 2
	tc status --days 1000
	assert_status 2
	tc status --profile one --profile two
	assert_status 2
	TEAMCACHE_BUCKET='' tc status --remote
	assert_status 2
	assert_stderr_has "--remote: there is no team cache"
}

@test "S3 out of reach: what is here is shown, and the status tells" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	s3_down
	tc status --remote --json --max-attempts 1
	assert_status 7
	assert_json '.exit_status == 7 and .error.class == "network" and
		(.entries | length == 1)'
	tc status --json
	assert_status 0
	s3_up
	tc status --remote --bucket "none-$RANDOM$RANDOM"
	assert_status 6
	[ "$(field total 2)" = 0 ]
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	tc status --remote
	assert_status 4
	tc status
	assert_status 0
}

@test "who may not list, or not read, is told" {
	tc push notes - --account "$ACCOUNT" <<<'[1]'
	tc push budget - --account "$ACCOUNT" <<<'[1]'
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/*"}]}
	EOF
	cat >"$HOME/policy2" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/cache-v1/*/budget.json.gz"}]}
	EOF
	use_principal reader "$HOME/policy"
	tc status --remote
	assert_status 5
	assert_stderr_has s3:ListBucket
	[ "$(field entry 2 | wc -l)" -eq 2 ]
	policy2=$HOME/policy2
	new_machine
	use_principal lister "$policy2"
	tc status --remote
	assert_status 5
	assert_stderr_has notes.json.gz
	[ "$(field entry 6 notes)" = denied ]
	[ "$(field entry 6 budget)" = fresh ]
}

@test "a signal ends it with 130 and 143, a lost result with 1" {
	for pair in INT:130 TERM:143; do
		s3_fault '{"method":"GET","hang":true}'
		env --default-signal=INT "$TC_BIN" status --remote \
			>/dev/null 2>&1 3>&- &
		pid=$!
		sleep 1
		kill "-${pair%:*}" "$pid"
		status=0
		wait "$pid" || status=$?
		note_status status "$status"
		s3_faults_end
		[ "$status" -eq "${pair#*:}" ]
	done
	status=0
	"$TC_BIN" status >/dev/full 2>/dev/null || status=$?
	note_status status "$status"
	[ "$status" -eq 1 ]
}
