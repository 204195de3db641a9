#!/usr/bin/env bats
# fetch in a job of GitHub Actions: annotations, summary, outputs. What comes
# from outside gives the runner no command.
load helper

NOW=2025-08-20T15:00:00Z

setup() {
	isolate
	export GITHUB_ACTIONS=true
	put
}

# put [--hostile]: what costs.py prints is in the cache.
put() {
	"$TC_PYTHON" "$BATS_TEST_DIRNAME/costs.py" full-data "$@" >"$HOME/costs.json"
	tc_at "$NOW" push full-data "$HOME/costs.json" --local \
		--account "$ACCOUNT" --month 2025-08 \
		--timestamp 2025-08-20T14:26:40Z
	assert_status 0
}

show() {
	tc_at "$NOW" fetch "$@" --offline --account "$ACCOUNT" --month 2025-08
}

# commands FILE: lines that the runner would obey.
commands() {
	grep -E '^[[:space:]]*::|##\[' "$1" || true
}

@test "github: an error and a warning are shown at the job, too" {
	show forecast
	assert_status 3
	[ "$(commands "$TC_STDERR" | wc -l)" -eq 1 ]
	grep -q '^teamcache: ' "$TC_STDERR"
	grep -q '^::error title=teamcache::.*--offline' "$TC_STDERR"
	tc_at +2h fetch full-data --offline --allow-stale \
		--account "$ACCOUNT" --month 2025-08
	assert_status 0
	grep -q '^::warning title=teamcache::.*stale' "$TC_STDERR"
	# stdout has it for programs; the job's page and log are for people.
	show forecast --json
	assert_status 3
	[ "$(commands "$TC_STDERR" | wc -l)" -eq 1 ]
	grep -q '^teamcache: .*--offline' "$TC_STDERR"
	unset GITHUB_ACTIONS
	show forecast
	[ -z "$(commands "$TC_STDERR")" ]
}

@test "github: --github-summary appends the tables" {
	export GITHUB_STEP_SUMMARY=$HOME/summary
	echo before >"$GITHUB_STEP_SUMMARY"
	show full-data --github-summary --top 2 >"$HOME/out"
	assert_status 0
	[ "$(head -n 1 "$HOME/summary")" = before ]
	grep -q '^### August 2025, account 123456789012$' "$HOME/summary"
	grep -qF '| **Total** | **12,760.60** | |' "$HOME/summary"
	grep -q '^| 12 others |' "$HOME/summary"
	assert_json .cost_and_usage
	unset GITHUB_STEP_SUMMARY
	show full-data --github-summary
	assert_status 2
	assert_stderr_has "GITHUB_STEP_SUMMARY is not set"
}

# value NAME: of an output, as the runner reads the file.
value() {
	awk -v name="$1" '
		end != "" { if ($0 == end) exit; print; next }
		index($0, name "<<") == 1 { end = substr($0, length(name) + 3) }
		' "$GITHUB_OUTPUT"
}

@test "github: --github-output sets source, age and cost" {
	export GITHUB_OUTPUT=$HOME/output
	show full-data --github-output --json
	assert_status 0
	[ "$(value source)" = local ]
	[ "$(value age)" -ge 2000 ]
	[ "$(value cost)" = "$("$TC_PYTHON" - "$HOME/costs.json" <<-'PYTHON'
		import json, sys
		from decimal import Decimal
		data = json.load(open(sys.argv[1]))["cost_and_usage"]["ResultsByTime"]
		print((sum(Decimal(g["Metrics"]["UnblendedCost"]["Amount"])
		    for r in data for g in r["Groups"])).normalize())
	PYTHON
	)" ]
	[ "$(value currency)" = USD ]
	show full-data --github-output
	# Another delimiter each time.
	[ "$(grep -c '^source<<' "$HOME/output")" -eq 2 ]
	[ "$(grep '^source<<' "$HOME/output" | sort -u | wc -l)" -eq 2 ]
	unset GITHUB_OUTPUT
	show full-data --github-output
	assert_status 2
	assert_stderr_has "GITHUB_OUTPUT is not set"
}

@test "github: hostile names give the runner no command" {
	put --hostile
	for format in table chart markdown; do
		show full-data --format "$format"
		assert_status 0
		[ -z "$(commands "$TC_STDOUT")" ]
		assert_stderr_empty
	done
	export GITHUB_STEP_SUMMARY=$HOME/summary
	show full-data --github-summary
	[ -z "$(commands "$HOME/summary")" ]
	run ! grep -q '<script' "$HOME/summary"
}

@test "github: nor do names in what the other commands print for people" {
	local prefix='##[error]team'
	tc push notes - --local --account "$ACCOUNT" --prefix "$prefix" <<<'{}'
	assert_status 0
	tc invalidate notes --account "$ACCOUNT" --prefix "$prefix" --local --dry-run
	assert_status 0
	assert_output_has "?#[error]team"
	[ -z "$(commands "$TC_STDOUT")" ]
	tc status --prefix "$prefix"
	assert_status 0
	[ -z "$(commands "$TC_STDOUT")" ]
	tc doctor --only environment,local-store --prefix "$prefix" --bucket '##[error]b'
	[ -z "$(commands "$TC_STDOUT")" ]
	tc doctor --only environment --profile '##[error]x' --profile default
	[ -z "$(commands "$TC_STDOUT")" ]
}
