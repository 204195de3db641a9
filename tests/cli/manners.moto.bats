#!/usr/bin/env bats
# How fetch behaves towards who watches it: progress, -v, -vv.
load helper

# in_terminal FILE ARGUMENT...: runs the product in a terminal; FILE gets the
# screen as it was after two seconds, then as it was at the end.
in_terminal() {
	local screen=$1 socket=$BATS_TEST_TMPDIR/tmux
	shift
	tmux -f /dev/null -S "$socket" -u new-session -d -x 100 -y 30 \
		"$TC_BIN $*; echo ended; sleep 60"
	for _ in $(seq 200); do
		tmux -S "$socket" capture-pane -p >"$screen.now"
		! grep -q 'teamcache: .*[0-9] s$' "$screen.now" ||
			cp "$screen.now" "$screen.during"
		! grep -q '^ended' "$screen.now" || break
		sleep 0.1
	done
	mv "$screen.now" "$screen.after"
	tmux -S "$socket" kill-server
}

@test "progress: on a terminal, after a second, and gone at the end" {
	command -v tmux >/dev/null || skip "tmux is not installed"
	server_settings ce_delay_seconds=4
	in_terminal "$HOME/one" fetch mtd-costs --warm
	grep -q '^teamcache: [1-9][0-9]* s$' "$HOME/one.during"
	[ "$(grep . "$HOME/one.after")" = ended ]
	in_terminal "$HOME/many" fetch mtd-costs --months 3 --jobs 1 --warm --refresh
	grep -q '^teamcache: [0-2] of 3, [1-9][0-9]* s$' "$HOME/many.during"
	[ "$(grep . "$HOME/many.after")" = ended ]
	note_status fetch 0
}

@test "progress: none on a dumb terminal, under -q, or in a file" {
	command -v tmux >/dev/null || skip "tmux is not installed"
	server_settings ce_delay_seconds=3
	in_terminal "$HOME/quiet" fetch mtd-costs --warm -q
	[ ! -e "$HOME/quiet.during" ]
	tc fetch mtd-costs --warm --refresh
	assert_status 0
	assert_stderr_empty
}

@test "-v tells each step: source, age, why" {
	tc fetch mtd-costs -v
	assert_status 0
	assert_stderr_has "no local copy of 'mtd-costs'"
	assert_stderr_has "asking S3 for 'mtd-costs' of $ACCOUNT"
	assert_stderr_has "S3 has no 'mtd-costs' of $ACCOUNT"
	assert_stderr_has "buying 'full-data' of"
	tc fetch mtd-costs -v
	assert_stderr_has "'mtd-costs': the local copy is fresh"
	tc_at +2h fetch mtd-costs -v --no-api --allow-stale
	assert_status 0
	assert_stderr_has "unless it is the local copy"
	[[ $stderr =~ "age "[0-9]+" s, accepted "[0-9]+" s" ]]
}

@test "-vv traces requests and holds no secret" {
	tc fetch mtd-costs -vv
	assert_status 0
	assert_stderr_has "GET "
	assert_stderr_has "POST "
	[[ $stderr != *"$AWS_SECRET_ACCESS_KEY"* ]]
	run ! grep -qE 'Signature=[0-9a-f]{64}' "$TC_STDERR"
}
