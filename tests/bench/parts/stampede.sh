# Machines that have nothing cached, one cold key, all at once. The purchase
# takes two seconds, so that all of them are there. In run.sh's world.
# shellcheck shell=bash disable=SC2154

ce_calls() {
	curl -sS -d '{"service":"ce"}' "$MOTO_AWS_URL/_test/count" | jq -r .count
}

# s3_calls PREFIX: "METHOD number", those of that prefix. The gateway writes
# its log a moment after the answer; a request of ours that is there proves it.
s3_calls() {
	local proof=proof-$RANDOM$RANDOM
	curl -sS -o /dev/null "$CEPH_S3_URL/bench/$proof"
	until grep -q "$proof" "$CEPH_REQUEST_LOG"; do
		sleep 0.05
	done
	"$servers/ceph/requests" "$work/ceph" |
		awk -v prefix="/bench/$1" 'index($2, prefix) == 1 { n[$1]++; all++ }
			END { for (m in n) printf "%s %d, ", m, n[m]; print "all " all }'
}

stampede() {
	local n=$1 before nice=()
	[ "$n" -le 200 ] || nice=(nice -n 10)
	mkdir "$work/machines.$n"
	before=$(ce_calls)
	TEAMCACHE_PREFIX=stampede-$n/ "${nice[@]}" "$work/herd" "$n" "$work/machines.$n" \
		"$teamcache" fetch full-data >"$work/times"
	limit "$n processes: calls of Cost Explorer" 1 $(($(ce_calls) - before))
	limit "$n processes: different answers printed" 1 \
		"$(answers)"
	limit "$n processes: failed" 0 "$(field 1 5)"
	figure "$n processes: ms until the last, CPU each in microseconds" \
		$(($(field 1 1) / 1000)) $(($(field 1 3) / n))
	figure "$n processes: peak RSS of the largest in KiB" "$(field 1 4)"
	printf '  requests to S3: %s\n' "$(s3_calls "stampede-$n/")"
}

answers() {
	find "$work/machines.$n" -maxdepth 1 -name 'out.*' -exec sha256sum {} + |
		cut -d' ' -f1 | sort -u | wc -l
}

heading "stampede"
curl -sS -o /dev/null -d '{"ce_delay_seconds":2}' "$MOTO_AWS_URL/_test/settings"
for n in 10 100 200 1000; do
	stampede $n
done
curl -sS -o /dev/null -d '{"ce_delay_seconds":0}' "$MOTO_AWS_URL/_test/settings"
