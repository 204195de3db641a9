#!/usr/bin/env bats
# Who can write where we write, on this machine or in the bucket: nothing is
# read or written through a link, nobody waits for a pipe, and no byte of
# theirs reaches the terminal as it is.

load helper

setup() {
	isolate
	use_store proxied
	VICTIM=$HOME/victim
	echo "not ours" >"$VICTIM"
	chmod 644 "$VICTIM"
}

unharmed() {
	[ "$(cat "$VICTIM")" = "not ours" ]
	[ "$(stat -c %a "$VICTIM")" = 644 ]
}

# warm: an entry of ours lies here and in the bucket.
warm() {
	tc push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	ENTRY=$(find "$CACHE_DIR" -name notes.json)
	[ -f "$ENTRY" ]
}

# It is read from the bucket, said, and the link is what goes.
reads_past() {
	tc fetch notes --json --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].data == {n: 1} and .entries[0].source == "remote"'
	unharmed
}

# plant KIND PATH: what does not belong there, in its place.
plant() {
	rm -rf "$2"
	case $1 in
	link) ln -s "$VICTIM" "$2" ;;
	dangling) ln -s "$HOME/made" "$2" ;;
	hard) ln "$VICTIM" "$2" ;;
	pipe) mkfifo "$2" ;;
	folder) mkdir "$2" ;;
	esac
}

@test "an entry that is a link, a pipe or a folder is not followed" {
	warm
	local kind
	for kind in link dangling hard pipe folder; do
		plant "$kind" "$ENTRY"
		echo "$kind"
		reads_past
		[ ! -e "$HOME/made" ]
		# What is written takes its place.
		[ "$kind" = folder ] || [ "$(stat -c '%F %h' "$ENTRY")" = "regular file 1" ]
		tc push notes - --local --account "$ACCOUNT" <<<'{"n":1}'
		unharmed
		[ ! -e "$HOME/made" ]
		tc invalidate notes --local --yes --account "$ACCOUNT"
		unharmed
		warm || [ "$kind" = folder ]
	done
}

@test "a folder on the way to an entry that is a link is not followed" {
	warm
	local at=${ENTRY%/*} elsewhere=$HOME/elsewhere
	while [ "$at" != "$CACHE_DIR" ]; do
		rm -rf "$elsewhere"
		mv "$at" "$elsewhere"
		ln -s "$elsewhere" "$at"
		find "$elsewhere" -type f -exec sha256sum {} + >"$HOME/before"
		echo "${at#"$CACHE_DIR"/}"
		reads_past
		assert_json '.entries[0].degraded | index("local-store")'
		tc push notes - --local --account "$ACCOUNT" <<<'{"n":2}'
		assert_status 1
		[[ $stderr == *"Not a directory"* || $stderr == *"ymbolic link"* ]]
		tc invalidate notes --local --yes --account "$ACCOUNT"
		find "$elsewhere" -type f -exec sha256sum {} + | diff "$HOME/before" -
		rm "$at"
		mv "$elsewhere" "$at"
		at=${at%/*}
	done
	tc fetch notes --json --account "$ACCOUNT"
	assert_json '.entries[0].source == "local"'
}

@test "a data or state directory that others may write to, or that is theirs, is not used" {
	warm
	local way place
	for place in "$CACHE_DIR" "$STATE_DIR"; do
		for way in "chmod 770" "chmod 707" "chown 65534"; do
			$way "$place"
			echo "$way $place"
			find "$place" -type f -exec sha256sum {} + | sort >"$HOME/before"
			reads_past_or_local "$place"
			tc push notes - --account "$ACCOUNT" --force <<<'{"n":1}'
			find "$place" -type f -exec sha256sum {} + | sort | diff "$HOME/before" -
			chown "$(id -u)" "$place"
			chmod 700 "$place"
		done
	done
}

# Without the state there are no memos, and the local copy still counts.
reads_past_or_local() {
	tc fetch notes --json --account "$ACCOUNT"
	assert_status 0
	assert_json '.entries[0].data == {n: 1}'
	[ "$1" != "$CACHE_DIR" ] || assert_json '.entries[0].source == "remote"'
}

# Every file that a run leaves in both directories: locks, ledger, memos,
# breaker, kept keys. The ledger is added to where it lies: a second name of
# it (a backup's) is the same file, and who could make one in our directory
# is kept out of it by the test above.
@test "any file of ours replaced by a link, a pipe or a folder harms nobody" {
	warm
	tc fetch mtd-costs --account "$ACCOUNT"
	local file kind files
	mapfile -t files < <(find "$CACHE_DIR" "$STATE_DIR" -type f ! -name '*.json')
	[ ${#files[@]} -ge 4 ]
	for file in "${files[@]}"; do
		for kind in link dangling hard pipe folder; do
			[ "$kind ${file##*/}" != "hard ledger" ] || continue
			plant "$kind" "$file"
			echo "${file#"$HOME"} $kind"
			run_product timeout 20 "$TC_BIN" fetch notes mtd-costs --revalidate --json --account "$ACCOUNT"
			assert_status 0
			assert_json '[.entries[].data] | all(. != null)'
			run_product timeout 20 "$TC_BIN" status --account "$ACCOUNT"
			[ "$status" -ne 124 ]
			unharmed
			[ ! -e "$HOME/made" ]
			rm -rf "$file"
		done
	done
}

@test "the name of a temporary file cannot be foretold" {
	warm
	local i names
	names=$(for i in 1 2 3 4; do
		strace -f -e trace=openat,open -o "$HOME/trace" "$TC_BIN" push notes - --local \
			--account "$ACCOUNT" <<<'{"n":1}' 2>"$HOME/err"
		grep O_EXCL "$HOME/trace" | grep O_CREAT | grep -o '"[^"]*tmp[^"]*"'
	done)
	echo "$names"
	[ "$(wc -l <<<"$names")" -ge 4 ]
	[ -z "$(sort <<<"$names" | uniq -d)" ]
}

@test "settings: whose file, what kind of file" {
	write_settings <<<$'[default]\nttl = 20m'
	tc config get ttl
	assert_output 20m
	# Groups of one are how most systems make files.
	chmod 660 "$SETTINGS"
	tc config get ttl
	assert_output 20m
	chmod 602 "$SETTINGS"
	tc config get ttl
	assert_status 2
	assert_stderr_has "everybody may write to it"
	chmod 600 "$SETTINGS"
	chown 65534 "$SETTINGS"
	tc config get ttl
	assert_status 2
	assert_stderr_has "belongs to user 65534"
	tc config set ttl 30m
	assert_status 2
	grep -q 20m "$SETTINGS"
	# A link counts as what it leads to.
	mv "$SETTINGS" "$HOME/theirs"
	ln -s "$HOME/theirs" "$SETTINGS"
	tc config get ttl
	assert_status 2
	assert_stderr_has "belongs to user 65534"
	rm "$SETTINGS"
	mkfifo "$SETTINGS"
	run_product timeout 20 "$TC_BIN" config get ttl
	assert_status 2
	assert_stderr_has "not a regular file"
	run_product timeout 20 "$TC_BIN" config set ttl 30m
	assert_status 2
	[ -p "$SETTINGS" ]
	run_product timeout 20 "$TC_BIN" fetch notes --offline --account "$ACCOUNT"
	assert_status 2
	rm "$SETTINGS"
	mkdir "$SETTINGS"
	tc config get ttl
	assert_status 2
	assert_stderr_has "directory"
	rmdir "$SETTINGS"
	ln -s "$SETTINGS" "$SETTINGS"
	tc config set ttl 30m
	assert_status 2
}

# ended_by SIGNAL STATUS COMMAND...: while it waits for somebody at a pipe.
ended_by() {
	local pid i input
	# A job in the background has none of its own.
	exec {input}<&0
	env --default-signal=INT "${@:3}" <&"$input" 3>&- &
	pid=$!
	exec {input}<&-
	for ((i = 0; i < 200; i++)); do
		# In read, open or write of a pipe.
		grep -Eq 'pipe|partner' "/proc/$pid/wchan" && break
		sleep 0.05
	done
	[ "$i" -lt 200 ]
	kill "-$1" "$pid"
	for ((i = 0; i < 200; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	# One that is still there took no notice: it ends with 137, which is not
	# what is expected.
	! kill -0 "$pid" 2>/dev/null || kill -KILL "$pid"
	status=0
	wait "$pid" || status=$?
	# What it prints is redirected, maybe to where nobody reads.
	[ "$status" -eq "$2" ]
}

@test "a signal ends the wait for a pipe with nobody at its other end" {
	"$TC_PYTHON" -c 'import json; print(json.dumps(["x" * 1000] * 2000))' >"$HOME/big"
	tc push big "$HOME/big" --local --account "$ACCOUNT"
	assert_status 0
	mkfifo "$HOME/in" "$HOME/full" "$HOME/alone"
	# Somebody who neither writes nor reads.
	exec 8<>"$HOME/in" 9<>"$HOME/full"
	local pair
	for pair in INT:130 TERM:143; do
		ended_by "${pair%:*}" "${pair#*:}" "$TC_BIN" push notes - --account "$ACCOUNT" <"$HOME/in" 2>"$HOME/err"
		ended_by "${pair%:*}" "${pair#*:}" "$TC_BIN" push notes "$HOME/alone" --account "$ACCOUNT" 2>"$HOME/err"
		ended_by "${pair%:*}" "${pair#*:}" "$TC_BIN" config list --config "$HOME/alone" 2>"$HOME/err"
		ended_by "${pair%:*}" "${pair#*:}" "$TC_BIN" fetch big --offline --account "$ACCOUNT" >"$HOME/full" 2>"$HOME/err"
	done
	exec 8>&- 9>&-
}

# quiet: nothing that a terminal would obey, in what was printed.
quiet() {
	! grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' "$TC_STDOUT" "$TC_STDERR"
}

@test "a hostile bucket: names that lead elsewhere, escapes, and long ones" {
	echo junk >"$HOME/junk"
	local name names=(
		"../../../../../../../tmp/teamcache-escape.json.gz"
		"..%2f..%2fescape.json.gz" "a/../../b.json.gz" "/etc/passwd.json.gz"
		$'red\e[31m\e]0;owned\a.json.gz' $'line\nteamcache: all is well.json.gz'
		$'bidi\u202e.json.gz' "$(printf 'n%.0s' {1..700}).json.gz" ".json.gz" "con\`id\`.json.gz"
	)
	for name in "${names[@]}"; do
		s3_put "cache-v1/$ACCOUNT/$THIS_MONTH/$name" "$HOME/junk" \
			x-amz-meta-schema-version:1 || echo "the store refuses ${name@Q}"
	done
	[ "$(s3_ls "cache-v1/$ACCOUNT/$THIS_MONTH" | wc -l)" -ge 6 ]
	find "$BATS_TEST_TMPDIR" /tmp -maxdepth 1 | sort >"$BATS_TEST_TMPDIR/places"
	local command
	for command in "status" "status --json" "invalidate --all --dry-run" \
		"invalidate --all --yes" "doctor" "doctor --json" "fetch notes --no-api" "verify-bucket"; do
		echo "$command"
		# shellcheck disable=SC2086 # words
		tc $command --account "$ACCOUNT"
		quiet
		[ "$status" -ne 1 ]
		! grep -qx "teamcache: all is well.json.gz" "$TC_STDERR" "$TC_STDOUT"
	done
	find "$BATS_TEST_TMPDIR" /tmp -maxdepth 1 | sort | grep -v '/std\(out\|err\)$' |
		diff <(grep -v '/std\(out\|err\)$' "$BATS_TEST_TMPDIR/places") - | grep escape && return 1
	unharmed
	[ -z "$(find "$HOME" -name '*escape*' -o -name 'b.json*' -o -name '*owned*')" ]
}

@test "nothing secret stands in an argument, while it runs" {
	s3_fault '{"delay":2}'
	"$TC_BIN" fetch notes --no-local --no-api --account "$ACCOUNT" >"$HOME/out" 2>"$HOME/err" 3>&- &
	local pid=$!
	sleep 0.5
	run ! grep -qaF "$AWS_SECRET_ACCESS_KEY" "/proc/$pid/cmdline" "/proc/$pid/comm"
	grep -qa fetch "/proc/$pid/cmdline"
	wait "$pid" || status=$?
	[ "$status" -eq 3 ]
	note_status fetch 3
}
