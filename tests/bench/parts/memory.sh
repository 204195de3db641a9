# Peak memory of the largest document. In run.sh's world.
# shellcheck shell=bash disable=SC2154

# peak TEXT MOST COMMAND...
peak() {
	TEAMCACHE_DIR=$work/cold "$work/race" 2 -c "$work/cold" ::: "${@:3}" \
		>"$work/times"
	swept 100m
	limit "$1, peak RSS in KiB" "$2" "$(field 1 4)"
}

heading "memory"
pushed 100m
size=$(bytes "$work/100m.json")
peak "$size bytes fetched from S3 with --no-local" 16384 \
	"$teamcache" fetch 100m --no-local
peak "$size bytes fetched from S3, cold" 16384 "$teamcache" fetch 100m
TEAMCACHE_DIR=$work/copy "$teamcache" fetch 100m >/dev/null
TEAMCACHE_DIR=$work/copy "$work/race" 2 ::: "$teamcache" fetch 100m >"$work/times"
limit "$size bytes from the local copy, peak RSS in KiB" 16384 "$(field 1 4)"
rm -rf "$work/copy"
AWS_CA_BUNDLE=$CEPH_CA_FILE AWS_ENDPOINT_URL_S3=$CEPH_S3_TLS_URL \
	peak "$size bytes fetched over TLS, cold" 16384 "$teamcache" fetch 100m
peak "$size bytes pushed" $((3 * size / 1024)) \
	"$teamcache" push 100m "$work/100m.json" --ttl 60m -q
