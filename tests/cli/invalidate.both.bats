#!/usr/bin/env bats
# invalidate: here and in S3, ours only.

load helper

folder() {
	echo "cache-v1/$ACCOUNT/${1:-$THIS_MONTH}"
}

# with_client CODE ARGUMENT...: Python that has the tests' S3 client.
with_client() {
	S3_URL=$S3_URL BUCKET=$BUCKET REGION=$REGION \
		ACCESS_KEY=$TEST_ACCESS_KEY SECRET_KEY=$TEST_SECRET_KEY \
		"$TC_PYTHON" -I -S -c "import sys
sys.path.insert(0, '$SERVERS/lib')
import s3_client as s3
$1" "${@:2}"
}

# fill FIRST LAST: entries of this month, by their headers like teamcache's.
fill() {
	with_client '
import concurrent.futures
folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def put(n):
    target = s3.key_target(f"{folder}/t{n:04}.json.gz")
    answer = s3.send("PUT", target, b"x", [("x-amz-meta-schema-version", "1")])
    assert answer.status == 200, answer.content
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for _ in pool.map(put, range(first, last + 1)):
        pass
' "${TEAMCACHE_PREFIX:+$TEAMCACHE_PREFIX/}$(folder)" "$@"
}

# versions: "ID KEY" of every version and delete marker in the bucket.
versions() {
	with_client '
import re
bucket, query, more = s3.os.environ["BUCKET"], "", True
while more:
    text = s3.send("GET", f"/{bucket}?versions={query}").content.decode()
    for item in re.findall("<(?:Version|DeleteMarker)>(.*?)</(?:Version|DeleteMarker)>", text, re.S):
        key = s3.unescape(re.search("<Key>(.*?)</Key>", item).group(1))
        print(re.search("<VersionId>(.*?)</VersionId>", item).group(1), key)
    more = "<IsTruncated>true<" in text
    if more:
        pairs = [("key-marker", "NextKeyMarker"), ("version-id-marker", "NextVersionIdMarker")]
        found = [(name, re.search(f"<{tag}>(.+?)</{tag}>", text)) for name, tag in pairs]
        query = "".join("&" + name + "=" + s3.urllib.parse.quote(s3.unescape(m.group(1)), safe="") for name, m in found if m)
'
}

# protect KEY...: nobody may delete these.
protect() {
	local list
	list=$(printf '"arn:aws:s3:::'"$BUCKET"'/%s",' "$@")
	s3_request PUT "/$BUCKET?policy" - <<-EOF | grep -q '^20[04]'
		{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",
		 "Action":["s3:DeleteObject","s3:DeleteObjectVersion"],"Resource":[${list%,}]}]}
	EOF
}

protect_seven() {
	local n keys=()
	for n in 0001 0500 1000 1001 1999 2000 2500; do
		keys+=("$(folder)/t$n.json.gz")
	done
	protect "${keys[@]}"
}

assert_seven_left() {
	assert_status 5
	assert_json '(.deleted | length) == 2493 and (.failed | length) == 7 and .kept == []'
	assert_json '[.failed[].error.class] | unique == ["denied"]'
	assert_json '[.failed[].key | sub(".*/t"; "")[:4]] == ["0001", "0500", "1000", "1001", "1999", "2000", "2500"]'
	[ "$(grep -c 'cannot delete.*t[0-9]*.json.gz' "$TC_STDERR")" -eq 7 ]
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 7 ]
}

# The probe finds a store that overlooks If-Match on DELETE.
conditions_ignored() {
	s3_fault '{"method":"DELETE","path":"/probe/","apply":true,"status":204}'
}

@test "one of the four names all four, the others stay" {
	tc fetch --all
	tc push notes - <<<'[1]'
	tc invalidate mtd-costs
	assert_status 0
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 2 ]
	s3_exists "$(folder)/forecast.json.gz"
	s3_exists "$(folder)/notes.json.gz"
	tc fetch mtd-costs --offline
	assert_status 3
	tc fetch notes --offline
	assert_status 0
}

@test "--all takes every type of the month, and no other month" {
	tc fetch --all
	tc push notes - <<<'[1]'
	tc push notes - --month "$LAST_MONTH" <<<'[1]'
	tc invalidate --all --json
	assert_status 0
	assert_json '[.deleted[] | select(.place == "s3")] | length == 6'
	[ -z "$(s3_ls "$(folder)")" ]
	[ "$(s3_ls "$(folder "$LAST_MONTH")" | wc -l)" -eq 1 ]
}

@test "--dry-run tells and deletes nothing" {
	tc fetch mtd-costs
	tc invalidate mtd-costs --dry-run
	assert_status 0
	assert_output_has "would delete"
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
	tc fetch mtd-costs --offline
	assert_status 0
}

@test "--local and --remote choose the place" {
	tc fetch mtd-costs
	mark_requests
	tc invalidate mtd-costs --local --account "$ACCOUNT"
	assert_status 0
	assert_count 0 s3_requests
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
	tc fetch mtd-costs --offline
	assert_status 3
	tc fetch mtd-costs
	tc invalidate mtd-costs --remote
	assert_status 0
	[ -z "$(s3_ls "$(folder)")" ]
	tc fetch mtd-costs --offline
	assert_status 0
}

@test "neither TYPE nor --all, or both, is a usage error" {
	tc invalidate
	assert_status 2
	tc invalidate mtd-costs --all
	assert_status 2
	tc invalidate NOPE
	assert_status 2
}

@test "a foreign object is kept and named" {
	tc fetch mtd-costs
	echo bvx2 >"$HOME/lzfse"
	s3_put "$(folder)/theirs.json.gz" "$HOME/lzfse"
	tc invalidate --all --json
	assert_status 0
	assert_json '.kept | length == 1'
	assert_json '.kept[0].key | endswith("theirs.json.gz")'
	s3_exists "$(folder)/theirs.json.gz"
}

@test "a second machine notices within its accepted age" {
	tc fetch mtd-costs --month "$CLOSED_MONTH"
	assert_status 0
	use_machine other
	tc fetch mtd-costs --month "$CLOSED_MONTH" --json
	assert_json '.entries[0].source == "remote"'
	use_machine 1
	tc invalidate mtd-costs --month "$CLOSED_MONTH"
	use_machine other
	server_settings revision=3
	mark_requests
	tc fetch mtd-costs --month "$CLOSED_MONTH" --json
	assert_json '.entries[0].source == "local"'
	assert_count 0 s3_requests
	# An hour later it asks S3, though a final month may live 30 days. The
	# stores have clocks of their own, so the product's moves alone.
	tc_at +61m fetch mtd-costs --month "$CLOSED_MONTH" --json --no-api
	assert_status 3
}

@test "nothing to delete is no failure" {
	tc invalidate mtd-costs forecast notes
	assert_status 0
	[ ! -s "$TC_STDOUT" ]
}

@test "who may not delete is told the statement" {
	tc fetch mtd-costs
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/*"}]}
	EOF
	use_principal reader "$HOME/policy"
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 5
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 4 ]
}

@test "S3 gone, no bucket, no credentials" {
	s3_down
	tc invalidate mtd-costs --account "$ACCOUNT" --max-attempts 1
	assert_status 7
	s3_up
	tc invalidate mtd-costs --bucket "none-$RANDOM$RANDOM"
	assert_status 6
	# Copies that were made without it do not hide that it is missing.
	export TEAMCACHE_BUCKET=none-$RANDOM$RANDOM
	tc fetch mtd-costs
	tc invalidate mtd-costs --json
	assert_status 6
	assert_json '.exit_status == 6 and .error.class == "bucket"'
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 4
}

@test "a key that S3 does not answer for fails alone" {
	tc fetch mtd-costs
	s3_fault '{"method":"HEAD","path":"daily-breakdown","reset":"request"}'
	tc invalidate mtd-costs --max-attempts 1 --json
	assert_status 7
	assert_json '.exit_status == 7 and .error == null'
	assert_json '[.deleted[] | select(.place == "s3")] | length == 3'
	assert_json '.failed | length == 1 and (.[0].key | endswith("daily-breakdown.json.gz")) and .[0].error.class == "network"'
	assert_stderr_has daily-breakdown
}

@test "S3 that is lost on the way stops it; what was deleted is told" {
	fill 1 60 >/dev/null
	s3_fault '{"method":"HEAD","nth":"21+","reset":"request"}'
	tc invalidate --all --account "$ACCOUNT" --max-attempts 1 --jobs 2 --json
	assert_status 7
	# Ten in a row, and those that failed before the other worker's last answer came.
	assert_json '.error.class == "network" and (.deleted | length) == 0 and (.failed | length) <= 15'
	s3_faults_end
	assert_count 0 s3_requests DELETE cache-v1
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 60 ]
	[ "$(s3_requests HEAD)" -le 40 ]
	s3_fault '{"method":"DELETE","path":"cache-v1","nth":"21+","reset":"request"}'
	tc invalidate --all --account "$ACCOUNT" --max-attempts 1 --jobs 2 --json
	assert_status 7
	assert_json '.error.class == "network" and (.deleted | length) == 20'
	[ "$(s3_ls "$(folder)" | wc -l)" -eq 40 ]
}

@test "leases go first, then the data" {
	local lease=lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json
	tc fetch mtd-costs
	echo '{}' >"$HOME/lease"
	for months in "--month $THIS_MONTH" "--all-months --yes"; do
		for what in mtd-costs --all; do
			tc fetch mtd-costs
			s3_put "$lease" "$HOME/lease"
			s3_put "${lease/full-data/other}" "$HOME/lease"
			mark_requests
			# shellcheck disable=SC2086 # words
			tc invalidate $what $months --account "$ACCOUNT"
			assert_status 0
			run ! s3_exists "$lease"
			if [ "$what" = --all ]; then
				run ! s3_exists "${lease/full-data/other}"
			else
				s3_exists "${lease/full-data/other}"
			fi
			[ -z "$(s3_ls "$(folder)")" ]
			request_log | grep -P '\t(DELETE|HEAD)\t' | grep -v probe >"$HOME/log"
			grep -q "$lease" <(head -n 2 "$HOME/log")
			run ! grep lease-v1 <(tail -n +3 "$HOME/log")
		done
	done
}

@test "a lease that may not be deleted is named; the data go" {
	local lease=lease-v1/$ACCOUNT/$THIS_MONTH/full-data.json
	tc fetch mtd-costs
	protect "$lease"
	# There is none, so nothing is left undone.
	tc invalidate mtd-costs --account "$ACCOUNT"
	assert_status 0
	tc fetch mtd-costs --no-lease
	s3_put "$lease" "$TC_STDERR"
	tc invalidate mtd-costs --account "$ACCOUNT" --json
	assert_status 5
	assert_json '.failed | length == 1 and (.[0].key | startswith("lease-v1/"))'
	assert_json '[.deleted[] | select(.place == "s3")] | length == 4'
	assert_stderr_has s3:DeleteObject
}

@test "--all-months takes every month; without a terminal it needs --yes" {
	local month
	for month in "$THIS_MONTH" "$LAST_MONTH" "$CLOSED_MONTH"; do
		tc push notes - --month "$month" <<<'[1]'
		tc push more - --month "$month" <<<'[2]'
	done
	tc push notes - --account 210987654321 <<<'[1]'
	mark_requests
	tc invalidate notes --all-months
	assert_status 2
	assert_stderr_has --yes
	tc invalidate notes --month "$LAST_MONTH" --all-months --yes
	assert_status 2
	tc invalidate --all-months --yes
	assert_status 2
	assert_count 0 s3_requests
	tc invalidate notes --all-months --dry-run --json
	assert_status 0
	assert_json '.dry_run and ([.deleted[] | select(.place == "s3")] | length == 3)'
	assert_count 0 s3_requests DELETE
	tc invalidate notes --all-months --yes --json
	assert_status 0
	assert_json '[.deleted[] | select(.place == "s3")] | length == 3'
	assert_json '[.deleted[] | select(.place == "local")] | length == 3'
	[ "$(s3_ls "cache-v1/$ACCOUNT" | wc -l)" -eq 3 ]
	tc invalidate --all --all-months --yes
	assert_status 0
	[ -z "$(s3_ls "cache-v1/$ACCOUNT")" ]
	[ "$(s3_ls cache-v1/ | wc -l)" -eq 1 ]
	tc fetch notes --offline --account 210987654321
	assert_status 0
}

@test "on a terminal it asks" {
	tc push notes - <<<'[1]'
	terminal "n" invalidate notes --purge --account "$ACCOUNT"
	[ "$status" -eq 130 ]
	[[ $output == *"Go on? [y/N]"* ]]
	[[ $output == *"not confirmed"* ]]
	terminal "" invalidate --all --all-months --account "$ACCOUNT"
	[ "$status" -eq 130 ]
	[[ $output == *"every month"* ]]
	s3_exists "$(folder)/notes.json.gz"
	terminal "y" invalidate --all --all-months --account "$ACCOUNT"
	[ "$status" -eq 0 ]
	run ! s3_exists "$(folder)/notes.json.gz"
	# One month, one type: nobody is asked.
	tc push notes - <<<'[1]'
	terminal "" invalidate notes --account "$ACCOUNT"
	[ "$status" -eq 0 ]
	[[ $output != *"Go on?"* ]]
}

@test "--older-than goes by the timestamp" {
	local lease=lease-v1/$ACCOUNT/$THIS_MONTH/old.json
	tc push old - --timestamp "$(moment -3h)" <<<'[1]'
	tc push new - <<<'[2]'
	s3_put "$lease" "$TC_STDOUT"
	tc invalidate --all --older-than 2h --dry-run --json
	assert_json '[.deleted[].key | sub(".*/"; "")] == ["old.json.gz", "old.json.gz"]'
	tc invalidate --all --older-than 2h --json
	assert_status 0
	assert_json '[.deleted[] | .place] == ["s3", "local"]'
	run ! s3_exists "$(folder)/old.json.gz"
	s3_exists "$(folder)/new.json.gz"
	# What is being bought is younger than that.
	s3_exists "$lease"
	tc fetch new --offline
	assert_status 0
	# Ages are whole seconds: more than one, wherever in its second it was made.
	sleep 2
	tc invalidate new --older-than 30d
	[ ! -s "$TC_STDOUT" ]
	s3_exists "$(folder)/new.json.gz"
	tc invalidate --all --older-than 1s
	assert_status 0
	run ! s3_exists "$(folder)/new.json.gz"
	run ! s3_exists "$lease"
}

@test "2,500 keys of which a policy protects 7: 2,493 go, by ETag" {
	fill 1 2500 >/dev/null
	protect_seven
	mark_requests
	tc invalidate --all --account "$ACCOUNT" --jobs 8 --json
	assert_seven_left
	assert_count 1 s3_requests GET 'list-type=2.*lease-v1'
	[ "$(s3_requests GET list-type=2)" -le 4 ]
	assert_count 2500 s3_requests HEAD
	assert_count 2500 s3_requests DELETE cache-v1
	[ "$(connections s3)" -le 8 ]
}

@test "2,500 keys where deletion is not conditional: in batches" {
	fill 1 2500 >/dev/null
	protect_seven
	conditions_ignored
	mark_requests
	tc invalidate --all --account "$ACCOUNT" --jobs 4 --json
	assert_seven_left
	[ "$(s3_requests GET list-type=2)" -le 4 ]
	assert_count 3 s3_requests POST '[?]delete'
	assert_count 0 s3_requests DELETE cache-v1
	[ "$(connections s3)" -le 4 ]
}

@test "what a batch's answer leaves open is deleted singly" {
	fill 1 3 >/dev/null
	conditions_ignored
	s3_fault '{"method":"POST","path":"[?]delete","nth":1,"status":200,"apply":false,"headers":{"x-amz-request-id":"R"},"body":"<DeleteResult><Error><Key>'"$(folder)"'/t0001.json.gz</Key><Code>InternalError</Code><Message>again</Message></Error><Error><Key>'"$(folder)"'/t0002.json.gz</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"}'
	tc invalidate --all --account "$ACCOUNT" --json
	assert_status 5
	assert_json '[.deleted[].key | sub(".*/"; "")] == ["t0001.json.gz", "t0003.json.gz"]'
	assert_json '.failed | length == 1 and .[0].error.code == "AccessDenied"'
	[ "$(s3_ls "$(folder)")" = "$(folder)/t0002.json.gz" ]
	# A store that knows no batches at all.
	fill 1 3 >/dev/null
	s3_fault '{"method":"POST","path":"[?]delete","status":501,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>NotImplemented</Code></Error>"}'
	tc invalidate --all --account "$ACCOUNT"
	assert_status 0
	[ -z "$(s3_ls "$(folder)")" ]
}

@test "--purge leaves no version of those keys, and every other key alone" {
	export TEAMCACHE_PREFIX='we+ird %41/é'
	local prefix=$TEAMCACHE_PREFIX/ before
	s3_versioning >/dev/null
	fill 1 2500 >/dev/null
	fill 1 300 >/dev/null
	# Deleted before: only history is left of these.
	for n in 0001 0002; do
		s3_rm "$prefix$(folder)/t$n.json.gz"
	done
	echo bvx2 >"$HOME/other"
	s3_put "$prefix$(folder)/theirs.json.gz" "$HOME/other"
	s3_put "$prefix$(folder)/theirs.json.gz" "$HOME/other"
	s3_put "$prefix$(folder)/deleted.json.gz" "$HOME/other"
	s3_rm "$prefix$(folder)/deleted.json.gz"
	s3_put "$prefix$(folder)/t0003.json.gz.bak" "$HOME/other"
	s3_put "$prefix$(folder)x/t0003.json.gz" "$HOME/other"
	s3_put "$prefix$(folder "$LAST_MONTH")/t0003.json.gz" "$HOME/other" x-amz-meta-schema-version:1
	s3_put "$(folder)/t0003.json.gz" "$HOME/other" x-amz-meta-schema-version:1
	before=$(versions | grep -Ev '/t[0-9]{4}[.]json[.]gz$')
	before+=$'\n'$(versions | grep -E "($LAST_MONTH|x)/t0003")
	before+=$'\n'$(versions | grep -E "^[^ ]+ cache-v1")
	mark_requests
	tc invalidate --all --purge --account "$ACCOUNT" --dry-run --json
	assert_status 0
	assert_json '.deleted | length == 2500'
	tc invalidate --all --purge --account "$ACCOUNT"
	assert_status 2
	tc invalidate --all --purge --account "$ACCOUNT" --yes --json
	assert_status 0
	assert_json '(.deleted | length) == 2500 and ([.deleted[].versions] | add) == 2802'
	assert_json '[.kept[].key | sub(".*/"; "")] == ["deleted.json.gz", "theirs.json.gz"]'
	[ "$(versions | sort)" = "$(sort -u <<<"$before")" ]
	assert_count 0 s3_requests DELETE cache-v1
	assert_count 3 s3_requests POST '[?]delete'
}

@test "--purge with names, where nothing was ever versioned, and refused" {
	tc fetch mtd-costs
	tc push notes - <<<'[1]'
	tc invalidate mtd-costs --purge --yes --account "$ACCOUNT" --json
	assert_status 0
	assert_json '[.deleted[] | select(.place == "s3") | .versions] == [1, 1, 1, 1]'
	[ "$(s3_ls "$(folder)")" = "$(folder)/notes.json.gz" ]
	[ "$(versions | wc -l)" -eq 1 ]
	tc invalidate notes --purge --local --account "$ACCOUNT"
	assert_status 2
	tc invalidate notes --purge --yes --account "$ACCOUNT" --no-remote || true
	assert_status 2
	s3_versioning >/dev/null
	tc push notes - --force <<<'[2]'
	protect "$(folder)/notes.json.gz"
	tc invalidate notes --purge --yes --account "$ACCOUNT" --json
	assert_status 5
	assert_json '.failed | length == 1 and .[0].error.class == "denied"'
	assert_stderr_has notes.json.gz
}

@test "who may not list is told the right" {
	tc push notes - <<<'[1]'
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::$BUCKET/*"}]}
	EOF
	use_principal keeper "$HOME/policy"
	tc invalidate --all --account "$ACCOUNT"
	assert_status 5
	assert_stderr_has s3:ListBucket
	tc invalidate notes --purge --yes --account "$ACCOUNT"
	assert_status 5
	assert_stderr_has s3:ListBucketVersions
	# By name, nothing has to be listed.
	tc invalidate notes --account "$ACCOUNT"
	assert_status 0
	run ! s3_exists "$(folder)/notes.json.gz"
}

@test "a signal stops it at once, and it tells what is gone" {
	fill 1 40 >/dev/null
	s3_fault '{"method":"DELETE","path":"cache-v1","nth":"11+","hang":true}'
	status=0
	"$TC_BIN" invalidate --all --account "$ACCOUNT" --json --jobs 4 >"$HOME/out" 2>"$HOME/err" 3>&- &
	pid=$!
	for _ in $(seq 200); do
		[ "$(s3_requests DELETE cache-v1)" -lt 10 ] || break
		sleep 0.05
	done
	sleep 0.3
	began=$(date +%s%N)
	kill -TERM "$pid"
	wait "$pid" || status=$?
	note_status invalidate "$status"
	[ "$status" -eq 143 ]
	[ $(($(date +%s%N) - began)) -lt 1500000000 ]
	jq -e '.exit_status == 143 and (.deleted | length) == 10 and .error.class == "terminated"' "$HOME/out"
}

@test "keys that expire on the way are resolved anew" {
	fill 1 40 >/dev/null
	s3_fault '{"method":"DELETE","path":"cache-v1","nth":[3,12,21,30],"status":400,"headers":{"x-amz-request-id":"R"},"body":"<Error><Code>ExpiredToken</Code></Error>"}'
	tc invalidate --all --account "$ACCOUNT" --jobs 4 --json
	assert_status 0
	assert_json '(.deleted | length) == 40'
	assert_count 44 s3_requests DELETE cache-v1
	[ -z "$(s3_ls "$(folder)")" ]
}

@test "an answer that is no list ends with 7" {
	s3_fault '{"method":"GET","path":"list-type=2","status":200,"headers":{"x-amz-request-id":"R"},"body":"<html/>"}'
	tc invalidate --all --account "$ACCOUNT"
	assert_status 7
}
