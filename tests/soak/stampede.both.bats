#!/usr/bin/env bats
# A team that wakes at once: machines with nothing cached, one cold key, the
# four built-in types. ROUNDS and PROCESSES make a shorter run.

load ../cli/helper
load ../cli/crowd

# Without the proxy: it would be the slowest part.
setup() {
	isolate
	use_store direct
}

one_purchase_a_round() {
	local round processes=${PROCESSES:-200}
	for ((round = 1; round <= ${ROUNDS:-20}; round++)); do
		export TEAMCACHE_PREFIX=round-$round/
		mark_requests
		crowd "$processes" "${BUILT_IN[@]}" -- --format envelope
		assert_all_served
		assert_one_answer 4
		assert_count 1 ce_requests
		[ -z "$(s3_ls "${TEAMCACHE_PREFIX}lease-v1/")" ]
		[ "$(s3_ls "$TEAMCACHE_PREFIX" | wc -l)" -eq 4 ]
	done
	echo "# $((round - 1)) rounds of $processes: one purchase in each" >&3
}

@test "a stampede: one purchase, one answer" {
	one_purchase_a_round
}

@test "a stampede in a versioned bucket: one purchase, one answer" {
	[ "$TC_STORE" != ceph ] || exempt ceph \
		"its conditional writes race in a versioned bucket: see the next test"
	s3_versioning >/dev/null
	one_purchase_a_round
}

@test "a stampede where conditional writes race: the mean of purchases" {
	local round processes=${PROCESSES:-50} rounds=${ROUNDS:-100} sum=0
	local n bought=()
	[ "$TC_STORE" = ceph ] || exempt moto \
		"its conditional writes do not race"
	s3_versioning >/dev/null
	for ((round = 1; round <= rounds; round++)); do
		export TEAMCACHE_PREFIX=round-$round/
		mark_requests
		crowd "$processes" "${BUILT_IN[@]}" -- --format envelope
		assert_all_served
		n=$(ce_requests)
		bought[n]=$((${bought[n]:-0} + 1))
		sum=$((sum + n))
		[ "$n" -eq 1 ] || echo "# round $round: $n purchases" >&3
		[ -z "$(s3_ls "${TEAMCACHE_PREFIX}lease-v1/")" ]
	done
	for n in "${!bought[@]}"; do
		echo "# $n purchases in ${bought[n]} of $rounds rounds of $processes" >&3
	done
	[ $((sum * 100)) -le $((rounds * 105)) ]
}
