#!/usr/bin/env bats
load helper
load screen

teardown() {
	screen_end
	release
}

root=$BATS_TEST_DIRNAME/../..
readme=$root/README.md

commands() {
	"$TC_BIN" help | sed -n '/^Commands$/,/^$/s/^  \([a-z-]*\)  .*/\1/p'
}

# "3|what it means", a status a line, from `help exit-statuses`.
statuses() {
	awk '/^ +[0-9]+  / { if (s) print s; s = $1 "|"; $1 = ""; sub(/^ /, ""); s = s $0; next }
		s { sub(/^ +/, ""); s = s " " $0 }
		END { print s }'
}

@test "help: commands, common options, topics" {
	tc help
	assert_status 0
	assert_stderr_empty
	for word in fetch push invalidate completion help version --profile \
		exit-statuses settings environment json; do
		assert_output_has "$word"
	done
	local want=$output
	for arguments in -h --help "help -h" "help --help" "-v --help"; do
		# shellcheck disable=SC2086 # words
		tc $arguments
		assert_status 0
		assert_output "$want"
	done
}

@test "help COMMAND is COMMAND --help, for each" {
	[ "$(commands | wc -l)" -ge 6 ]
	for command in $(commands); do
		tc help "$command"
		assert_status 0
		assert_output_has "usage: teamcache $command"
		assert_output_has "Exit statuses"
		local want=$output
		[ "$command" != help ] || continue
		tc "$command" --help
		assert_status 0
		assert_output "$want"
	done
}

@test "COMMAND -h is shorter than COMMAND --help" {
	tc fetch --help
	local whole=${#lines[@]}
	tc fetch -h
	assert_status 0
	[ "${#lines[@]}" -lt "$whole" ]
	assert_output_has "--stale-if-error"
}

@test "help works whatever else stands on the line" {
	tc fetch --nonsense --month never -h
	assert_status 0
	assert_output_has "usage: teamcache fetch"
}

@test "what stands behind -- is no option" {
	tc fetch --offline -- --help
	[ "$status" -ne 0 ]
	assert_output ""
}

@test "help: no line is wider than 80 columns" {
	for words in "" $(commands) exit-statuses settings environment json; do
		# shellcheck disable=SC2086 # nothing or a word
		tc help $words
		assert_status 0
		[ "$(wc -L <"$TC_STDOUT")" -le 80 ]
	done
}

@test "help: filled to a narrow terminal's width" {
	need_screen
	# Not the examples, which are to be copied, nor names without a blank.
	screen_start 40 400 "for words in help 'push -h' 'config -h' \
		'help exit-statuses' 'status -h'; do $TC_BIN \$words; done; \
		echo ended; sleep 60"
	screen_shows '^ended$'
	on_screen capture-pane -p >"$HOME/seen"
	# Where the terminal had to break a line, joining makes one of two.
	on_screen capture-pane -p -J | sed 's/ *$//' | diff "$HOME/seen" -
	[ "$(wc -L <"$HOME/seen")" -gt 36 ]
	note_status help 0
}

@test "help exit-statuses: README has the same table" {
	tc help exit-statuses
	assert_status 0
	statuses <"$TC_STDOUT" >"$BATS_TEST_TMPDIR/binary"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/binary")" -ge 12 ]
	sed -n 's/^| \([0-9][0-9]*\) | \(.*\) |$/\1|\2/p' "$readme" |
		diff "$BATS_TEST_TMPDIR/binary" -
}

@test "help settings: every setting, with its built-in value" {
	tc help settings
	assert_status 0
	assert_output_has "stale_if_error"
	assert_output_has "[24h]"
	assert_output_has "local|fail"
}

@test "help environment: the AWS variables" {
	tc help environment
	assert_status 0
	assert_output_has AWS_ACCESS_KEY_ID
	assert_output_has TEAMCACHE_DIR
}

@test "help: an unknown word is a usage error that names the nearest" {
	tc help fecth
	assert_status 2
	assert_output ""
	assert_stderr_has "unknown command or topic 'fecth'"
	assert_stderr_has "did you mean 'fetch'?"
}

@test "help: an option that means something else to one command says so there" {
	local command
	for command in fetch push invalidate; do
		tc help "$command"
		grep -q '^      --month YYYY-MM  *the month (default: the present one, UTC)$' "$TC_STDOUT"
	done
	tc help status
	grep -q '^      --month YYYY-MM  *this month alone (default: all that are there)$' "$TC_STDOUT"
	grep -q '^      --remote  *in S3 too$' "$TC_STDOUT"
	# And it is so: two months, of which one is picked.
	for month in 2026-01 2026-02; do
		tc push note --local --account 123456789012 --month "$month" <<<'{}'
	done
	tc status
	[ "$(grep -c '^entry' "$TC_STDOUT")" -eq 2 ]
	tc status --month 2026-01
	[ "$(grep -c '^entry' "$TC_STDOUT")" -eq 1 ]
}

@test "help --man: a page that mandoc has nothing to say about" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	tc help --man
	assert_status 0
	run -0 mandoc -Tlint -Wall "$TC_STDOUT"
	[ "$output" = "" ]
}

@test "help --man: man shows every command and option" {
	command -v man >/dev/null || skip "man is not installed"
	tc help --man
	assert_status 0
	MANWIDTH=80 man --warnings -E ascii -l "$TC_STDOUT" \
		>"$BATS_TEST_TMPDIR/page" 2>"$BATS_TEST_TMPDIR/warnings"
	[ ! -s "$BATS_TEST_TMPDIR/warnings" ]
	col -b <"$BATS_TEST_TMPDIR/page" >"$BATS_TEST_TMPDIR/text"
	for word in "EXIT STATUS" ENVIRONMENT SETTINGS --stale-if-error \
		--if-absent --dry-run "teamcache fetch --all --warm"; do
		grep -qF -- "$word" "$BATS_TEST_TMPDIR/text"
	done
}

@test "help --man takes no operand, help no --json" {
	tc help --man fetch
	assert_status 2
	tc help --json
	assert_status 2
	assert_json '.command == "help" and .exit_status == 2'
}

@test "matrix.txt has the exit statuses of each command's help" {
	local name statuses
	while read -r name statuses; do
		case $name in
		'#'* | -) continue ;;
		esac
		tc help "$name"
		assert_status 0
		[ "$(sed -n '/^Exit statuses/,$s/^ *\([0-9][0-9]*\)  .*/\1/p' \
			"$TC_STDOUT" | tr '\n' ' ')" = "$statuses " ]
	done <"$BATS_TEST_DIRNAME/matrix.txt"
}

# drift ROOT: what that tree's tables say, against the program.
drift() {
	"$TC_PYTHON" -B "$BATS_TEST_DIRNAME/drift.py" "$1" "$TC_BIN"
}

@test "help, man page, completions and parser have what the tables have" {
	run -0 drift "$root"
	[[ $output =~ ^[0-9]+" commands, "[0-9]+" options, "[0-9]+" settings"$ ]]
	# It notices an option, a command's option, a setting and a variable
	# that are not.
	mkdir "$BATS_TEST_TMPDIR/other"
	cp -r "$root/lib" "$BATS_TEST_TMPDIR/other"
	cd "$BATS_TEST_TMPDIR/other/lib"
	sed -i 's/"warm"/"warmer"/' cmd/option_spec.c
	sed -i 's/OPTION_PURGE,//' cmd/invalidate.c
	sed -i 's/"ttl"/"tll"/' cache/config_table.c
	sed -i 's/"TEAMCACHE_MFA_CODE"/"TEAMCACHE_PIN"/' cache/variable.c
	run -1 drift "$BATS_TEST_TMPDIR/other"
	for text in "'fetch' in the man page: '--warmer' of the table is missing" \
		"what 'fetch' takes: '--warmer' of the table is missing" \
		"'fetch' in zsh: '--warm' is in no table" \
		"'help invalidate': '--purge' is in no table" \
		"'invalidate' in bash: '--purge' is in no table" \
		"settings of help: 'ttl' is in no table" \
		"settings of fish: 'tll' of the table is missing" \
		"variables that the code names: 'TEAMCACHE_MFA_CODE' is in no table" \
		"variables of help: 'TEAMCACHE_PIN' of the table is missing"; do
		grep -qxF -- "$text" <<<"$output"
	done
}
