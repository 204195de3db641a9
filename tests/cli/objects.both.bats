#!/usr/bin/env bats
# What lies in S3 (design section 4): the format, and objects that are not what
# they should be.

load helper

OURS=x-amz-meta-schema-version:1

setup() {
	isolate
	[ -z "$TC_STORE" ] || use_store proxied
	KEY=cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz
	FULL=cache-v1/$ACCOUNT/$THIS_MONTH/full-data.json.gz
}

# envelope [NAME=VALUE...]: writes one, by the description of the format alone.
envelope() {
	PYTHONPATH=$BATS_TEST_DIRNAME python3 -B - "$BATS_TEST_TMPDIR/envelope" "$@" <<-'PYTHON'
		import envelope, gzip, json, sys
		path, *changes = sys.argv[1:]
		data = {"hello": "world", "n": [1, 2, 3], "text": "é ☃"}
		raw = json.dumps(data, ensure_ascii=False).encode()
		meta = envelope.metadata(raw)
		for change in changes:
		    name, value = change.split("=", 1)
		    meta[name] = json.loads(value)
		text = envelope.text(meta, raw)
		open(path, "wb").write(text)
		open(path + ".gz", "wb").write(gzip.compress(text, mtime=0))
	PYTHON
}

@test "a writer that knows only the format is understood" {
	envelope
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz"
	tc fetch notes --json
	assert_status 0
	assert_json '.entries[0].source == "remote" and .entries[0].data.hello == "world"'
	tc fetch notes
	assert_output '{"hello": "world", "n": [1, 2, 3], "text": "é ☃"}'
}

@test "an uncompressed envelope is understood too" {
	envelope
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope"
	tc fetch notes --json
	assert_status 0
	assert_json '.entries[0].source == "remote"'
}

@test "a reader that knows only the format understands what fetch wrote" {
	tc fetch full-data
	assert_status 0
	s3_get "$FULL" "$BATS_TEST_TMPDIR/object"
	python3 - "$BATS_TEST_TMPDIR/object" "$TC_STDOUT" <<-'PYTHON'
		import gzip, hashlib, json, re, sys
		packed = open(sys.argv[1], "rb").read()
		printed = open(sys.argv[2], "rb").read()
		assert packed[4:8] == b"\0\0\0\0", "mtime"
		text = gzip.decompress(packed)
		whole = json.loads(text)
		assert list(whole) == ["metadata", "data"]
		meta = whole["metadata"]
		at = text.index(b',"data":') + len(b',"data":')
		raw = text[at:-1]
		assert len(raw) == meta["content_length"]
		assert hashlib.sha256(raw).hexdigest() == meta["content_sha256"]
		assert raw + b"\n" == printed
		assert meta["schema_version"] == 1 and meta["data_type"] == "full-data"
		assert meta["account_id"] == "123456789012" and meta["source"] == "ce:GetCostAndUsage"
		assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", meta["timestamp"])
		assert re.fullmatch(r"[0-9a-f]{64}", meta["request_sha256"])
	PYTHON
	run s3_head "$FULL"
	[[ ${output,,} == *"x-amz-meta-schema-version: 1"* ]]
	[[ ${output,,} == *"x-amz-meta-account-id: $ACCOUNT"* ]]
	[[ ${output,,} == *"content-encoding: gzip"* ]]
	[[ ${output,,} == *"content-type: application/json"* ]]
	[[ ${output,,} == *"cache-control: no-store"* ]]
}

@test "aws s3 cp, gunzip and jq read an entry" {
	command -v aws >/dev/null || exempt "$TC_STORE" "no aws-cli on this machine"
	tc fetch mtd-costs
	AWS_ENDPOINT_URL=$S3_URL aws s3 cp --quiet \
		"s3://$BUCKET/cache-v1/$ACCOUNT/$THIS_MONTH/mtd-costs.json.gz" - |
		gunzip | jq -c .data >"$BATS_TEST_TMPDIR/by-aws"
	cmp "$BATS_TEST_TMPDIR/by-aws" "$TC_STDOUT"
}

# A foreign object: a miss each time, said each time, never touched.
foreign() {
	local before
	before=$(s3_etag "$1")
	tc fetch "$2" --json
	assert_status "$3"
	assert_json '.entries[0].degraded | index("foreign-object")'
	assert_stderr_has "foreign object"
	assert_stderr_has "aws s3 rm"
	tc fetch "$2" --json --revalidate
	assert_json '.entries[0].degraded | index("foreign-object")'
	tc invalidate "$2"
	[ "$(s3_etag "$1")" = "$before" ]
}

@test "an object of the Mac app (LZFSE) is foreign" {
	printf 'bvx2 and then something that is no gzip' >"$HOME/lzfse"
	s3_put "$FULL" "$HOME/lzfse"
	foreign "$FULL" full-data 0
	assert_count 1 ce_requests
}

@test "an object with an unknown schema version is foreign" {
	envelope schema_version=2
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz"
	foreign "$KEY" notes 3
	envelope
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz" x-amz-meta-schema-version:7
	foreign "$KEY" notes 3
}

@test "foreign objects are replaced by push --force alone" {
	printf 'bvx2' >"$HOME/lzfse"
	s3_put "$KEY" "$HOME/lzfse"
	tc push notes - <<<'{"a":1}'
	assert_status 8
	assert_stderr_has "--force"
	tc push notes - --force <<<'{"a":1}'
	assert_status 0
	new_machine
	tc fetch notes
	assert_output '{"a":1}'
}

# A corrupt object is deleted, and what was asked for is had otherwise.
corrupt() {
	tc fetch full-data --json
	assert_status 0
	assert_stderr_has "corrupt"
	assert_json '.entries[0].degraded | index("corrupt-object")'
	assert_json '.entries[0].source == "api"'
	assert_count 1 ce_requests
	new_machine
	tc fetch full-data --json
	assert_json '.entries[0].source == "remote" and .entries[0].degraded == []'
}

# spoil PYTHON-EXPRESSION: over the stored bytes b
spoil() {
	tc fetch full-data
	assert_status 0
	s3_get "$FULL" "$BATS_TEST_TMPDIR/good"
	python3 -c 'import sys
b = bytearray(open(sys.argv[1], "rb").read())
open(sys.argv[2], "wb").write(eval(sys.argv[3]))' \
		"$BATS_TEST_TMPDIR/good" "$BATS_TEST_TMPDIR/bad" "$1"
	s3_put "$FULL" "$BATS_TEST_TMPDIR/bad" "$OURS"
	new_machine
	mark_requests
}

@test "a truncated object of ours is deleted and bought again" {
	spoil 'b[:len(b) // 2]'
	corrupt
}

@test "a bit-flipped object of ours is deleted and bought again" {
	spoil 'b[:200] + bytes([b[200] ^ 4]) + b[201:]'
	corrupt
}

@test "sound gzip around a wrong hash is corrupt" {
	envelope 'content_sha256="0000000000000000000000000000000000000000000000000000000000000000"'
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz" "$OURS"
	tc fetch notes
	assert_status 3
	assert_stderr_has "corrupt"
	run ! s3_exists "$KEY"
}

# The hash of the packed bytes, which the store has, is a short cut to a yes.
@test "another checksum than the store's: the data's own hash decides" {
	tc push notes - <<<'{"a":1}'
	new_machine
	s3_fault '{"method":"GET","path":"notes","headers":{"x-amz-checksum-sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}'
	tc fetch notes --json
	assert_status 0
	assert_json '.entries[0].source == "remote" and .entries[0].data.a == 1 and .entries[0].degraded == []'
	envelope 'content_sha256="0000000000000000000000000000000000000000000000000000000000000000"'
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz" "$OURS"
	new_machine
	tc fetch notes
	assert_status 3
	assert_stderr_has "corrupt"
}

@test "an object that names another account than its key is corrupt" {
	envelope 'account_id="210987654321"'
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz" "$OURS"
	tc fetch notes
	assert_status 3
	assert_stderr_has "another account"
	run ! s3_exists "$KEY"
}

@test "a corrupt object without our headers is left alone" {
	envelope 'content_sha256="0000000000000000000000000000000000000000000000000000000000000000"'
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz"
	tc fetch notes
	assert_status 3
	s3_exists "$KEY"
}

@test "a corrupt object that is replaced in between is not deleted" {
	envelope
	echo broken >"$HOME/broken"
	s3_put "$KEY" "$HOME/broken" "$OURS"
	# Whether deletion is conditional is proved once; then the race.
	tc fetch notes
	assert_status 3
	s3_put "$KEY" "$HOME/broken" "$OURS"
	# The broken one is on its way to us when the good one takes its place.
	s3_fault '{"method":"GET","path":"notes","nth":[1],"delay":2}'
	"$TC_BIN" fetch notes >/dev/null 2>"$HOME/err" 3>&- &
	pid=$!
	sleep 0.7
	s3_put "$KEY" "$BATS_TEST_TMPDIR/envelope.gz" "$OURS"
	wait "$pid" || [ $? -eq 3 ]
	note_status fetch 3
	s3_exists "$KEY"
	tc fetch notes --json
	assert_status 0
	assert_json '.entries[0].source == "remote"'
}

@test "an object over the cap is a miss, and stays" {
	tc fetch full-data
	new_machine
	write_settings <<-'EOF'
		[default]
		max_object_size = 20K
	EOF
	mark_requests
	before=$(s3_etag "$FULL")
	tc fetch full-data --no-api
	assert_status 8
	assert_stderr_has max_object_size
	[ "$(s3_etag "$FULL")" = "$before" ]
	assert_count 0 s3_requests PUT cache-v1
}

@test "a gzip bomb ends at the cap" {
	python3 - "$HOME/bomb" <<-'PYTHON'
		import gzip, sys
		with gzip.open(sys.argv[1], "wb", 9) as f:
		    f.write(b'{"metadata":')
		    for _ in range(600):
		        f.write(b" " * (1 << 20))
	PYTHON
	s3_put "$KEY" "$HOME/bomb"
	tc fetch notes
	assert_status 8
	s3_exists "$KEY"
}

@test "a reader who may not delete reports a corrupt object and goes on" {
	echo broken >"$HOME/broken"
	s3_put "$KEY" "$HOME/broken" "$OURS"
	cat >"$HOME/policy" <<-EOF
		{"Version":"2012-10-17","Statement":[
		 {"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::$BUCKET"},
		 {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::$BUCKET/*"}]}
	EOF
	use_principal reader "$HOME/policy"
	tc fetch notes --account "$ACCOUNT"
	assert_status 3
	assert_stderr_has corrupt
	s3_exists "$KEY"
}
