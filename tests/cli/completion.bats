#!/usr/bin/env bats
load helper
load screen

root=$BATS_TEST_DIRNAME/../..

setup() {
	isolate
	profile_file <<-'END'
		[default]
		region = eu-west-1
		[profile prod]
		[sso-session corporate]
	END
	credentials_file <<-'END'
		[ci]
	END
	SCRIPT=$BATS_TEST_TMPDIR/script
	FORMATS="chart csv envelope html json markdown table"
	THREE=$(printf '%s ' "$THIS_MONTH" "$LAST_MONTH" "$(months_before 2)")
}

teardown() {
	screen_end
	release
}

# offered SHELL WORD...: sets `offered` to what SHELL offers for the last WORD,
# sorted and on one line.
offered() {
	local shell=$1 line
	shift
	[ -e "$SCRIPT.$shell" ] || "$TC_BIN" completion "$shell" >"$SCRIPT.$shell"
	line="$*"
	case $shell in
	bash) bash "$BATS_TEST_DIRNAME/complete.bash" "$SCRIPT.bash" "$@" ;;
	fish) fish --no-config -c "source $SCRIPT.fish; complete -C '$line'" | cut -f1 ;;
	zsh)
		: >"$BATS_TEST_TMPDIR/zsh"
		timeout 30 zsh -f "$BATS_TEST_DIRNAME/complete.zsh" \
			"$SCRIPT.zsh" "$line" "$BATS_TEST_TMPDIR/zsh"
		cat "$BATS_TEST_TMPDIR/zsh"
		;;
	esac >"$BATS_TEST_TMPDIR/offered"
	offered=$(grep . "$BATS_TEST_TMPDIR/offered" | LC_ALL=C sort -u | paste -sd' ')
}

# offers EXPECTED SHELL WORD...
offers() {
	local expected=$1
	shift
	offered "$@"
	[ "$offered" = "$expected" ] || {
		echo "$* offers '$offered', '$expected' was expected"
		return 1
	}
}

@test "completion: the committed files are what the program prints" {
	"$TC_BIN" completion bash | diff "$root/completions/teamcache.bash" -
	"$TC_BIN" completion zsh | diff "$root/completions/_teamcache" -
	"$TC_BIN" completion fish | diff "$root/completions/teamcache.fish" -
}

@test "completion: status 0 and a script, for each shell" {
	for shell in bash zsh fish; do
		tc completion "$shell"
		assert_status 0
		assert_output_has "made by 'teamcache completion $shell'"
		assert_stderr_empty
	done
}

@test "completion: no shell, an unknown one, --json are usage errors" {
	tc completion
	assert_status 2
	assert_stderr_has "bash|zsh|fish"
	tc completion tcsh
	assert_status 2
	assert_stderr_has "'tcsh'"
	tc completion bash --json
	assert_status 2
	assert_json '.command == "completion" and .error.class == "usage"'
}

@test "completion: the scripts are sound in the eyes of their shells" {
	tc completion bash
	bash -n "$TC_STDOUT"
	! command -v shellcheck >/dev/null || shellcheck "$TC_STDOUT"
	command -v zsh >/dev/null || skip "zsh is not installed"
	tc completion zsh
	zsh -n "$TC_STDOUT"
	command -v fish >/dev/null || skip "fish is not installed"
	tc completion fish
	fish --no-execute "$TC_STDOUT"
}

# What all three shells do.
check_shell() {
	local months
	offers "completion config doctor fetch help invalidate policy push status verify-bucket version" "$1" teamcache ""
	offers "--no-api --no-lease --no-local --no-remote" "$1" teamcache fetch --no
	offers "daily-breakdown forecast full-data mtd-costs service-breakdown" \
		"$1" teamcache fetch ""
	offers "bash fish zsh" "$1" teamcache completion ""
	offers "admin bucket reader writer" "$1" teamcache policy ""
	offers "ci default prod" "$1" teamcache --profile ""
	offers "daily-breakdown" "$1" teamcache --profile prod fetch forecast d
	offered "$1" teamcache fetch --month ""
	months=$offered
	[ "$(wc -w <<<"$months")" -eq 14 ]
	[ "$(tr ' ' '\n' <<<"$months" | sort -r | head -n 3 | tr '\n' ' ')" = "$THREE" ]
}

@test "completion: bash offers what the tables hold" {
	check_shell bash
	offers "$FORMATS" bash teamcache fetch --format = ""
	offers "envelope" bash teamcache fetch --format = e
	offers "--format=envelope" bash teamcache fetch --format=e
	offers "fetch" bash teamcache --endpoint-url http : //x : 1 fe
	touch "$HOME/budget.json"
	offers "$HOME/budget.json" bash teamcache push budget "$HOME/budg"
	offers "$HOME/budget.json" bash teamcache fetch -o "$HOME/budg"
	offers "" bash teamcache push budget a b
	offers "" bash teamcache version ""
}

@test "completion: zsh offers what the tables hold" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	check_shell zsh
	offers "$FORMATS" zsh teamcache fetch --format=
}

@test "completion: fish offers what the tables hold" {
	command -v fish >/dev/null || skip "fish is not installed"
	check_shell fish
	offers "--format=${FORMATS// / --format=}" fish teamcache fetch --format=
}

# interactive SHELL: one at a terminal, with its script where `make install`
# puts it, and with a teamcache that shows its words.
interactive() {
	local files=$BATS_TEST_TMPDIR/files
	need_screen "$1"
	mkdir -p "$files" "$XDG_CONFIG_HOME/fish/completions"
	case $1 in
	bash)
		"$TC_BIN" completion bash >"$files/teamcache"
		cat >"$files/rc" <<-END
			. $files/teamcache
			PS1='ready> '
			teamcache() { printf '<%s>' "\$@"; echo; }
		END
		screen_start 100 40 "bash --noprofile --rcfile $files/rc"
		;;
	zsh)
		"$TC_BIN" completion zsh >"$files/_teamcache"
		cat >"$HOME/.zshrc" <<-END
			fpath=($files \$fpath)
			autoload -U compinit
			compinit -D -u
			PROMPT='ready> '
			teamcache() { printf '<%s>' "\$@"; echo }
		END
		screen_start 100 40 "zsh -i"
		;;
	fish)
		"$TC_BIN" completion fish >"$XDG_CONFIG_HOME/fish/completions/teamcache.fish"
		cat >"$XDG_CONFIG_HOME/fish/config.fish" <<-'END'
			set fish_greeting
			function fish_prompt; printf 'ready> '; end
			function teamcache; printf '<%s>' $argv; echo; end
		END
		screen_start 100 40 "fish"
		;;
	esac
	screen_shows '^ready>'
}

# becomes WORDS LINE: what is typed, with TAB behind it, runs as WORDS.
becomes() {
	screen_type "$2" Tab Enter
	screen_shows "^$1$"
}

# lists WORDS... LINE: TAB shows them all. The last thing at a terminal.
lists() {
	local word
	# Once for what they have in common, and again, and again.
	screen_type "${*: -1}" Tab Tab Tab
	for word in "${@:1:$#-1}"; do
		screen_shows "[[:space:]]${word}[[:space:]]"
	done
}

check_terminal() {
	interactive "$1"
	becomes '<verify-bucket>' "teamcache verify-b"
	becomes '<fetch><--no-remote>' "teamcache fetch --no-rem"
	becomes '<fetch><--format><envelope>' "teamcache fetch --format en"
	becomes '<--profile><prod>' "teamcache --profile pr"
	becomes '<fetch><mtd-costs>' "teamcache fetch mtd"
	becomes '<config><unset><stale_if_error>' "teamcache config unset stale"
	becomes '<fetch><--format=markdown>' "teamcache fetch --format=ma"
	# shellcheck disable=SC2086 # words
	lists $THREE "teamcache fetch --month "
}

@test "completion: bash, at a terminal" {
	check_terminal bash
}

@test "completion: zsh, at a terminal" {
	check_terminal zsh
}

@test "completion: fish, at a terminal" {
	check_terminal fish
}
