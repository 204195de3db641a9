#!/usr/bin/env bats
# How the program behaves towards who watches it: at terminals of 40, 80 and
# 200 columns, on dumb ones, with -v and -vv. What is to be seen there is in
# golden/; formats.bats has the tables and charts.
load helper
load screen

golden=$BATS_TEST_DIRNAME/golden

teardown() {
	screen_end
	rm -rf "${FIXED:-}"
	release
}

# screen_is NAME [SED-OPTION...]: the screen, above "ended", is that golden
# file, once sed has taken out what changes from run to run.
screen_is() {
	screen_shows '^ended$'
	on_screen capture-pane -p | sed '/^ended/,$d' | sed -E "${@:2}" |
		diff -u "$golden/$1.txt" -
}

@test "progress: on a terminal, after a second, and gone at the end" {
	need_screen
	local columns
	server_settings ce_delay_seconds=2
	for columns in 40 80 200; do
		# What was bought in this second is new enough for --refresh.
		sleep 1
		screen_start "$columns" 10 "$TC_BIN fetch mtd-costs --months 3 \
			--warm --refresh; echo ended; sleep 60"
		screen_shows '^teamcache: .* s$'
		on_screen capture-pane -p | sed -nE '/./s/[0-9]+ of 3, [0-9]+ s$/N of 3, N s/p' |
			diff -u "$golden/progress.txt" -
		screen_is nothing -e ''
		screen_end
	done
	# One entry; and a terminal that became too narrow for it.
	sleep 1
	screen_start 80 10 "$TC_BIN fetch mtd-costs --warm --refresh; echo ended; sleep 60"
	screen_resize 12 10
	screen_shows '^teamcache:$'
	screen_is nothing -e ''
	note_status fetch 0
}

@test "progress: none on a dumb terminal, under -q, or in a file" {
	need_screen
	server_settings ce_delay_seconds=3
	screen_start 80 10 "TERM=dumb $TC_BIN fetch mtd-costs --warm; sleep 1; \
		$TC_BIN fetch mtd-costs --warm --refresh -q; echo ended; sleep 60"
	for _ in $(seq 100); do
		on_screen capture-pane -p >"$HOME/now"
		! grep -q '^teamcache: ' "$HOME/now"
		! grep -q '^ended' "$HOME/now" || break
		sleep 0.2
	done
	grep -q '^ended' "$HOME/now"
	sleep 1
	tc fetch mtd-costs --warm --refresh
	assert_status 0
	assert_stderr_empty
}

# A writer that may not write, at addresses and in directories whose names have
# always the same length, so that lines break where they broke before.
fixed_scene() {
	FIXED=$(mktemp -d /tmp/scene.XXXXXX)
	export XDG_CACHE_HOME=$FIXED/cache XDG_STATE_HOME=$FIXED/state
	mkdir "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
	start_fault "$(jq -nc --arg body "<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::$ACCOUNT:user/ci is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::acme-team-cache/cache-v1/$ACCOUNT/probe&quot; because no identity-based policy allows the s3:PutObject action</Message></Error>" \
		'{method: "PUT", status: 403, headers: {"x-amz-request-id": "R7"}, body: $body}')" \
		'{"method":"GET","status":404,"headers":{"x-amz-request-id":"R8"},"body":"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"}'
	export TEAMCACHE_BUCKET=acme-team-cache TEAMCACHE_ACCOUNT_ID=$ACCOUNT
	export AWS_ENDPOINT_URL_S3=$FAULT_URL
	LOOK="$TC_BIN doctor --only environment,credentials,s3-get-missing,s3-put-object,s3-put-conditional,local-store"
	STEADY=(-e 's/(127\.0\.0\.1:)[0-9]{5}/\1NNNNN/' -e 's,probe/[0-9a-f]{16},probe/NNNNNNNNNNNNNNNN,' -e 's/scene\.[A-Za-z0-9]{6}/scene.XXXXXX/g')
}

@test "doctor: 40, 80 and 200 columns of a real terminal" {
	need_screen
	fixed_scene
	local columns
	for columns in 40 80 200; do
		screen_start "$columns" 120 "$LOOK; echo ended; sleep 60"
		screen_is "doctor-$columns" "${STEADY[@]}"
		screen_end
	done
	note_status doctor 10
}

@test "doctor: COLUMNS, a resize, NO_COLOR, TERM=dumb, and a file" {
	need_screen
	fixed_scene
	screen_start 80 120 "$LOOK; echo ended; sleep 60"
	screen_shows '^ended$'
	on_screen capture-pane -p -e | grep -q $'\033\[31m'
	screen_end
	screen_start 80 120 "NO_COLOR=1 COLUMNS=40 $LOOK; echo ended; sleep 60"
	screen_shows '^ended$'
	# Above the first word that is longer than a line.
	diff -u <(head -n 8 "$golden/doctor-40.txt") \
		<(on_screen capture-pane -p | sed -E "${STEADY[@]}" | head -n 8)
	run ! grep -q $'\033' <<<"$(on_screen capture-pane -p -e)"
	screen_end
	screen_start 80 120 "read -r go; $LOOK; echo ended; sleep 60"
	screen_resize 40 120
	screen_type Enter
	screen_is doctor-40 -e 1d "${STEADY[@]}"
	screen_end
	screen_start 80 120 "TERM=dumb $LOOK; echo ended; sleep 60"
	screen_shows '^ended$'
	on_screen capture-pane -p >"$HOME/dumb"
	run ! grep -qP '[^\x00-\x7f]' "$HOME/dumb"
	# shellcheck disable=SC2086 # words
	tc ${LOOK#* }
	assert_status 10
	run ! grep -q $'\033' "$TC_STDOUT"
	grep -q '^.*local-store: .\{80,\}' "$TC_STDOUT"
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
