# Many entries at once, of the size of a real one, 16 at a time, with
# decompression, checks, local copies and NDJSON. In run.sh's world.
# shellcheck shell=bash disable=SC2154

# One command takes 64 types and 60 months at most, so that 10,000 entries are
# those of four accounts, each with a profile.
BATCH_TYPES=(t-{1..50})
batch_months=()
for i in {0..49}; do
	batch_months+=("$(date -u -d "$MONTH-15 -$i months" +%Y-%m)")
done
batch_accounts=("$ACCOUNT" 123456789013 123456789014 123456789015)
for account in "${batch_accounts[@]}"; do
	printf '[profile p%s]\nbucket = bench\naccount_id = %s\n' "$account" \
		"$account" >>"$work/settings"
	printf '[p%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n' \
		"$account" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" \
		>>"$work/credentials"
done
chmod 600 "$work/settings" "$work/credentials"

# loaded ACCOUNT FIRST LAST: all types of those months lie in S3.
loaded() {
	local month
	for month in "${batch_months[@]:$2:$(($3 - $2))}"; do
		printf '%s\n' "${BATCH_TYPES[@]}" | nice -n 10 xargs -P 4 -I TYPE \
			"$teamcache" push TYPE "$work/90k.json" --account "$1" \
			--month "$month" --ttl 60m -q
	done
}

# batch ROUNDS ACCOUNTS TYPES MONTHS [PEER...]: to $work/times.
batch() {
	local types=("${BATCH_TYPES[@]:0:$3}") type month account profiles=()
	entries=$(($2 * $3 * $4))
	for account in "${batch_accounts[@]:0:$2}"; do
		profiles+=(--profile "p$account")
		for month in "${batch_months[@]:0:$4}"; do
			for type in "${types[@]}"; do
				printf 'url = "%s"\noutput = "%s"\n' \
					"$CEPH_S3_URL/bench/cache-v1/$account/$month/$type.json.gz" \
					"$work/copies/$account-$month-$type.json.gz"
			done
		done
	done >"$work/urls"
	fetch_batch=("$teamcache" fetch "${types[@]}" --months "$4" --jobs 16 --no-api)
	[ "$2" -eq 1 ] || fetch_batch=(env -u TEAMCACHE_ACCOUNT_ID
		AWS_SHARED_CREDENTIALS_FILE="$work/credentials"
		"${fetch_batch[@]}" --config "$work/settings" "${profiles[@]}")
	TEAMCACHE_DIR=$work/copies/data "$work/race" "$1" -c "$work/copies" \
		::: "${fetch_batch[@]}" \
		::: "$curl" "${SIGN[@]}" -Z --parallel-max 16 -K "$work/urls" \
		"${@:5}" >"$work/times"
}

# batch_connections ENTRIES ACCOUNTS: workers and profiles have their own. That
# all entries were fetched is seen by their local copies.
batch_connections() {
	TEAMCACHE_DIR=$work/copies.$entries/data strace -f -e trace=connect -o "$work/trace" \
		"${fetch_batch[@]}" >/dev/null
	[ "$(find "$work/copies.$entries/data" -name '*.json' | wc -l)" -eq "$entries" ]
	limit "$1 entries: connections" $((16 * $2)) \
		"$(grep -c "connect(.*htons(${CEPH_S3_URL##*:})" "$work/trace")"
}

# growth ROUNDS ACCOUNTS TYPES MONTHS
growth() {
	batch "$@"
	versus "$entries entries, wall : static curl -Z" -
	row "$entries entries, CPU : static curl -Z" - "$(field 1 3)" "$(field 2 3)"
	figure "$entries entries, microseconds and CPU of each" \
		$(($(field 1 1) / entries)) $(($(field 1 3) / entries))
	figure "$entries entries, peak RSS in KiB, page faults" \
		"$(field 1 4)" "$(field 1 5)"
	batch_connections "$entries" "$2"
}

thousand() {
	local best=2 others=()
	if command -v rclone >/dev/null; then
		others+=(::: rclone copy -q --transfers 16 --checkers 16
			--include 't-*' "bench:bench" "$work/copies/rclone")
	else
		without rclone "1000 entries : rclone copy"
	fi
	batch $((rounds / 20 + 1)) 1 50 20 "${others[@]}"
	[ -z "$(field 3 1)" ] || [ "$(field 3 1)" -gt "$(field 2 1)" ] || best=3
	versus "1000 entries, wall : the best of curl -Z and rclone" 1.1 1 $best
	row "1000 entries, CPU : static curl -Z" 1.5 "$(field 1 3)" "$(field 2 3)"
	[ -z "$(field 3 1)" ] ||
		figure "1000 entries, wall and CPU of rclone copy" "$(field 3 1)" "$(field 3 3)"
	limit "1000 entries, peak RSS in KiB" 32768 "$(field 1 4)"
	# Memory that is used again: an entry alone would touch 23 pages.
	limit "1000 entries, page faults" 8000 "$(field 1 5)"
	figure "1000 entries, microseconds and CPU of each" \
		$(($(field 1 1) / 1000)) $(($(field 1 3) / 1000))
	batch_connections 1000 1
}

thousand_by_aws() {
	command -v aws >/dev/null || {
		without aws "1000 entries : aws s3 cp --recursive"
		return
	}
	TEAMCACHE_DIR=$work/copies/data "$work/race" 1 -c "$work/copies" \
		::: "${fetch_batch[@]}" ::: aws s3 cp --quiet --recursive \
		s3://bench/cache-v1/ "$work/copies/aws" --exclude '*' --include '*/t-*' \
		>"$work/times"
	versus "1000 entries, wall : aws s3 cp --recursive" 1
	row "1000 entries, CPU : aws s3 cp --recursive" 1 \
		"$(field 1 3)" "$(field 2 3)"
}

heading "batch"
loaded "$ACCOUNT" 0 20
thousand
thousand_by_aws
growth $((rounds / 4 + 1)) 1 1 1
growth $((rounds / 8 + 1)) 1 1 10
growth $((rounds / 20 + 1)) 1 5 20
loaded "$ACCOUNT" 20 50
for account in "${batch_accounts[@]:1}"; do
	loaded "$account" 0 50
done
growth 1 4 50 50
