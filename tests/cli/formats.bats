#!/usr/bin/env bats
# fetch --format: what people, spreadsheets and job summaries get to see. The
# figures are those of costs.py, put into the local cache, at a fixed time.
load helper

NOW=2025-08-20T15:00:00Z
golden=$BATS_TEST_DIRNAME/golden

setup_file() {
	local costs=$BATS_TEST_DIRNAME/costs.py
	"$TC_PYTHON" "$costs" full-data >"$BATS_FILE_TMPDIR/full-data.json"
	"$TC_PYTHON" "$costs" full-data --hostile >"$BATS_FILE_TMPDIR/hostile.json"
	"$TC_PYTHON" "$costs" forecast >"$BATS_FILE_TMPDIR/forecast.json"
}

setup() {
	isolate
	put full-data full-data
	put forecast forecast
}

# put TYPE FILE: what costs.py printed into FILE is in the cache as TYPE.
put() {
	tc_at "$NOW" push "$1" "$BATS_FILE_TMPDIR/$2.json" --local \
		--account "$ACCOUNT" --month 2025-08 \
		--timestamp 2025-08-20T14:26:40Z
	assert_status 0
}

# show TYPE... [OPTION...]: what the cache has, at the fixed time.
show() {
	tc_at "$NOW" fetch "$@" --offline --account "$ACCOUNT" --month 2025-08
}

# is_golden NAME FILE: it is the same, byte for byte.
is_golden() {
	diff -u "$golden/$1.txt" "$2"
}

@test "table and chart: 40, 80 and 200 columns" {
	local columns format
	for columns in 40 80 200; do
		for format in table chart; do
			COLUMNS=$columns show full-data forecast --format $format
			assert_status 0
			assert_stderr_empty
			is_golden "$format-$columns" "$TC_STDOUT"
			[ "$(wc -L <"$TC_STDOUT")" -le "$columns" ]
		done
	done
}

@test "table and chart: the same from a real terminal" {
	command -v tmux >/dev/null || skip "tmux is not installed"
	local columns format pane=$BATS_TEST_TMPDIR/pane
	for columns in 40 80 200; do
		for format in table chart; do
			tmux -f /dev/null -S "$BATS_TEST_TMPDIR/tmux" -u \
				new-session -d -x "$columns" -y 120 \
				"TEST_NOW=$NOW $TC_CLOCK_BIN fetch full-data forecast \
				--format $format --offline --account $ACCOUNT \
				--month 2025-08; echo done; sleep 60"
			for _ in $(seq 100); do
				tmux -S "$BATS_TEST_TMPDIR/tmux" capture-pane -p >"$pane"
				! grep -q '^done' "$pane" || break
				sleep 0.1
			done
			tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server
			note_status fetch 0
			sed -i '/^done/,$d' "$pane"
			is_golden "$format-$columns" "$pane"
		done
	done
}

@test "chart: ASCII where the locale or the terminal has no more" {
	LANG=C COLUMNS=80 show full-data forecast --format chart
	assert_status 0
	is_golden chart-ascii "$TC_STDOUT"
	TERM=dumb COLUMNS=80 show full-data forecast --format chart
	is_golden chart-ascii "$TC_STDOUT"
	run ! grep -P '[^\x00-\x7f]' "$TC_STDOUT"
	LANG=C COLUMNS=80 show full-data --format table
	run ! grep -P '[^\x00-\x7f]' "$TC_STDOUT"
}

@test "colour is for terminals, or where it is asked for" {
	show full-data --format table
	run ! grep -q $'\033' "$TC_STDOUT"
	show full-data --format chart --color always
	grep -q $'\033' "$TC_STDOUT"
	show full-data --format chart --color always -o "$HOME/chart"
	assert_status 0
	run ! grep -q $'\033' "$HOME/chart"
}

@test "csv: RFC 4180, every row, exact amounts" {
	show full-data forecast --format csv
	assert_status 0
	"$TC_PYTHON" - "$TC_STDOUT" "$BATS_FILE_TMPDIR/full-data.json" \
		"$BATS_FILE_TMPDIR/forecast.json" <<-'PYTHON'
		import csv, json, sys
		from decimal import Decimal
		text = open(sys.argv[1], newline="").read()
		assert text.count("\r\n") == text.count("\n"), "CRLF"
		rows = list(csv.DictReader(text.splitlines()))
		want = [(r["TimePeriod"]["Start"], g["Keys"][0],
		    g["Metrics"]["UnblendedCost"]["Amount"])
		    for r in json.load(open(sys.argv[2]))["cost_and_usage"]["ResultsByTime"]
		    for g in r["Groups"]]
		want += [(r["TimePeriod"]["Start"], "", r["MeanValue"])
		    for r in json.load(open(sys.argv[3]))["forecast"]["ForecastResultsByTime"]]
		assert len(rows) == len(want), (len(rows), len(want))
		for row, (start, group, amount) in zip(rows, want):
		    assert (row["start"], row["group"]) == (start, group), row
		    assert Decimal(row["amount"]) == Decimal(amount), row
		    assert "E" not in row["amount"].upper(), row
		    assert row["account_id"] == "123456789012" and row["unit"] == "USD"
		    assert row["period"] == "2025-08" and row["metric"] == "UnblendedCost"
		assert {r["data_type"] for r in rows} == {"full-data", "forecast"}
		assert [r["estimated"] for r in rows][0] == "false"
	PYTHON
}

@test "--top: the others as one, the sum stays" {
	show full-data --format csv
	sum() {
		"$TC_PYTHON" -c 'import csv, sys, decimal
print(sum(decimal.Decimal(r["amount"]) for r in csv.DictReader(open(sys.argv[1]))))' "$1"
	}
	local whole
	whole=$(sum "$TC_STDOUT")
	show full-data --format csv --top 3
	assert_status 0
	[ "$(sum "$TC_STDOUT")" = "$whole" ]
	[ "$(cut -d, -f7 "$TC_STDOUT" | sort -u | wc -l)" -eq 5 ]
	assert_output_has ",11 others,"
	show full-data --format table --top 1
	assert_output_has "13 others"
	show full-data --format chart --top 100
	assert_output_has "Amazon Simple Queue Service"
}

@test "--metric: one that is there, one that is not, one that is none" {
	show full-data --format csv --metric AmortizedCost
	assert_status 0
	assert_output_has ",AmortizedCost,"
	show full-data --format table --metric BlendedCost
	assert_status 8
	assert_output ""
	assert_stderr_has "the data has no 'BlendedCost'"
	assert_stderr_has "it has UnblendedCost, AmortizedCost"
	show full-data --format table --metric UnblendetCost
	assert_status 2
	assert_stderr_has "did you mean 'UnblendedCost'?"
	show full-data --metric UnblendedCost
	assert_status 2
	assert_stderr_has "--format table"
	show full-data --top 3 --format envelope
	assert_status 2
}

@test "--json has its own shape" {
	for format in json table html; do
		show full-data --json --format $format
		assert_status 2
		assert_json '.error.class == "usage"'
	done
}

@test "data of another shape: an error that names what prints it" {
	tc_at "$NOW" push notes - --local --account "$ACCOUNT" \
		--month 2025-08 <<<'{"a":[1]}'
	for format in table csv markdown chart html; do
		show notes --format $format
		assert_status 8
		assert_output ""
		assert_stderr_has "cannot show 'notes' of 2025-08"
		assert_stderr_has "--format json"
	done
	show notes full-data --format csv
	assert_status 8
	assert_stderr_has "cannot show 'notes'"
	[ "${#lines[@]}" -gt 200 ]
}

@test "-o DIR/: a file an entry, named for its format" {
	mkdir "$HOME/out"
	for pair in table:txt csv:csv markdown:md chart:txt html:html; do
		show full-data forecast --format "${pair%:*}" -o "$HOME/out/"
		assert_status 0
		[ ! -s "$TC_STDOUT" ]
		[ -s "$HOME/out/$ACCOUNT-2025-08-full-data.${pair#*:}" ]
		[ -s "$HOME/out/$ACCOUNT-2025-08-forecast.${pair#*:}" ]
	done
	show full-data --format csv -o "$HOME/all.csv"
	assert_status 0
	show full-data --format csv
	cmp "$HOME/all.csv" "$TC_STDOUT"
}

@test "hostile names: a table keeps its lines and columns" {
	put full-data hostile
	COLUMNS=70 show full-data --format table
	assert_status 0
	assert_output_has "a?[31mb???c??d"
	run ! grep -P '[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80[\xaa-\xae]' "$TC_STDOUT"
	"$TC_PYTHON" - "$TC_STDOUT" <<-'PYTHON'
		import sys, unicodedata
		lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
		wide = lambda s: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
		rule = next(i for i, line in enumerate(lines) if line.startswith("\u2500"))
		for line in lines[rule - 1:rule + 7]:
		    assert wide(line) == wide(lines[rule]), (line, lines[rule])
	PYTHON
}

@test "hostile names: a spreadsheet computes nothing" {
	put full-data hostile
	show full-data --format csv
	assert_status 0
	"$TC_PYTHON" - "$TC_STDOUT" <<-'PYTHON'
		import csv, sys
		rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
		assert len(rows) == 6 * 20
		names = {r["group"] for r in rows}
		assert "'=cmd|' /C calc'!A0" in names, names
		assert "<script>alert(1)</script>\"'&" in names, names
		for row in rows:
		    for cell in row.values():
		        assert cell[:1] not in "=+-@\t\r" or cell == "", row
	PYTHON
}

@test "hostile names: Markdown takes them literally" {
	put full-data hostile
	show full-data --format markdown
	assert_status 0
	assert_output_has '| &lt;script&gt;alert(1)&lt;/script&gt;"'\''&amp; | '
	assert_output_has '| \|\`\*\_\[x\](http&#58;//a)\\\| \@team | '
	run ! grep -q '<script' "$TC_STDOUT"
	# Four cells a row, whatever is in them.
	[ "$(sed 's/\\[\\|]//g' "$TC_STDOUT" | grep '^| ' | awk -F'|' '{ print NF }' |
		sort -u | tr '\n' ' ')" = "4 5 " ]
}

@test "markdown: the tables of a summary" {
	show full-data forecast --format markdown --top 2
	assert_status 0
	is_golden markdown "$TC_STDOUT"
}

@test "several months and accounts: a section each, rows in one csv" {
	tc_at "$NOW" push full-data "$BATS_FILE_TMPDIR/full-data.json" --local \
		--account "$ACCOUNT" --month 2025-07
	tc_at "$NOW" fetch full-data --offline --allow-stale \
		--account "$ACCOUNT" --month 2025-08 --months 2 --format table
	assert_status 0
	[ "$(grep -c '^August 2025, account' "$TC_STDOUT")" -eq 1 ]
	[ "$(grep -c '^July 2025, account' "$TC_STDOUT")" -eq 1 ]
	tc_at "$NOW" fetch full-data --offline --allow-stale \
		--account "$ACCOUNT" --month 2025-08 --months 2 --format csv
	[ "$(cut -d, -f3 "$TC_STDOUT" | sort -u | tr '\n' ' ')" = "2025-07 2025-08 period " ]
}

@test "--all: one sheet of the built-in types" {
	show --all --format table
	assert_status 0
	[ "$(grep -c '^August 2025, account' "$TC_STDOUT")" -eq 1 ]
	[ "$(grep -c '^Total ' "$TC_STDOUT")" -eq 3 ]
}

@test "a reader that goes away ends it quietly" {
	show full-data --format csv
	set +e
	for _ in 1 2 3 4 5 6; do cat "$TC_STDOUT"; done >/dev/null
	TEST_NOW=$NOW "$TC_CLOCK_BIN" fetch full-data --offline --account \
		"$ACCOUNT" --month 2025-08 --format csv 2>"$HOME/stderr" |
		head -c 1 >/dev/null
	[[ ${PIPESTATUS[0]} =~ ^(0|141)$ ]] || return 1
	[ ! -s "$HOME/stderr" ]
}

@test "html: one file, escaped, without script" {
	put full-data hostile
	show full-data forecast --format html
	assert_status 0
	assert_output_has '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;'
	assert_output_has "a?[31mb???c??d"
	assert_output_has "default-src 'none'"
	run ! grep -qE '<script|src=|@import|url\(|http:|https:' \
		<(sed 's/x\](http:/x](/' "$TC_STDOUT")
}
