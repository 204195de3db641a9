#!/usr/bin/env bats
# What lies in the process's memory while it waits for a server and as it ends:
# what a core dump would hold, if there were one. Not under the sanitizers,
# which want no tracer.

load helper

# What signs: S3's key of today, and of tomorrow if it comes meanwhile. Each
# step of SigV4 is as good as the secret for a day.
keys_of() {
	"$TC_PYTHON" - "$1" "$2" "$REGION" >>"$WORDS" <<-'PYTHON'
		import hashlib, hmac, sys, time
		name, secret, region = sys.argv[1:]
		print(name, secret)
		for day in 0, 1:
		    key = b"AWS4" + secret.encode()
		    date = time.strftime("%Y%m%d", time.gmtime(time.time() + day * 86400))
		    for step in date, region, "s3", "aws4_request":
		        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
		        print(f"{name}-{day}-{step}", "hex", key.hex())
	PYTHON
}

# From a file: the environment is the kernel's copy, which nobody wipes.
setup() {
	isolate
	use_store proxied
	WORDS=$BATS_TEST_TMPDIR/words
	credentials_file <<-EOF
		[default]
		aws_access_key_id = $AWS_ACCESS_KEY_ID
		aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
	EOF
	keys_of secret "$AWS_SECRET_ACCESS_KEY"
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# look WHEN ARGUMENT...: what is found, in `output`. The words themselves are
# in no argument and no variable of the product.
look() {
	run_product "$TC_PYTHON" "$BATS_TEST_DIRNAME/memory.py" "$1" "$WORDS" "$TC_BIN" "${@:2}"
	[ "${#lines[@]}" -eq "$(wc -l <"$WORDS")" ]
}

found() {
	local line
	for line in "${lines[@]}"; do
		[[ $line == *" 0" ]] || echo "$line"
	done
}

@test "what lies there is found, as it is and as HMAC begins with it" {
	cat >"$HOME/holder.py" <<-'PYTHON'
		import select, sys
		held = [bytes.fromhex(line.split()[2]) for line in open(sys.argv[1]) if " hex " in line]
		masked = [bytes(c ^ 0x5C for c in word) for word in held]
		swapped = [b"".join(word[i:i + 4][::-1] for i in range(0, 32, 4)) for word in masked]
		del held, masked
		select.poll().poll(3000)
	PYTHON
	run_product "$TC_PYTHON" "$BATS_TEST_DIRNAME/memory.py" waiting "$WORDS" "$TC_PYTHON" "$HOME/holder.py" "$WORDS"
	assert_status 0
	[ "$(found | grep -c '^secret-[01]-')" -eq 8 ]
}

# Until the last request is made it takes the secret to sign the next: as it
# was read and as it is used.
@test "while a server is waited for: the secret itself, and no key made of it" {
	s3_fault '{"delay":2}'
	look waiting fetch notes --no-local --no-api --account "$ACCOUNT"
	assert_status 3
	found
	[[ "$(found)" =~ ^"secret "[12]$ ]]
}

@test "as it ends: nothing, whatever it did" {
	look exit push notes - --account "$ACCOUNT" <<<'{"n":1}'
	assert_status 0
	assert_count 1 s3_requests PUT notes
	[ -z "$(found)" ]
	look exit fetch mtd-costs
	assert_status 0
	[ -z "$(found)" ]
	AWS_ENDPOINT_URL_S3=http://127.0.0.1:1 look exit fetch notes --no-local --no-api --account "$ACCOUNT" --max-attempts 1
	assert_status 7
	[ -z "$(found)" ]
}

@test "as it ends: nothing of what STS gave, nor of a token" {
	profile_file <<-EOF
		[profile role]
		role_arn = arn:aws:iam::$ACCOUNT:role/any
		source_profile = default
	EOF
	tc fetch notes --no-local --no-api --account "$ACCOUNT" --profile role
	local kept
	kept=$(grep -rl secret_access_key "$STATE_DIR/credentials")
	keys_of given "$(grep -oaP '"secret_access_key":"\K[^"]+' "$kept")"
	echo "token $(grep -oaP '"session_token":"\K[^"]+' "$kept")" >>"$WORDS"
	# From the cache.
	look exit fetch notes --no-local --no-api --account "$ACCOUNT" --profile role
	[ -z "$(found)" ]
	s3_fault '{"delay":2}'
	look waiting fetch notes --no-local --no-api --account "$ACCOUNT" --profile role
	found
	[ "$(found | grep -c -- '-[01]-')" -eq 0 ]
	[[ "$(found)" == *given* ]]
}

# The limit is what keeps a crash from writing all of this to a file.
@test "a crash while it waits leaves no core" {
	s3_fault '{"hang":true}'
	cd "$HOME"
	ulimit -c unlimited
	"$TC_BIN" fetch notes --no-local --no-api --account "$ACCOUNT" >"$HOME/out" 2>&1 3>&- &
	local pid=$! i
	for ((i = 0; i < 100; i++)); do
		grep -q '^Max core file size *1 ' "/proc/$pid/limits" && break
		sleep 0.05
	done
	kill -SEGV "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 139 ]
	[ -z "$(find . -name '*core*' -size +1c)" ]
}
