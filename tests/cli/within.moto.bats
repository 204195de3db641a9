#!/usr/bin/env bats
# What fails inside: the N-th allocation, or the N-th system call of a name.
# Nobody crashes or hangs, what is printed is right, the stores stay whole, and
# the next run is as ever. POINTS says at how many places.

load helper

POINTS=${POINTS:-40}

setup() {
	isolate
	use_store
	# The matrix has what users meet, not what is done here.
	export TC_MATRIX=/dev/null
	CALLS=$BATS_TEST_TMPDIR/calls
	EXPECTED=$BATS_TEST_TMPDIR/expected
	# Leaks cannot be looked for under ptrace.
	[ -z "${ASAN_OPTIONS:-}" ] || ASAN_OPTIONS+=:allocator_may_return_null=1
}

# places TOTAL POINTS: so many numbers of 1 to TOTAL, the last one with them.
places() {
	local total=$1 points=$2 point
	[ "$points" -gt 0 ] || points=1
	[ "$points" -lt "$total" ] || points=$total
	for ((point = 1; point <= points; point++)); do
		echo $((point * total / points))
	done
}

# starved N|N+ ARGUMENT...: the product, whose N-th allocation (and all that
# follow) fails; 0: none. Their number is then in $CALLS.
starved() {
	local -x TEST_STARVE=$1 TEST_STARVE_COUNT=$CALLS
	run_product "$TC_STARVED_BIN" "${@:2}"
}

# broken NAME ERRNO N ARGUMENT...: the product, whose N-th system call of that
# name fails so; 0: none, and those of all names are in $CALLS.
broken() {
	local name=$1 inject=()
	[ "$3" -eq 0 ] || inject=(-e "inject=$name:error=$2:when=$3")
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run_product \
		strace -f -qq -o "$CALLS" -e "trace=$name" "${inject[@]}" "$TC_BIN" "${@:4}"
}

# assert_survived: the status is one of the table's; what is on stdout is what
# was expected, or with an error its beginning, and the error is told (as JSON
# on stdout), where telling it was not what failed. What is told has a cause.
assert_survived() {
	local size
	[ "$status" -le 12 ] || [ "$status" -eq 141 ] || {
		show_run
		return 1
	}
	size=$(stat -c %s "$TC_STDOUT")
	if [ -e "$EXPECTED" ]; then
		if [ "$status" -eq 0 ]; then
			cmp "$TC_STDOUT" "$EXPECTED"
		else
			cmp -n "$size" "$TC_STDOUT" "$EXPECTED"
		fi
	fi
	[ "$status" -eq 0 ] || [[ $stderr == *"teamcache: "* ]] ||
		[[ $output == *"\"exit_status\":$status,"* ]] ||
		grep -qs '^[0-9]* *write(2,.*INJECTED' "$CALLS" || {
		echo "status $status, and nothing was said"
		show_run
		return 1
	}
	! grep ': $' "$TC_STDERR" || {
		echo "a cause is missing"
		show_run
		return 1
	}
}

# each_allocation BEFORE ARGUMENT...: BEFORE N brings about what the command
# meets.
each_allocation() {
	local before=$1 n on
	shift
	"$before" count
	starved 0 "$@"
	assert_status 0
	[ ! -e "$EXPECTED" ] || cmp "$TC_STDOUT" "$EXPECTED"
	for on in "" +; do
		for n in $(places "$(<"$CALLS")" $((POINTS / (${#on} ? 40 : 8)))); do
			echo "allocation $n$on of '$*'"
			"$before" "starved-$n$on"
			starved "$n$on" "$@"
			assert_survived
		done
	done
}

# each_call BEFORE ARGUMENT...: the same for system calls.
each_call() {
	local before=$1 names calls at name n
	local -A errors=([read]=EIO [readv]=EIO [pread64]=EIO [write]=ENOSPC
		[writev]=ENOSPC [fsync]=EIO [fdatasync]=EIO [rename]=EACCES
		[renameat]=EACCES [open]=EMFILE [openat]=EMFILE [fstat]=EIO
		[flock]=ENOLCK [fcntl]=EAGAIN [mmap]=ENOMEM [mkdirat]=EROFS
		[unlinkat]=EACCES [socket]=EMFILE [connect]=ENETUNREACH
		[sendto]=EPIPE [recvfrom]=ECONNRESET [poll]=ENOMEM
		[getrandom]=ENOSYS [lseek]=EINVAL [ftruncate]=EIO)
	shift
	names=${!errors[*]}
	"$before" count
	broken "${names// /,}" - 0 "$@"
	assert_status 0
	[ ! -e "$EXPECTED" ] || cmp "$TC_STDOUT" "$EXPECTED"
	mapfile -t calls < <(sed -n 's/^[0-9]* *\([a-z0-9]*\)(.*/\1/p' "$CALLS" |
		sort | awk '{ print $1, ++n[$1] }')
	for at in $(places ${#calls[@]} $((POINTS / 5))); do
		read -r name n <<<"${calls[at - 1]}"
		echo "$name $n of '$*': ${errors[$name]}"
		"$before" "$name-$n"
		broken "$name" "${errors[$name]}" "$n" "$@"
		assert_survived
	done
}

nothing() {
	:
}

# A prefix of one's own: no copy here, none in S3.
nothing_yet() {
	export TEAMCACHE_PREFIX=$1/
}

# Both stores are whole, and the next run is as ever.
assert_next() {
	sound_keys -t >/dev/null
	[ "$#" -eq 0 ] || {
		tc "$@"
		assert_status 0
		[ ! -e "$EXPECTED" ] || cmp "$TC_STDOUT" "$EXPECTED"
	}
}

expect() {
	tc "$@"
	assert_status 0
	cp "$TC_STDOUT" "$EXPECTED"
}

# each_failure BEFORE ARGUMENT...
each_failure() {
	each_allocation "$@"
	each_call "$@"
	assert_next "${@:2}"
}

@test "a local hit" {
	expect fetch mtd-costs --account "$ACCOUNT"
	each_failure nothing fetch mtd-costs --account "$ACCOUNT"
}

@test "a remote hit" {
	expect fetch mtd-costs --account "$ACCOUNT"
	each_failure nothing fetch mtd-costs --account "$ACCOUNT" --no-local --no-api
}

# Here a sound entry was once taken for a corrupt one, and deleted.
@test "what cannot be read for lack of memory is not deleted" {
	local n total
	expect fetch mtd-costs --account "$ACCOUNT"
	starved 0 fetch mtd-costs --account "$ACCOUNT" --no-local --no-api
	total=$(<"$CALLS")
	for ((n = total - 11; n <= total; n++)); do
		starved "$n" fetch mtd-costs --account "$ACCOUNT" --no-local --no-api
		assert_survived
		[[ $stderr != *corrupt* ]] || show_run
		s3_exists "cache-v1/$ACCOUNT/$THIS_MONTH/mtd-costs.json.gz"
	done
}

# Here a lease that could not be looked at was once taken for one that an
# invalidate had removed: a dozen allocations are tried around that one.
@test "what was bought stays where it was written" {
	local n total
	expect fetch mtd-costs
	nothing_yet count
	starved 0 fetch mtd-costs
	total=$(<"$CALLS")
	for ((n = total - 128; n <= total - 116; n++)); do
		nothing_yet "starved-$n"
		starved "$n" fetch mtd-costs
		assert_survived
		[[ $stderr != *"no longer in S3"* ]] || show_run
		s3_exists "starved-$n/cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz"
	done
}

@test "a purchase" {
	expect fetch mtd-costs
	each_failure nothing_yet fetch mtd-costs
}

@test "a batch as JSON, and for people" {
	local format
	tc fetch --all --account "$ACCOUNT" --warm
	assert_status 0
	for format in table html; do
		expect fetch full-data --account "$ACCOUNT" --format "$format"
		each_allocation nothing fetch full-data --account "$ACCOUNT" --format "$format"
	done
	rm "$EXPECTED"
	each_failure nothing fetch --all --account "$ACCOUNT" --json
}

@test "push" {
	echo '{"is":"new"}' >"$BATS_TEST_TMPDIR/new.json"
	each_failure nothing push notes "$BATS_TEST_TMPDIR/new.json" --account "$ACCOUNT"
	new_machine
	tc fetch notes --account "$ACCOUNT"
	assert_output '{"is":"new"}'
}

stored() {
	tc push notes --account "$ACCOUNT" - <<<'[1]'
	assert_status 0
}

@test "invalidate" {
	each_failure stored invalidate notes --account "$ACCOUNT"
	tc fetch notes --offline --account "$ACCOUNT"
	assert_status 3
}

# What was written before is whole, whatever became of the last attempt.
settings_sound() {
	if [ ! -e "$SETTINGS" ]; then
		write_settings <<<$'# ours\n[default]\nttl = 15m ; a quarter\n'
	fi
	tc config check
	assert_status 0
	grep -q '^# ours' "$SETTINGS"
	grep -Eq '^ttl = (15|20)m ; a quarter' "$SETTINGS"
}

@test "config" {
	each_failure settings_sound config set ttl 20m
	settings_sound
	each_allocation nothing config list --show-origin
}

# Where the probe object could not be deleted, that was no success.
no_probe() {
	local key keys
	keys=$(sound_keys -t | grep /probe/) || return 0
	[ "$status" -ne 0 ]
	for key in $keys; do
		s3_rm "$key"
	done
}

@test "status, doctor, verify-bucket" {
	tc fetch --all --account "$ACCOUNT" --warm
	assert_status 0
	each_failure nothing status --json
	each_failure nothing doctor --only credentials,identity,clock --json
	each_failure no_probe verify-bucket --only write-read-delete --json
	no_probe
}

# limited LIMIT ARGUMENT...: the product under `ulimit LIMIT`.
limited() {
	printf '#!/bin/sh\nulimit %s\nexec "%s" "$@"\n' "$1" "$TC_BIN" >"$BATS_TEST_TMPDIR/limited"
	chmod +x "$BATS_TEST_TMPDIR/limited"
	echo "under ulimit $1"
	run_product "$BATS_TEST_TMPDIR/limited" "${@:2}"
}

@test "few descriptors, little memory" {
	local n sizes="2000 3000 4000 6000 8000 12000 20000" few="3 4 5"
	# The sanitizer's shadow alone is 20 TB of addresses, and the loader
	# opens its library.
	[ -z "${ASAN_OPTIONS:-}" ] || sizes='' few=
	expect fetch full-data --account "$ACCOUNT"
	for n in $few 6 7 8 10 12; do
		limited "-n $n" fetch full-data --account "$ACCOUNT"
		assert_survived
		limited "-n $n" fetch full-data --account "$ACCOUNT" --no-local --no-api
		assert_survived
	done
	for n in $sizes; do
		limited "-v $n" fetch full-data --account "$ACCOUNT"
		assert_survived
		limited "-v $n" fetch full-data --account "$ACCOUNT" --no-local --no-api
		assert_survived
		nothing_yet "size-$n"
		limited "-v $n" fetch full-data
		assert_survived
		unset TEAMCACHE_PREFIX
	done
	assert_next fetch full-data --account "$ACCOUNT"
}

@test "few descriptors, several months at a time: each warning has its cause" {
	local n
	for n in 8 9 10 11 12 13 14 15; do
		nothing_yet "several-$n"
		limited "-n $n" fetch full-data --months 4 --account "$ACCOUNT" --no-local
		assert_survived
		unset TEAMCACHE_PREFIX
	done
}

@test "a limit of a file's size: the write fails, nothing is left behind" {
	expect fetch mtd-costs --account "$ACCOUNT"
	mkdir "$BATS_TEST_TMPDIR/out"
	limited "-f 8" fetch full-data --account "$ACCOUNT" -o "$BATS_TEST_TMPDIR/out/data"
	assert_status 1
	assert_stderr_has "cannot write '$BATS_TEST_TMPDIR/out/data': File too large"
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/out")" ]
	nothing_yet limit
	limited "-f 8" fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_stderr_has "cannot keep a local copy"
	sound_keys >/dev/null
	[ -z "$(s3_ls | grep lease-v1)" ]
}

@test "no home" {
	expect fetch mtd-costs --account "$ACCOUNT"
	env -u HOME -u XDG_CONFIG_HOME -u XDG_CACHE_HOME -u XDG_STATE_HOME -u XDG_DATA_HOME \
		"$TC_BIN" fetch mtd-costs --account "$ACCOUNT" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	cmp "$BATS_TEST_TMPDIR/out" "$EXPECTED"
	grep -q 'going on without' "$BATS_TEST_TMPDIR/err"
}

teardown() {
	! mountpoint -q "$BATS_TEST_TMPDIR/small" || umount "$BATS_TEST_TMPDIR/small"
	release
}

@test "a full disk: data is printed, nothing is torn, settings stay" {
	local small=$BATS_TEST_TMPDIR/small
	[ "$(id -u)" -eq 0 ] || skip "mounting needs root"
	expect fetch full-data --account "$ACCOUNT"
	mkdir "$small"
	mount -t tmpfs -o size=64k tmpfs "$small"
	export XDG_CONFIG_HOME=$small/config XDG_CACHE_HOME=$small/cache XDG_STATE_HOME=$small/state
	SETTINGS=$XDG_CONFIG_HOME/teamcache/config
	settings_sound
	for _ in 1 2; do
		tc fetch full-data --account "$ACCOUNT" --no-api
		assert_status 0
		cmp "$TC_STDOUT" "$EXPECTED"
		! head -c 100K /dev/zero 2>/dev/null >"$small/fill"
	done
	tc fetch mtd-costs --account "$ACCOUNT" --refresh
	assert_status 0
	rm "$EXPECTED"
	tc config set ttl 20m
	assert_survived
	[ "$status" -eq 1 ]
	grep -q '^ttl = 15m ; a quarter' "$SETTINGS"
	sound_keys >/dev/null
	rm "$small/fill"
	tc config set ttl 20m
	assert_status 0
	grep -q '^ttl = 20m ; a quarter' "$SETTINGS"
}
