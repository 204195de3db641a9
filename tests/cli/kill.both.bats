#!/usr/bin/env bats
# A signal at every N-th system call leaves nothing torn and nothing that the
# next run does not put right (design section 6). POINTS says how many.

load helper

POINTS=${POINTS:-25}

setup() {
	isolate
	use_store proxied
	CALLS=$BATS_TEST_TMPDIR/calls
	# Leaks cannot be looked for under ptrace.
	[ -z "${ASAN_OPTIONS:-}" ] || ASAN_OPTIONS+=:detect_leaks=0
}

# killed SIGNAL N ARGUMENT...: runs the product, with the signal at its N-th
# system call (0: none). Afterwards as `tc`, and the number of calls in $CALLS.
killed() {
	local signal=$1 n=$2
	shift 2
	run_product "$TC_KILL_AT" "$signal" "$n" "$CALLS" "$TC_BIN" "$@"
}

# fresh NAME: another machine, and keys of its own.
fresh() {
	use_machine "$1"
	export TEAMCACHE_PREFIX=$1/
	s3_faults_end
	mark_requests
}

# assert_sound SIGNAL: both stores are whole; the keys in S3 are in $keys. After
# SIGTERM there is neither a lease nor a temporary file.
assert_sound() {
	local temporary=(-t)
	[ "$1" != TERM ] || temporary=()
	keys=$(sound_keys "${temporary[@]}")
	[ "$1" != TERM ] || [[ $keys != *lease-v1* ]] || {
		echo "a lease is left: $keys"
		return 1
	}
}

# assert_ended SIGNAL: by it, or in order before it came.
assert_ended() {
	local by=137
	[ "$1" = KILL ] || by=143
	[ "$status" -eq 0 ] || assert_status $by
}

# The lease of somebody who was killed has run out, as S3 tells the time.
expire_lease() {
	s3_fault "{\"method\":\"GET\",\"path\":\"lease-v1\",\"headers\":{\"Date\":\"$(
		LC_ALL=C date -u -d '+60 seconds' '+%a, %d %b %Y %H:%M:%S GMT')\"}}"
}

# count_calls ARGUMENT...: $total system calls when nothing happens.
count_calls() {
	killed TERM 0 "$@"
	assert_status 0
	total=$(<"$CALLS")
}

# each_point SIGNAL POINTS COMMAND...: runs it with the signal and the number
# of each call, of $total, that is to be hit.
each_point() {
	local signal=$1 points=$2 point n
	shift 2
	for ((point = 1; point <= points; point++)); do
		n=$((point * total / points))
		echo "$signal at system call $n of $total"
		fresh "$signal-$n"
		"$@" "$signal" "$n"
	done
}

# assert_fetched: the figures that the purchase has, here.
assert_fetched() {
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	cmp "$TC_STDOUT" "$BATS_TEST_TMPDIR/expected"
}

kill_fetch() {
	local signal=$1 paid bought stored said
	killed "$signal" "$2" fetch mtd-costs --account "$ACCOUNT"
	assert_ended "$signal"
	[ "$status" -ne 0 ] || cmp "$TC_STDOUT" "$BATS_TEST_TMPDIR/expected"
	assert_sound "$signal"
	stored=$keys said=$stderr
	paid=$(ce_requests)
	[ "$signal" = TERM ] || expire_lease
	assert_fetched
	[ "$signal" = KILL ] || assert_count 1 ce_requests
	new_machine
	assert_fetched
	bought=$(ce_requests)
	case $signal:$stored:$said in
	KILL:*full-data.json.gz*) [ "$bought" -eq "$paid" ] ;;
	# A slow store was cut off two seconds after the signal.
	KILL:* | *"on this machine only"*) [ "$bought" -le 2 ] ;;
	*) [ "$bought" -eq 1 ] ;;
	esac
	assert_sound "$signal"
	[[ $keys == *full-data.json.gz* ]]
}

kill_fetches() {
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	cp "$TC_STDOUT" "$BATS_TEST_TMPDIR/expected"
	fresh count
	count_calls fetch mtd-costs --account "$ACCOUNT"
	each_point "$1" "$POINTS" kill_fetch
}

@test "a fetch that buys, SIGTERM at every N-th system call" {
	kill_fetches TERM
}

@test "a fetch that buys, SIGKILL at every N-th system call" {
	kill_fetches KILL
}

kill_push() {
	tc push notes "$BATS_TEST_TMPDIR/old.json" --account "$ACCOUNT"
	assert_status 0
	killed "$1" "$2" push notes "$BATS_TEST_TMPDIR/new.json" \
		--account "$ACCOUNT"
	assert_ended "$1"
	assert_sound "$1"
	[[ $keys == */notes.json.gz ]]
	tc push notes "$BATS_TEST_TMPDIR/new.json" --account "$ACCOUNT"
	assert_status 0
	assert_sound KILL
	new_machine
	tc fetch notes --account "$ACCOUNT"
	assert_output '{"is":"new"}'
}

@test "push, SIGTERM and SIGKILL at every N-th system call" {
	echo '{"is":"old"}' >"$BATS_TEST_TMPDIR/old.json"
	echo '{"is":"new"}' >"$BATS_TEST_TMPDIR/new.json"
	fresh count
	count_calls push notes "$BATS_TEST_TMPDIR/new.json" --account "$ACCOUNT"
	each_point TERM $((POINTS / 4)) kill_push
	each_point KILL $((POINTS / 4)) kill_push
}

kill_invalidate() {
	tc fetch mtd-costs --account "$ACCOUNT"
	assert_status 0
	killed "$1" "$2" invalidate mtd-costs --account "$ACCOUNT"
	assert_ended "$1"
	assert_sound "$1"
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 0
	assert_sound "$1"
	# Of a probe object that a kill left a lifecycle rule is to get rid.
	[ -z "$keys" ] || [[ $1 == KILL && ${keys##*lease-v1/} == */probe/* ]]
	tc fetch mtd-costs --offline --account "$ACCOUNT"
	assert_status 3
}

@test "invalidate, SIGTERM and SIGKILL at every N-th system call" {
	fresh count
	tc fetch mtd-costs --account "$ACCOUNT"
	count_calls invalidate mtd-costs --account "$ACCOUNT"
	each_point TERM $((POINTS / 4)) kill_invalidate
	each_point KILL $((POINTS / 4)) kill_invalidate
}

# cut_late PATTERN ARGUMENT...: SIGTERM while a write of such a key is still on
# its way to the store, which gets it all the same; nothing of it may stay.
cut_late() {
	local pattern=$1 pid status=0
	shift
	s3_fault "{\"method\":\"PUT\",\"path\":\"$pattern\",\"nth\":1,\"late\":0.6}"
	"$TC_BIN" "$@" >"$HOME/out" 2>"$HOME/err" 3>&- &
	pid=$!
	sleep 0.3
	kill -TERM "$pid"
	wait "$pid" || status=$?
	note_status "$1" "$status"
	[ "$status" -eq 143 ]
	sleep 0.6
	assert_sound TERM
}

@test "a write that arrives after a SIGTERM does not stay" {
	cut_late lease-v1 fetch mtd-costs --account "$ACCOUNT"
	fresh cut
	tc fetch mtd-costs --account "$ACCOUNT"
	cut_late /probe/ invalidate mtd-costs --account "$ACCOUNT"
	fresh write
	cut_late /probe/ verify-bucket --only write-read-delete
}

# In the versioned bucket nothing may be left either, markers included.
probes() {
	s3_request GET "/$BUCKET?versions" | grep -o '<Key>lease-v1/probe/' | wc -l
}

kill_verify() {
	killed "$1" "$2" verify-bucket --only "$CHECKS"
	assert_ended "$1"
	if [ "$1" = KILL ] && [ "$(probes)" -ne 0 ]; then
		s3_fault "{\"method\":\"POST\",\"headers\":{\"date\":\"$(
			LC_ALL=C date -u -d '+11 min' '+%a, %d %b %Y %H:%M:%S GMT')\"}}"
		tc verify-bucket --only write-read-delete
		assert_status 0
	fi
	[ "$(probes)" -eq 0 ] || {
		echo "left in the bucket:"
		s3_request GET "/$BUCKET?versions" | grep -oE "<(Key|Size|IsLatest|VersionId|DeleteMarker)>[^<]*|<DeleteMarker>"
		show_run
		return 1
	}
}

@test "verify-bucket, SIGTERM and SIGKILL at every N-th system call" {
	CHECKS=write-read-delete,write-once,write-if-match,recreate
	s3_versioning
	count_calls verify-bucket --only "$CHECKS"
	fresh() {
		use_machine "$1"
		s3_faults_end
	}
	each_point TERM $((POINTS / 4)) kill_verify
	each_point KILL $((POINTS / 4)) kill_verify
}
