# The settings file: read, changed and made by the program.
load helper

@test "set makes the file, keeps what is there, and get reads it back" {
	tc config path
	assert_status 0
	assert_output "$SETTINGS"
	tc config set ttl 20m lease 30s
	assert_status 0
	assert_stderr_empty
	[ "$(stat -c %a "$SETTINGS")" = 600 ]
	[ "$(stat -c %a "${SETTINGS%/*}")" = 700 ]
	tc config set --profile prod team_cache on account_id 123456789012
	assert_status 0
	assert_output ""
	diff "$SETTINGS" - <<-EOF
		[default]
		ttl = 20m
		lease = 30s

		[profile prod]
		team_cache = on
		account_id = 123456789012
	EOF
	tc config get ttl
	assert_status 0
	assert_output 20m
	tc config get account_id --profile prod
	assert_output 123456789012
	tc config get account_id
	assert_status 3
	assert_output ""
	assert_stderr_has "account_id is not set"
	tc config get account_id --json
	assert_status 3
	assert_json '.exit_status == 3 and .error.class == "no-data"'
	tc config get ttl --json
	assert_status 0
	assert_json '.exit_status == 0 and .value == "20m"'
}

@test "comments, order and a link's target stay" {
	mkdir "$HOME/dotfiles" "${SETTINGS%/*}"
	cat >"$HOME/dotfiles/config" <<-EOF
		# ours
		[profile prod]
		team_cache = on      ; opt-in

		[default]
		bucket = acme-team-cache   # the team's
		ttl = 60m            ; at most an hour
	EOF
	ln -s "$HOME/dotfiles/config" "$SETTINGS"
	tc config set ttl 15m fallback fail
	assert_status 0
	tc config unset --profile prod team_cache
	assert_status 0
	[ -L "$SETTINGS" ]
	diff "$HOME/dotfiles/config" - <<-EOF
		# ours
		[profile prod]

		[default]
		bucket = acme-team-cache   # the team's
		ttl = 15m            ; at most an hour
		fallback = fail
	EOF
}

@test "a value that cannot be is refused before anything is written" {
	tc config set ttl 20m
	tc config set ttl 5m
	assert_status 2
	assert_stderr_has "ttl cannot be '5m': want a duration from 15m to 1h"
	tc config set prefix /a
	assert_status 2
	[ "${stderr_lines[0]}" = "teamcache: prefix: '/a' begins with '/'" ]
	assert_stderr_has "a prefix is like 'finance/costs'"
	tc config list --prefix /a
	assert_status 2
	[ "${stderr_lines[0]}" = "teamcache: --prefix: '/a' begins with '/'" ]
	tc config set tll 20m
	assert_status 2
	assert_stderr_has "did you mean 'ttl'?"
	tc config set ttl
	assert_status 2
	assert_stderr_has "usage: teamcache config set NAME VALUE"
	tc config set refreshed_by "a ; b"
	assert_status 2
	assert_stderr_has "it would read back as another one"
	tc config sett ttl 20m
	assert_status 2
	assert_stderr_has "did you mean 'set'?"
	tc config
	assert_status 2
	assert_stderr_has "usage: teamcache config ACTION"
	[ "$(cat "$SETTINGS")" = $'[default]\nttl = 20m' ]
}

@test "a data set of one's own is defined whole or not at all" {
	tc config set --type untagged operation GetCostAndUsage
	assert_status 2
	assert_stderr_has "[type untagged] needs 'request' too"
	[ ! -e "$SETTINGS" ]
	tc config set --type untagged operation GetCostAndUsage \
		request $'{"Granularity":\n"DAILY"}'
	assert_status 0
	diff "$SETTINGS" - <<-EOF
		[type untagged]
		operation = GetCostAndUsage
		request = {"Granularity": "DAILY"}
	EOF
	tc config unset --type untagged operation request
	assert_status 0
	[ ! -s "$SETTINGS" ]
	tc config set --type untagged colour red
	assert_status 2
	assert_stderr_has "a type has no 'colour'"
}

@test "list says what counts and where it comes from" {
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	write_settings <<-EOF
		[default]
		bucket = acme-team-cache
		[profile prod]
		ttl = 20m
	EOF
	export TEAMCACHE_LEASE=30s
	tc config list --show-origin --profile prod --region eu-west-1
	assert_status 0
	assert_output_has "bucket = acme-team-cache  ; '$SETTINGS' line 2"
	grep -Eq "^ttl = 20m +; '$SETTINGS' line 4$" "$TC_STDOUT"
	grep -Eq '^lease = 30s +; TEAMCACHE_LEASE$' "$TC_STDOUT"
	grep -Eq '^region = eu-west-1 +; --region$' "$TC_STDOUT"
	grep -Eq '^fallback = local +; built-in$' "$TC_STDOUT"
	tc config list --json --profile prod
	assert_status 0
	assert_json '.command == "config" and .exit_status == 0 and .profile == "prod"'
	assert_json '.settings[] | select(.name == "ttl") | .value == "20m" and .given'
	assert_json '.settings[] | select(.name == "wait") | .value == null and (.given | not)'
	# What is printed can be a settings file.
	tc config list --profile prod
	{ echo "[default]" && cat "$TC_STDOUT"; } >"$HOME/again"
	tc config list --config "$HOME/again"
	assert_status 0
	assert_output_has "ttl = 20m"
}

@test "check reads all of it" {
	profile_file <<<"[profile prod]"
	write_settings <<-EOF
		[profile prod]
		team_cache = on
		[profile gone]
		team_cache = on
	EOF
	tc config check
	assert_status 0
	assert_output "$SETTINGS: good, 2 profiles, with warnings"
	assert_stderr_has "[profile gone] has no such profile in the AWS files"
	tc config check --json
	assert_json '.warnings == ["[profile gone] has no such profile in the AWS files"]'
	echo "buket = x" >>"$SETTINGS"
	tc config check
	assert_status 2
	assert_stderr_has "line 5: unknown setting 'buket'; did you mean 'bucket'?"
	chmod 666 "$SETTINGS"
	tc config check
	assert_status 2
	assert_stderr_has "everybody may write to it"
	chmod 600 "$SETTINGS"
	tc config set ttl 20m
	assert_status 2
	assert_stderr_has "line 5: unknown setting 'buket'"
}

@test "two writers lose nothing of each other's" {
	local i pids=()
	for i in 1 2 3 4 5 6 7 8; do
		"$TC_BIN" config set --profile "p$i" ttl "2${i}m" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$(grep -c '^ttl = ' "$SETTINGS")" -eq 8 ]
	tc config check
	assert_status 0
}

@test "config list --show-origin: what is wide counts as wide" {
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	write_settings <<-'EOF'
		[default]
		bucket = acme-team-cache
		prefix = équipe/東京
		region = eu-west-1
	EOF
	tc config list --show-origin
	assert_status 0
	assert_output_has "bucket = acme-team-cache  ; '$SETTINGS' line 2
region = eu-west-1        ; '$SETTINGS' line 4
prefix = équipe/東京      ; '$SETTINGS' line 3"
}

@test "a file of an older schema is read, and upgraded in place with a backup" {
	local golden=$BATS_TEST_DIRNAME/golden before
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	mkdir "$HOME/dotfiles" "${SETTINGS%/*}"
	cp "$golden/settings-schema-0.txt" "$HOME/dotfiles/config"
	ln -s "$HOME/dotfiles/config" "$SETTINGS"
	tc config list --show-origin
	assert_status 0
	assert_output_has "bucket = acme-team-cache  ; '$SETTINGS' line 3"
	assert_stderr_has "is of schema 0, an older one; 'teamcache config upgrade' brings it up to date"
	before=$output
	tc config upgrade --json
	assert_status 0
	assert_json .changed
	assert_stderr_has "was of schema 0 and is of 1 now; the former file is '$SETTINGS.schema-0.bak'"
	[ -L "$SETTINGS" ]
	diff "$SETTINGS" "$golden/settings-schema-1.txt"
	diff "$SETTINGS.schema-0.bak" "$golden/settings-schema-0.txt"
	[ "$(stat -L -c %a "$SETTINGS")$(stat -c %a "$SETTINGS.schema-0.bak")" = 600600 ]
	tc config list --show-origin
	assert_stderr_empty
	assert_output "$before"
	tc config upgrade --json
	assert_json '.changed | not'
	assert_stderr_empty
	# A change does it on the way; one that is refused does neither.
	cp "$golden/settings-schema-0.txt" "$HOME/dotfiles/config"
	rm "$SETTINGS.schema-0.bak"
	tc config set refreshed_by "a ; b"
	assert_status 2
	diff "$SETTINGS" "$golden/settings-schema-0.txt"
	[ ! -e "$SETTINGS.schema-0.bak" ]
	tc config set --profile prod ttl 30m
	assert_status 0
	diff "$SETTINGS" <(sed '/^account_id/a ttl = 30m' "$golden/settings-schema-1.txt")
	diff "$SETTINGS.schema-0.bak" "$golden/settings-schema-0.txt"
}

@test "a file of a newer schema is refused, and left alone" {
	write_settings <<<$'[default]\nschema = 2\nbouquet = x'
	tc config get ttl
	assert_status 2
	assert_stderr_has "line 2: the settings are of schema 2, and this teamcache knows none above 1"
	assert_stderr_has "install a newer teamcache"
	tc config set ttl 20m
	assert_status 2
	tc config upgrade
	assert_status 2
	[ "$(cat "$SETTINGS")" = $'[default]\nschema = 2\nbouquet = x' ]
}

@test "what cannot be written is an internal error" {
	tc config set ttl 20m --config /proc/teamcache-config
	assert_status 1
	assert_stderr_has "in '/proc': cannot create a file beside 'teamcache-config'"
}

@test "what is larger than a settings file or a request may be, from a pipe too: exit 2" {
	local big="$HOME/big"
	head -c 2000000 /dev/zero | tr '\0' '#' >"$big"
	tc config check --config "$big"
	assert_status 2
	tc config check --config <(cat "$big")
	assert_status 2
	tc fetch notes --account "$ACCOUNT" --request "$big"
	assert_status 2
}

@test "without a home there is no place for settings: exit 2" {
	run_product env -u HOME -u XDG_CONFIG_HOME "$TC_BIN" config set ttl 20m
	assert_status 2
	assert_stderr_has "no place for the settings: HOME is not set"
}

@test "init asks, tries the bucket and writes what fetch then uses" {
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	file_keys prod
	at_terminal "prod
not_a_bucket!
$BUCKET
$REGION
n" config init --endpoint-url "$S3_ENDPOINT"
	assert_status 0
	assert_output_has "(there are: prod)"
	assert_output_has "'not_a_bucket!' has a character that no bucket's name has"
	assert_output_has "wrote $SETTINGS"
	assert_output_has "next: teamcache verify-bucket, then teamcache fetch"
	diff "$SETTINGS" - <<-EOF
		[default]
		team_cache = on
		bucket = $BUCKET
		region = $REGION
		endpoint_url = $S3_ENDPOINT

		[profile prod]
		team_cache = on
		account_id = $ACCOUNT
	EOF
	tc fetch mtd-costs --json --profile prod
	assert_status 0
	assert_json '.entries[0].source == "api"'
	new_machine
	credentials_file <<<"[prod]"
	tc fetch mtd-costs --json --profile prod --offline
	assert_status 3
}

@test "init says what the bucket answered and asks before it writes" {
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	at_terminal "default
no-such-bucket-here
$REGION
n
n" config init --endpoint-url "$S3_ENDPOINT"
	assert_status 0
	assert_output_has "NoSuchBucket"
	assert_output_has "(verify-bucket --create)? [y/N]: n"
	assert_output_has "nothing was written"
	[ ! -e "$SETTINGS" ]
	run_product setsid "$TC_BIN" config init
	assert_status 2
	assert_stderr_has "config init asks at a terminal"
	tc config init --json
	assert_status 2
	assert_json '.error.class == "usage"'
}

@test "init makes a bucket that is not there, and sets up one that is" {
	exempt ceph "its plain endpoint is shut by the TLS-only statement"
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	# moto has no conditions, so that the statement would shut all out.
	s3_fault '{"method":"PUT","path":"[?]policy","status":200}'
	BUCKET=$BUCKET-new
	at_terminal "default
$BUCKET
$REGION
y
y" config init --endpoint-url "$S3_ENDPOINT"
	assert_status 0
	assert_output_has "versioning: enabled"
	s3_request GET "/$BUCKET?versioning" | grep -q Enabled
	grep -q "^bucket = $BUCKET$" "$SETTINGS"
	rm "$SETTINGS"
	s3_versioning Suspended
	at_terminal "default
$BUCKET
$REGION
y
y" config init --endpoint-url "$S3_ENDPOINT"
	assert_status 0
	assert_output_has "this sets up 's3://$BUCKET': versioning"
	s3_request GET "/$BUCKET?versioning" | grep -q Enabled
}

@test "init can be left at any question" {
	unset TEAMCACHE_BUCKET TEAMCACHE_REGION
	at_terminal $'default\n\x03' config init
	assert_status 130
	at_terminal $'default\n<TERM>' config init
	assert_status 143
	[ ! -e "$SETTINGS" ]
}
