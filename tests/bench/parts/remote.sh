# An answer from S3: what a first reader on a machine does, the storing
# included. The others store nothing and unpack nothing. In run.sh's world.
# shellcheck shell=bash disable=SC2154

debian_curl=$(command -v curl)

remote_hit() {
	local name=$1 budget=$2 packed url
	pushed "$name"
	url=$(object_url "$name")
	packed=$("$curl" "${SIGN[@]}" -o /dev/null -w '%{size_download}' "$url")
	TEAMCACHE_DIR=$work/cold "$work/race" "$(rounds_of "$name")" -c "$work/cold" \
		::: "$teamcache" fetch "$name" \
		::: "$curl" "${SIGN[@]}" "$url" \
		::: "$teamcache" fetch "$name" --no-local >"$work/times"
	swept "$name"
	versus "$name: cold, $packed bytes packed : static curl" "$budget"
	versus "$name: the same with --no-local : static curl" "$budget" 3 2
	beside "$name" 4 "Debian's curl" "$debian_curl" "${SIGN[@]}" "$url"
	beside "$name" 40 "rclone cat" rclone -q cat "bench:bench/$KEYS/$name.json.gz"
	beside "$name" 40 "s3cmd get" s3cmd -c "$work/s3cfg" get --quiet \
		"s3://bench/$KEYS/$name.json.gz" -
	beside "$name" 40 "aws s3 cp" aws s3 cp --quiet \
		"s3://bench/$KEYS/$name.json.gz" -
}

# beside NAME LESS PEER COMMAND...: in so much fewer rounds. What is larger than
# Cost Explorer's answers has no budget: unpacking and checking are most of it.
beside() {
	local name=$1 n budget=1
	[[ $name != *m ]] || budget=-
	command -v "$4" >/dev/null || return 0
	n=$(($(rounds_of "$name") / $2))
	"$work/race" $((n > 1 ? n : 1)) ::: "$teamcache" fetch "$name" --no-local \
		::: "${@:4}" >"$work/times"
	versus "$name: with --no-local : $3" $budget
}

heading "remote hit, plain"
remote_hit 1k -
remote_hit 10k 1.15
remote_hit 428k 1.6
remote_hit 10m -
remote_hit 100m -
for tool in rclone s3cmd aws; do
	command -v "$tool" >/dev/null ||
		without "$tool" "remote hit : $tool"
done
