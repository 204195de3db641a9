#!/usr/bin/env bats
# Ages are judged on S3's clock (design section 5).

load helper

@test "a week-old envelope that was copied anew is stale" {
	tc push notes - --timestamp "$(date -u -d '-7 days' +%Y-%m-%dT%H:%M:%SZ)" <<<'[1]'
	assert_status 0
	s3_get "cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz" "$HOME/object"
	s3_put "cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz" "$HOME/object" \
		x-amz-meta-schema-version:1
	new_machine
	tc fetch notes
	assert_status 9
	tc fetch notes --allow-stale
	assert_stderr_has "no fresh entry of type 'notes' in the cache"
	tc fetch notes --allow-stale --json
	assert_status 0
	assert_json '(.entries[0].source | startswith("stale-")) and .entries[0].age >= 604800'
	tc fetch notes --max-age 8d
	assert_status 0
}

@test "a writer whose clock is two hours off leaves right timestamps" {
	for off in -2h +2h; do
		new_machine
		tc invalidate --all
		tc_at "$off" fetch mtd-costs --json
		assert_status 0
		stamp=$(jq -r '.entries[0].timestamp' "$TC_STDOUT")
		age=$(($(date +%s) - $(date -d "$stamp" +%s)))
		[ "$age" -ge -5 ] && [ "$age" -le 120 ]
		new_machine
		tc fetch mtd-costs --json
		assert_json '.entries[0].source == "remote" and .entries[0].fresh'
	done
}

@test "a reader whose clock is off judges by S3's clock" {
	tc fetch mtd-costs
	new_machine
	mark_requests
	tc_at +14m fetch mtd-costs --json --max-age 10m --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].source == "remote"'
	assert_count 0 ce_requests
	# The skew that was seen is applied to the copy's age.
	tc_at +15m fetch mtd-costs --json --max-age 10m --offline --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].source == "local" and .entries[0].age < 300'
}

@test "a final month lives, but a machine asks S3 once an hour" {
	tc fetch mtd-costs --month "$CLOSED_MONTH"
	mark_requests
	tc_at +50m fetch mtd-costs --month "$CLOSED_MONTH" --json
	assert_status 0
	assert_count 0 s3_requests
	# S3's own clock has not moved: it refuses the skewed signature, the
	# clock is corrected, then 304; no purchase.
	tc_at +61m fetch mtd-costs --month "$CLOSED_MONTH" --json
	assert_status 0
	assert_json '.entries[0].source == "local"'
	assert_count 2 s3_requests
	request_log | grep -q '304$'
	assert_count 0 ce_requests
	tc_at +20d fetch mtd-costs --month "$CLOSED_MONTH" --offline
	assert_status 0
	tc_at +31d fetch mtd-costs --month "$CLOSED_MONTH" --offline
	assert_status 9
}

@test "what is not final does not live 30 days" {
	# Estimated figures, a forecast, an empty answer, a pushed document.
	server_settings estimated=true
	tc fetch mtd-costs --month "$CLOSED_MONTH"
	tc_at +61m fetch mtd-costs --month "$CLOSED_MONTH" --offline
	assert_status 9
	tc fetch forecast
	tc_at +61m fetch forecast --offline
	[ "$status" -eq 9 ] || [ "$status" -eq 3 ] || [ "$status" -eq 12 ]
	queue_response GetCostAndUsage body='{"ResultsByTime":[]}'
	tc fetch full-data --month "$LAST_MONTH"
	assert_status 0
	tc_at +61m fetch full-data --month "$LAST_MONTH" --offline
	assert_status 9
	other=$(months_before 7)
	s=$(date -u -d "$other-01" +%Y-%m-%d)
	e=$(date -u -d "$other-01 +1 month" +%Y-%m-%d)
	tc push mtd-costs - --month "$other" <<<'{"cost_and_usage":{"ResultsByTime":[{"TimePeriod":{"Start":"'"$s"'","End":"'"$e"'"},"Total":{"UnblendedCost":{"Amount":"1","Unit":"USD"}},"Groups":[],"Estimated":false}]}}'
	assert_status 0
	tc_at +61m fetch mtd-costs --month "$other" --offline
	assert_status 9
}

@test "on the first of a month the period is not empty" {
	queue_response GetCostAndUsage body='{"ResultsByTime":[]}'
	tc fetch full-data --no-remote --json
	assert_status 0
	first=$(date -u +%Y-%m-01T00:00:30Z)
	new_machine
	mark_requests
	tc_at "$first" fetch full-data --no-remote
	assert_status 0
	jq -e '.cost_and_usage.ResultsByTime | length == 1' "$TC_STDOUT"
}

@test "ttl, ttl_override and --max-age" {
	tc fetch mtd-costs --ttl 15m
	tc_at +14m fetch mtd-costs --offline
	assert_status 0
	tc_at +16m fetch mtd-costs --offline
	assert_status 9
	tc_at +16m fetch mtd-costs --offline --max-age 20m
	assert_status 0
	TEAMCACHE_TTL_OVERRIDE=2h tc_at +110m fetch mtd-costs --offline
	assert_status 0
	tc_at +5m fetch mtd-costs --offline --max-age 1m
	assert_status 9
}
