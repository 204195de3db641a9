# A terminal of the test's own, in tmux: what a person would see. `load screen`
# after helper; a teardown ends with `screen_end` and `release`.
# shellcheck shell=bash

need_screen() {
	command -v tmux >/dev/null || skip "tmux is not installed"
	command -v "${1:-tmux}" >/dev/null || skip "$1 is not installed"
}

on_screen() {
	tmux -f /dev/null -S "$SCREEN" "$@"
}

# screen_start WIDTH HEIGHT COMMAND: the shell's words, in the test's
# environment. Each has a server of its own: the one before may still be on its
# way out, and would take this session along.
screen_start() {
	SCREEN=$(mktemp -u "$BATS_TEST_TMPDIR/tmux.XXXXXX")
	on_screen -u new-session -d -x "$1" -y "$2" "$3"
}

# screen_type KEY...: as tmux calls them (Tab, Enter, C-u), others letter by
# letter.
screen_type() {
	on_screen send-keys "$@"
}

# screen_shows REGEX: waits until a line has that (^ and $ are its ends).
screen_shows() {
	local pattern=${1/#^/$'\n'} text
	pattern=${pattern/%\$/ *$'\n'}
	for _ in $(seq 100); do
		text=$'\n'$(on_screen capture-pane -p)$'\n'
		[[ ! $text =~ $pattern ]] || return 0
		sleep 0.15
	done
	printf 'the screen never showed %s, but:\n%s' "$1" "$text"
	return 1
}

# Another size, as when somebody drags a corner.
screen_resize() {
	on_screen resize-window -x "$1" -y "$2"
}

screen_end() {
	[ ! -S "${SCREEN:-}" ] || on_screen kill-server || true
}
