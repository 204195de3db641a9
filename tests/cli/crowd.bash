# Many machines at one moment. In a test file, after helper: `load crowd`.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names for the tests, and of helper.bash

# The types that one purchase fills.
BUILT_IN=(full-data mtd-costs daily-breakdown service-breakdown)

# crowd N TYPE... [-- ARGUMENT...]: `fetch` on N machines that have nothing
# cached, the types in turn; they wait at a gate and go when all are there. What
# they printed is in $CROWD/out.I and err.I, their exit statuses in $statuses.
crowd() {
	local n=$1 types=() gate i pid pids=() status
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		types+=("$1")
		shift
	done
	shift || true
	CROWD=$BATS_TEST_TMPDIR/crowd
	rm -rf "$CROWD"
	mkdir "$CROWD"
	exec {gate}>"$CROWD/gate"
	flock --exclusive "$gate"
	for ((i = 0; i < n; i++)); do
		TEAMCACHE_DIR=$CROWD/data.$i TEAMCACHE_STATE_DIR=$CROWD/state.$i \
			flock --shared --no-fork "$CROWD/gate" \
			"$TC_BIN" fetch "${types[i % ${#types[@]}]}" \
			--account "$ACCOUNT" "$@" >"$CROWD/out.$i" \
			2>"$CROWD/err.$i" 3>&- {gate}>&- &
		pids+=($!)
	done
	sleep 0.3
	exec {gate}>&-
	statuses=
	for pid in "${pids[@]}"; do
		status=0
		wait "$pid" || status=$?
		note_status fetch "$status"
		statuses+="$status "
	done
}

# None of them failed.
assert_all_served() {
	[ -z "${statuses//0 /}" ] || {
		echo "exit statuses: $statuses"
		sort "$CROWD"/err.* | uniq -c
		return 1
	}
}

# assert_one_answer N: of N types, machines that asked for the same one printed
# the same bytes, and (of envelopes) all of them figures of one moment.
assert_one_answer() {
	local wanted=$1 type i kinds moments
	local -a same
	for ((type = 0; type < wanted; type++)); do
		same=()
		for ((i = type; ; i += wanted)); do
			[ -e "$CROWD/out.$i" ] || break
			same+=("$CROWD/out.$i")
		done
		kinds=$(sha256sum "${same[@]}" | cut -d' ' -f1 | sort -u | wc -l)
		if [ "$kinds" -ne 1 ] || ! jq -e .data "${same[0]}" >/dev/null; then
			echo "$kinds answers to ${same[0]} and the like"
			return 1
		fi
	done
	kinds=$(jq -r .metadata.data_type "$CROWD"/out.* | sort -u | wc -l)
	moments=$(jq -r .metadata.timestamp "$CROWD"/out.* | sort -u | wc -l)
	if [ "$kinds" -ne "$wanted" ] || [ "$moments" -ne 1 ]; then
		echo "$kinds types of $moments moments"
		return 1
	fi
}
