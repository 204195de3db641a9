#!/usr/bin/env bats
# Whatever a server sends: no wrong data, no crash, an end in time and in
# little memory, nothing raw on the terminal. wire.py has the scenarios.

load helper

VARIANT=${TEAMCACHE_VARIANT:-release}

setup() {
	isolate
	need_server fault
	export TEAMCACHE_BUCKET=bucket TEAMCACHE_REGION=eu-west-1
	export TEAMCACHE_ACCOUNT_ID=$ACCOUNT
	use_keys "$TEST_ACCESS_KEY" "$TEST_SECRET_KEY"
	printf '#!/bin/sh\nulimit -v 196608\nexec "%s" "$@"\n' "$TC_BIN" \
		>"$BATS_TEST_TMPDIR/held"
	chmod +x "$BATS_TEST_TMPDIR/held"
	start_fault
	fault '{"operation":"GetCallerIdentity","status":200,"body":"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"}'
	export AWS_ENDPOINT_URL_S3=$FAULT_URL AWS_ENDPOINT_URL_STS=$FAULT_URL
}

# held ARGUMENT...: the product, within 192 MiB of addresses.
held() {
	local began=${EPOCHREALTIME/[.,]/} ended
	# The sanitizers reserve terabytes.
	if [ "$VARIANT" = release ]; then
		TC_BIN=$BATS_TEST_TMPDIR/held tc "$@"
	else
		tc "$@"
	fi
	ended=${EPOCHREALTIME/[.,]/}
	LASTED=$(((ended - began) / 1000))
}

# judge NAME STATUSES REGEX: is the run what the scenario asks?
judge() {
	local fault='' longest=5000
	[ "$VARIANT" = release ] || longest=20000
	[[ ,$2, == *",$status,"* ]] || fault="exit status is not $2"
	[[ $stderr =~ $3 ]] || fault="stderr does not say $3"
	[ "$LASTED" -lt "$longest" ] || fault="it took $LASTED ms"
	[ "$status" -eq 0 ] || [ ! -s "$TC_STDOUT" ] || fault="it printed"
	[ "$status" -ne 0 ] || [ "$output" = '{"hello":"world","n":[1,2.50,-3e2]}' ] ||
		fault="it printed something else"
	! grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae|MUST-NOT-SHOW|root:x' \
		"$TC_STDERR" || fault="stderr has what must not be shown"
	[ "$(stat -c %s "$TC_STDERR")" -lt 4096 ] || fault="stderr is long"
	[ -z "$fault" ] || {
		echo "$1: $fault"
		show_run
		return 1
	}
}

# each GROUP COMMAND: COMMAND NAME runs each scenario of the group.
each() {
	local name statuses regex bad=0 count=0
	"$TC_PYTHON" "$BATS_TEST_DIRNAME/wire.py" "$1" \
		"$TC_FAULT_URL/lanes/$PLAIN_LANE" >"$BATS_TEST_TMPDIR/scenarios"
	while IFS=$'\t' read -r name statuses regex; do
		# After five failures the server is left alone.
		rm -rf "$XDG_STATE_HOME"
		"$2" "$name" </dev/null
		judge "$name" "$statuses" "$regex" || bad=$((bad + 1))
		count=$((count + 1))
	done <"$BATS_TEST_TMPDIR/scenarios"
	echo "$count scenarios, $bad went wrong"
	[ "$count" -gt 10 ] && [ "$bad" -eq 0 ]
}

read_it() {
	held fetch "$1" --no-local --no-api --max-attempts 1 --timeout 2s
}

buy_it() {
	AWS_ENDPOINT_URL_COST_EXPLORER=$FAULT_URL/$1 held fetch full-data \
		--no-remote --no-local --max-attempts 1 --timeout 2s
}

@test "an entry is read from a server that sends anything" {
	each reading read_it
}

@test "data is bought from a server that sends anything" {
	each buying buy_it
}

@test "TLS: what is not to be trusted is refused, and said" {
	local kind
	for kind in expired wrong-name unknown-ca; do
		open_fault_lane '' "$kind"
		AWS_CA_BUNDLE=$FAULT_CA_FILE AWS_ENDPOINT_URL_S3=$FAULT_URL \
			held fetch notes --no-local --no-api --timeout 4s
		echo "$kind"
		show_run
		assert_status 7
		assert_stderr_has ertificate
		assert_count 0 requests_of_lane
	done
}

# Nobody who is not trusted is told anything.
requests_of_lane() {
	wc -l <"$FAULT_LOG"
}

# weak_server NAME KEY-BITS DIGEST OPTION...: sets WEAK_PID and WEAK_URL. Its
# certificate is signed by the CA of the same folder.
weak_server() {
	local at=$BATS_TEST_TMPDIR/$1 i port=
	mkdir "$at"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$at/ca.key" -out "$at/ca.pem" -subj /CN=ca -days 2 \
		-addext basicConstraints=critical,CA:TRUE
	openssl genrsa -out "$at/key" "$2"
	openssl req -new -key "$at/key" -subj /CN=localhost -out "$at/request"
	openssl x509 -req "-$3" -in "$at/request" -CA "$at/ca.pem" -CAkey "$at/ca.key" -days 2 \
		-extfile <(echo subjectAltName=DNS:localhost) -out "$at/certificate"
	openssl s_server -accept 127.0.0.1:0 -www -key "$at/key" -cert "$at/certificate" "${@:4}" \
		>"$at/log" 2>&1 </dev/null 3>&- &
	WEAK_PID=$!
	for ((i = 0; i < 100 && ${#port} == 0; i++)); do
		sleep 0.05
		port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$at/log")
	done
	WEAK_URL=https://localhost:$port
	export AWS_CA_BUNDLE=$at/ca.pem
}

@test "TLS: an old version, a weak cipher, a short key, an old signature" {
	local name bits digest why options
	while read -r name bits digest why options; do
		# shellcheck disable=SC2086 # words
		weak_server "$name" "$bits" "$digest" $options
		AWS_ENDPOINT_URL_S3=$WEAK_URL held fetch notes --no-local --no-api --timeout 4s --max-attempts 1
		kill "$WEAK_PID"
		# It was there to the end: the signal ended it.
		wait "$WEAK_PID" || [ $? -eq 143 ]
		echo "$name"
		show_run
		# The good one comes to an answer, which is no entry.
		if [ "$name" = good ]; then
			assert_status 3
			assert_stderr_has foreign
		else
			assert_status 7
			assert_stderr_has "${why//_/ }"
		fi
	done <<-'END'
		good 2048 sha256 none -tls1_2
		tls-1.1 2048 sha256 it_speaks_TLS_1.1_or_older -tls1_1 -cipher ALL:@SECLEVEL=0
		tls-1.0 2048 sha256 it_speaks_TLS_1.1_or_older -tls1 -cipher ALL:@SECLEVEL=0
		no-cipher 2048 sha256 it_has_no_cipher_in_common -tls1_2 -cipher NULL-SHA256:@SECLEVEL=0
		short-key 768 sha256 its_key_is_too_short -tls1_2 -cipher ALL:@SECLEVEL=0
		md5 2048 md5 its_key_or_signature -tls1_2 -cipher ALL:@SECLEVEL=0
	END
}
