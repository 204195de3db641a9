#!/usr/bin/env bats
# The main job: local copy, S3, Cost Explorer, in this order.

load helper

folder() {
	echo "cache-v1/$ACCOUNT/$THIS_MONTH"
}

@test "a miss buys once and fills four keys" {
	tc fetch mtd-costs --json
	assert_status 0
	assert_stderr_empty
	assert_json '.entries[0].source == "api" and .entries[0].fresh'
	assert_json '.requests.ce == 1 and .cost_usd == "0.01"'
	assert_count 1 ce_requests
	assert_count 4 s3_requests PUT cache-v1
	run s3_ls "$(folder)"
	[ "${#lines[@]}" -eq 4 ]
	[[ $output == *full-data.json.gz* && $output == *mtd-costs.json.gz* ]]
	[[ $output == *daily-breakdown.json.gz* ]]
	[[ $output == *service-breakdown.json.gz* ]]
}

@test "a second machine reads one S3 object and buys nothing" {
	tc fetch --all --warm
	assert_status 0
	[ ! -s "$TC_STDOUT" ]
	new_machine
	mark_requests
	tc fetch daily-breakdown --account "$ACCOUNT" --json
	assert_status 0
	assert_json '.entries[0].source == "remote"'
	assert_json '.requests == {s3: 1, ce: 0, sts: 0}'
	assert_count 1 s3_requests
	assert_count 0 ce_requests
	assert_count 0 sts_requests
}

@test "a local hit opens no socket" {
	tc fetch mtd-costs
	assert_status 0
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/first"
	mark_requests
	# LeakSanitizer does not work under a tracer.
	ASAN_OPTIONS=detect_leaks=0 \
		strace -f -e trace=network -o "$BATS_TEST_TMPDIR/trace" \
		"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" \
		>"$BATS_TEST_TMPDIR/second"
	cmp "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	run ! grep socket "$BATS_TEST_TMPDIR/trace"
	assert_count 0 s3_requests
}

@test "the data has the shape of Cost Explorer's answer, exact amounts" {
	tc fetch full-data
	assert_status 0
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/full"
	assert_json '.cost_and_usage.ResultsByTime | length > 0'
	tc fetch mtd-costs
	assert_json '.cost_and_usage.ResultsByTime | length == 1'
	python3 - "$BATS_TEST_TMPDIR/full" "$TC_STDOUT" <<-'PYTHON'
		import json, sys
		from decimal import Decimal, getcontext
		getcontext().prec = 200
		full, mtd = (json.load(open(p))["cost_and_usage"]["ResultsByTime"] for p in sys.argv[1:])
		for metric, total in mtd[0]["Total"].items():
		    exact = sum(Decimal(g["Metrics"][metric]["Amount"]) for d in full for g in d["Groups"])
		    assert Decimal(total["Amount"]) == exact, (metric, total, exact)
		assert mtd[0]["TimePeriod"]["Start"] == full[0]["TimePeriod"]["Start"]
		assert mtd[0]["TimePeriod"]["End"] == full[-1]["TimePeriod"]["End"]
	PYTHON
	tc fetch service-breakdown
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/service"
	tc fetch daily-breakdown
	python3 - "$BATS_TEST_TMPDIR/full" "$BATS_TEST_TMPDIR/service" "$TC_STDOUT" <<-'PYTHON'
		import json, sys
		from decimal import Decimal, getcontext
		getcontext().prec = 200
		full, service, daily = (json.load(open(p))["cost_and_usage"]["ResultsByTime"] for p in sys.argv[1:])
		sums = {}
		for day in full:
		    for group in day["Groups"]:
		        for metric, value in group["Metrics"].items():
		            at = (group["Keys"][0], metric)
		            sums[at] = sums.get(at, 0) + Decimal(value["Amount"])
		got = {(g["Keys"][0], m): Decimal(v["Amount"]) for g in service[0]["Groups"] for m, v in g["Metrics"].items()}
		assert got == sums
		assert [d["TimePeriod"] for d in daily] == [d["TimePeriod"] for d in full]
		for day, whole in zip(daily, full):
		    assert not day["Groups"]
		    for metric, total in day["Total"].items():
		        assert Decimal(total["Amount"]) == sum(Decimal(g["Metrics"][metric]["Amount"]) for g in whole["Groups"])
	PYTHON
	assert_count 1 ce_requests
}

@test "pages of Cost Explorer are merged, each is counted and paid" {
	server_settings page_size_groups=40
	tc fetch full-data --json --month "$CLOSED_MONTH"
	assert_status 0
	pages=$(ce_requests)
	[ "$pages" -gt 1 ]
	assert_json ".requests.ce == $pages"
	jq -cS '.entries[0].data' "$TC_STDOUT" >"$BATS_TEST_TMPDIR/paged"
	new_machine
	server_settings page_size_groups=0
	mark_requests
	tc fetch full-data --no-remote --json --month "$CLOSED_MONTH"
	assert_count 1 ce_requests
	jq -cS '.entries[0].data' "$TC_STDOUT" | cmp - "$BATS_TEST_TMPDIR/paged"
}

@test "amounts that do not add up: full-data is kept, what is derived of it is 8, and paid for once" {
	local type
	queue_response GetCostAndUsage body='{"ResultsByTime":[
		{"TimePeriod":{"Start":"2026-10-01","End":"2026-10-02"},"Total":{},
		"Groups":[{"Keys":["A"],"Metrics":{"UnblendedCost":{"Amount":"1","Unit":"USD"}}},
		{"Keys":["B"],"Metrics":{"UnblendedCost":{"Amount":"2","Unit":"EUR"}}}],
		"Estimated":true}]}'
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 8
	assert_stderr_has "a metric's units differ"
	s3_exists "$(folder)/full-data.json.gz"
	run ! s3_exists "$(folder)/mtd-costs.json.gz"
	for type in here elsewhere; do
		tc fetch mtd-costs --account "$ACCOUNT"
		assert_status 8
		tc fetch full-data --account "$ACCOUNT"
		assert_status 0
		assert_output_has EUR
		new_machine
	done
	assert_count 1 ce_requests
}

@test "a derived type is computed from full-data before anything is bought" {
	tc fetch full-data
	for type in mtd-costs daily-breakdown service-breakdown; do
		s3_rm "$(folder)/$type.json.gz"
	done
	new_machine
	mark_requests
	tc fetch mtd-costs --json
	assert_status 0
	assert_json '.entries[0].source == "derived"'
	assert_count 0 ce_requests
	assert_count 0 s3_requests PUT cache-v1
	tc fetch mtd-costs --json --offline
	assert_status 0
	assert_json '.entries[0].source == "local"'
}

@test "--revalidate asks S3, which answers 304" {
	tc fetch mtd-costs
	mark_requests
	tc fetch mtd-costs --revalidate --json
	assert_status 0
	assert_json '.entries[0].source == "local" and .requests.s3 == 1'
	assert_count 1 s3_requests GET
	request_log | grep -q '304$'
}

@test "--refresh buys again, others then read the new figures" {
	tc fetch mtd-costs
	server_settings revision=2
	sleep 1.1
	mark_requests
	tc fetch mtd-costs --refresh --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/new"
	new_machine
	tc fetch mtd-costs --json
	assert_json '.entries[0].source == "remote"'
	[ "$(jq -c '.entries[0].data' "$TC_STDOUT")" = \
		"$(jq -c '.entries[0].data' "$BATS_TEST_TMPDIR/new")" ]
}

@test "--all prints a line an entry, in order, and no forecast is no failure" {
	queue_response GetCostForecast type=DataUnavailableException \
		message="Insufficient amount of historical data"
	tc fetch --all
	assert_status 0
	[ "${#lines[@]}" -eq 5 ]
	[ "$(jq -r .data_type "$TC_STDOUT" | tr '\n' ' ')" = \
		"full-data mtd-costs daily-breakdown service-breakdown forecast " ]
	jq -se '.[4] | .data == null and .unavailable != null and .error == null' \
		"$TC_STDOUT"
	# Remembered: not asked again.
	mark_requests
	tc fetch --all
	assert_status 0
	assert_count 0 ce_requests
	tc fetch forecast
	assert_status 12
	assert_stderr_has "forecasts after some weeks"
	[[ $stderr != *doctor* ]]
}

@test "a forecast is bought, shared, and never asked for a past month" {
	tc fetch forecast --json
	assert_status 0
	assert_json '.entries[0].data.forecast.ForecastResultsByTime | length > 0'
	new_machine
	mark_requests
	tc fetch forecast --json
	assert_json '.entries[0].source == "remote"'
	tc fetch forecast --month "$LAST_MONTH"
	assert_status 12
	[ "${stderr_lines[1]}" = "  what another month came to is in mtd-costs" ]
	[ ${#stderr_lines[@]} -eq 2 ]
	assert_count 0 ce_requests
}

@test "--offline looks at this machine only" {
	tc fetch mtd-costs --offline
	assert_status 3
	assert_stderr_has "--account"
	assert_count 0 sts_requests
	tc fetch mtd-costs
	mark_requests
	tc fetch mtd-costs --offline --account "$ACCOUNT"
	assert_status 0
	tc_at +2h fetch mtd-costs --offline --account "$ACCOUNT"
	assert_status 9
	[ ! -s "$TC_STDOUT" ]
	assert_stderr_has "only stale data could be had: 'mtd-costs' of account '$ACCOUNT' is stale, and --offline"
	assert_stderr_has "--allow-stale prints it (72"
	tc_at +2h fetch mtd-costs --offline --account "$ACCOUNT" --allow-stale
	assert_stderr_has "'mtd-costs' of account '$ACCOUNT' is stale, and --offline looks nowhere else"
	tc_at +2h fetch mtd-costs --offline --account "$ACCOUNT" --allow-stale --json
	assert_status 0
	assert_json '.entries[0].source == "stale-local" and .entries[0].fresh == false'
	assert_count 0 s3_requests
}

@test "--no-api never buys" {
	tc fetch full-data --no-api
	assert_status 3
	assert_count 0 ce_requests
	assert_stderr_has "--no-api"
}

@test "--no-local leaves nothing on this machine and buys once for all types" {
	tc fetch --all --no-local --json
	assert_status 0
	assert_count 2 ce_requests
	[ -z "$(find "$CACHE_DIR" -type f 2>/dev/null)" ]
	mark_requests
	tc fetch --all --no-local --json
	assert_status 0
	assert_json '[.entries[].source] | unique == ["remote"]'
	assert_count 0 ce_requests
}

@test "--format envelope prints what lies in S3, plain" {
	tc fetch mtd-costs --format envelope
	assert_status 0
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/printed"
	s3_get "$(folder)/mtd-costs.json.gz" "$BATS_TEST_TMPDIR/stored"
	gunzip -c "$BATS_TEST_TMPDIR/stored" >"$BATS_TEST_TMPDIR/plain"
	echo >>"$BATS_TEST_TMPDIR/plain"
	cmp "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/printed"
}

@test "-o writes a file whole, and a folder one file an entry" {
	echo old >"$HOME/out.json"
	tc fetch mtd-costs -o "$HOME/out.json"
	assert_status 0
	[ ! -s "$TC_STDOUT" ]
	jq -e .cost_and_usage "$HOME/out.json"
	mkdir "$HOME/out"
	tc fetch mtd-costs full-data -o "$HOME/out/"
	assert_status 0
	jq -e .cost_and_usage "$HOME/out/$ACCOUNT-$THIS_MONTH-mtd-costs.json"
	jq -e .cost_and_usage "$HOME/out/$ACCOUNT-$THIS_MONTH-full-data.json"
	tc fetch mtd-costs --no-api --month "$LAST_MONTH" -o "$HOME/out.json"
	assert_status 3
	jq -e .cost_and_usage "$HOME/out.json"
}

@test "-o: a new file is its owner's alone, one that is there keeps its mode" {
	umask 022
	tc fetch mtd-costs -o "$HOME/costs.json"
	[ "$(stat -c %a "$HOME/costs.json")" = 600 ]
	chmod 644 "$HOME/costs.json"
	tc fetch mtd-costs -o "$HOME/costs.json"
	[ "$(stat -c %a "$HOME/costs.json")" = 644 ]
}

@test "-o - is stdout; a folder that cannot be used is said before buying" {
	cd "$HOME"
	mark_requests
	tc fetch mtd-costs -o missing/
	assert_status 2
	mkdir out
	tc fetch mtd-costs --json -o out
	assert_status 2
	assert_stderr_has "--json prints one object"
	assert_count 0 ce_requests
	tc fetch mtd-costs -o -
	assert_status 0
	jq -e .cost_and_usage "$TC_STDOUT"
	[ ! -e ./- ]
}

@test "--warm --json tells of the entry and prints no data" {
	tc fetch mtd-costs --warm --json
	assert_status 0
	assert_json '.entries[0] | .source == "api" and .bytes > 0 and .data == null'
}

@test "a type of one's own is bought by its request, and the request is checked" {
	write_settings <<-'EOF'
		[type by-team]
		operation = GetCostAndUsage
		request = {"Granularity":"DAILY","Metrics":["UnblendedCost"],"GroupBy":[{"Type":"TAG","Key":"team"}]}
	EOF
	tc fetch by-team --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	new_machine
	mark_requests
	tc fetch by-team --json
	assert_json '.entries[0].source == "remote"'
	# Another question under the same name: a miss with a warning, bought,
	# and what is shared stays as it is.
	before=$(s3_etag "$(folder)/by-team.json.gz")
	write_settings <<-'EOF'
		[type by-team]
		operation = GetCostAndUsage
		request = {"Granularity":"DAILY","Metrics":["BlendedCost"]}
	EOF
	tc fetch by-team --json
	assert_status 0
	assert_json '.entries[0].source == "api"'
	assert_json '.entries[0].degraded | index("other-question")'
	[ "$(s3_etag "$(folder)/by-team.json.gz")" = "$before" ]
	new_machine
	tc fetch by-team --no-api
	assert_status 8
}

@test "--request gives a type its request" {
	echo '{"Granularity":"DAILY","Metrics":["UnblendedCost"]}' >"$HOME/rq.json"
	tc fetch mine --request "$HOME/rq.json" --json
	assert_status 0
	assert_json '.entries[0].source == "api" and .entries[0].data_type == "mine"'
	mark_requests
	# The same question, written otherwise.
	echo '{ "Metrics": ["UnblendedCost"], "Granularity": "DAILY" }' >"$HOME/rq.json"
	tc fetch mine --request "$HOME/rq.json" --json
	assert_json '.entries[0].source == "local"'
	for text in '' '{"Granularity":'; do
		printf %s "$text" >"$HOME/rq.json"
		tc fetch mine --request "$HOME/rq.json"
		assert_status 2
		assert_stderr_has "--request '$HOME/rq.json' is not JSON: byte "
	done
	assert_count 0 ce_requests
}

@test "who finds it in S3 takes no lock; a purchase does" {
	tc push notes - <<<'{"n":1}'
	assert_status 0
	new_machine
	tc fetch notes
	assert_status 0
	[ -n "$(find "$CACHE_DIR" -path "*/$(folder)/notes.json")" ]
	[ -z "$(find "$CACHE_DIR" -name '*.lock')" ]
	tc fetch mtd-costs
	assert_status 0
	[ "$(find "$CACHE_DIR" -name '*.lock' -printf '%f\n')" = full-data.lock ]
}

@test "who waited for a purchase on this machine gets it without asking S3" {
	tc version
	server_settings ce_delay_seconds=3
	"$TC_BIN" fetch mtd-costs >"$BATS_TEST_TMPDIR/first" 3>&- &
	pid=$!
	for ((i = 0; i < 500; i++)); do
		[ -z "$(find "$CACHE_DIR" -name full-data.lock 2>/dev/null)" ] || break
		sleep 0.01
	done
	tc fetch mtd-costs --json -v
	assert_status 0
	wait "$pid"
	note_status fetch 0
	assert_count 1 ce_requests
	assert_json '.entries[0].source == "local"'
	[ "$(grep -c "asking S3 for 'mtd-costs'" <<<"$stderr")" -eq 1 ]
}

@test "twenty processes of one machine buy once" {
	tc version
	for i in $(seq 20); do
		"$TC_BIN" fetch mtd-costs >"$BATS_TEST_TMPDIR/out.$i" 3>&- &
		pids+=" $!"
	done
	for pid in $pids; do
		wait "$pid"
		note_status fetch 0
	done
	assert_count 1 ce_requests
	[ "$(sha256sum "$BATS_TEST_TMPDIR"/out.* | cut -d' ' -f1 | sort -u | wc -l)" -eq 1 ]
}

@test "twenty processes with --refresh do not buy in turn" {
	tc fetch mtd-costs
	sleep 1.1
	mark_requests
	server_settings ce_delay_seconds=4
	for i in $(seq 20); do
		"$TC_BIN" fetch mtd-costs --refresh >"$BATS_TEST_TMPDIR/out.$i" 3>&- &
		pids+=" $!"
	done
	for pid in $pids; do
		wait "$pid"
		note_status fetch 0
	done
	assert_count 1 ce_requests
}

@test "the account is proved before money is spent" {
	tc fetch mtd-costs --account 210987654321
	assert_status 2
	assert_stderr_has 123456789012
	assert_count 0 ce_requests
	[ -z "$(s3_ls)" ]
}

@test "a neighbour of another version survives every command" {
	echo neighbour >"$HOME/n"
	s3_put "cache-v2/$ACCOUNT/$THIS_MONTH/mtd-costs.json.gz" "$HOME/n"
	tc fetch --all
	tc push notes - <<<'{"a":1}'
	assert_status 0
	tc invalidate --all
	assert_status 0
	s3_get "cache-v2/$ACCOUNT/$THIS_MONTH/mtd-costs.json.gz" "$HOME/m"
	cmp "$HOME/n" "$HOME/m"
	[ "$(s3_ls | wc -l)" -eq 1 ]
}

@test "--prefix keeps a team's keys apart" {
	tc fetch mtd-costs --prefix team/a
	assert_status 0
	s3_exists "team/a/$(folder)/mtd-costs.json.gz"
	mark_requests
	tc fetch mtd-costs --prefix team/b
	assert_count 1 ce_requests
}

@test "a type that nobody defined: what was meant, or how to have one" {
	tc fetch mtd-cost
	assert_status 3
	assert_stderr_has "did you mean 'mtd-costs'?"
	tc fetch notes
	assert_status 3
	assert_stderr_has "  store one with 'teamcache push notes FILE'"
}
