#!/usr/bin/env bats
# Documents that are larger than the memory they are read in: checked piece by
# piece, and printed piece by piece once that is done (design section 14).

load helper

OURS=x-amz-meta-schema-version:1

setup() {
	isolate
	[ -z "$TC_STORE" ] || use_store proxied
	KEY=cache-v1/$ACCOUNT/$THIS_MONTH/notes.json.gz
	LARGE=$BATS_TEST_TMPDIR/large
	envelope
}

# envelope [SPOIL]: 12 MB that pack well, at $LARGE (the data), $LARGE.text and
# $LARGE.gz. SPOIL is Python, with the names that are here.
envelope() {
	PYTHONPATH=$BATS_TEST_DIRNAME python3 -B - "$LARGE" "${1:-pass}" <<-'PYTHON'
		import hashlib, sys, zlib
		from envelope import NOW as now, metadata, stamp, text as envelope
		path, spoil = sys.argv[1:]
		rows = (b'{"service":"Amazon Service %d","amount":"12.5\xe2\x82\xac"}' % (i % 97) for i in range(230000))
		raw = b"[" + b", ".join(rows) + b"]"
		meta = metadata(raw)
		def pack(text):
		    z = zlib.compressobj(6, zlib.DEFLATED, 31)
		    return z.compress(text) + z.flush()
		text = packed = None
		if not spoil.startswith("packed"):
		    exec(spoil)
		text = envelope(meta, raw)
		packed = pack(text)
		if spoil.startswith("packed"):
		    exec(spoil)
		for name, what in ("", raw), (".text", text), (".gz", packed):
		    open(path + name, "wb").write(what)
	PYTHON
}

# tight ARGUMENT...: in half the memory that the document takes, which the
# sanitizers would need a multiple of. Afterwards $status, $stderr and $OUT.
tight() {
	OUT=$BATS_TEST_TMPDIR/out
	status=0
	(
		[[ $TC_BIN == */asan/* ]] || ulimit -v 6144
		exec "$TC_BIN" "$@"
	) >"$OUT" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	note_status "$1" "$status"
}

# is_printed FILE: that, and an end of line.
is_printed() {
	cmp "$OUT" <(cat "$1" && echo)
}

@test "from S3, kept and not kept, and from this machine" {
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	tight fetch notes --no-local -vv
	[ "$status" -eq 0 ]
	is_printed "$LARGE"
	assert_stderr_has "asking S3 for 'notes'"
	[ -z "$(find "$CACHE_DIR" -name 'notes*')" ]
	tight fetch notes
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	is_printed "$LARGE"
	[ -z "$(find "$CACHE_DIR" -name '*tmp*')" ]
	assert_count 2 s3_requests GET notes
	tight fetch notes -vv
	[ "$status" -eq 0 ]
	[[ $stderr == *"'notes': the local copy is fresh"* ]]
	is_printed "$LARGE"
	assert_count 2 s3_requests GET notes
	tight fetch notes --revalidate
	[ "$status" -eq 0 ]
	is_printed "$LARGE"
	request_log | grep -q '304$'
	tight fetch notes --offline --format envelope
	[ "$status" -eq 0 ]
	is_printed "$LARGE.text"
	tc fetch notes --warm --json
	assert_json '.entries[0].source == "local" and .entries[0].etag != null'
}

@test "what push made of it, whose packed bytes alone are hashed" {
	"$TC_BIN" push notes "$LARGE"
	new_machine
	tight fetch notes
	[ "$status" -eq 0 ]
	is_printed "$LARGE"
	tc fetch notes --warm --json
	assert_json ".entries[0].source == \"local\" and .entries[0].bytes == $(stat -c %s "$LARGE")"
}

@test "its envelope, and where it is wanted as a whole" {
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	tight fetch notes --no-local --format envelope
	[ "$status" -eq 0 ]
	is_printed "$LARGE.text"
	"$TC_BIN" fetch notes --no-local --json | jq .entries[0].data >"$OUT"
	cmp "$OUT" <(jq . "$LARGE")
	"$TC_BIN" fetch notes --no-local -o "$HOME/file"
	cmp "$HOME/file" <(cat "$LARGE" && echo)
	# A limit that limits nothing would prove nothing.
	[[ $TC_BIN != */asan/* ]] || return 0
	tight fetch notes --no-local -o "$HOME/other"
	[ "$status" -eq 1 ]
	[[ $stderr == *"out of memory"* ]]
}

@test "on a terminal, which gets no control characters" {
	envelope 'raw = raw.replace(b"12.5", b"\x7f\xc2\x9b5"); meta.update(content_length=len(raw), content_sha256=hashlib.sha256(raw).hexdigest())'
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	OUT=$BATS_TEST_TMPDIR/out
	script -qec "'$TC_BIN' fetch notes --no-local" /dev/null </dev/null >"$OUT"
	cmp <(tr -d '\r' <"$OUT") <(LC_ALL=C sed 's/\x7f/\\u007f/g; s/\xc2\x9b/\\u009b/g' "$LARGE" && echo)
}

@test "stale, where that is allowed" {
	envelope 'meta["timestamp"] = stamp(now - 9000)'
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	tight fetch notes --no-local
	[ "$status" -eq 9 ]
	[ ! -s "$OUT" ]
	tight fetch notes --allow-stale
	[ "$status" -eq 0 ]
	[[ $stderr == *"printing the stale entry"* ]]
	is_printed "$LARGE"
}

@test "a newer one in S3, and a damaged one on this machine" {
	local copy
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	tight fetch notes
	envelope 'raw = raw.replace(b"12.5", b"13.5"); meta["content_sha256"] = hashlib.sha256(raw).hexdigest()'
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	tight fetch notes --revalidate
	[ "$status" -eq 0 ]
	is_printed "$LARGE"
	copy=$(find "$CACHE_DIR" -name 'notes.json')
	printf x | dd of="$copy" bs=1 seek=9000000 conv=notrunc status=none
	status=0
	"$TC_BIN" fetch notes --no-remote --no-api >"$OUT" || status=$?
	[ "$status" -eq 3 ]
	[ ! -s "$OUT" ]
	"$TC_BIN" fetch notes >"$OUT"
	is_printed "$LARGE"
	tight fetch notes --offline
	[ "$status" -eq 0 ]
	is_printed "$LARGE"
}

# spoilt SPOIL WORDS: nothing of it is printed or kept, and it is removed.
spoilt() {
	envelope "$1"
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	status=0
	"$TC_BIN" fetch notes >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	[ "$status" -eq 3 ]
	[[ $stderr == *"is corrupt: $2"* ]]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	[ -z "$(find "$CACHE_DIR" -name '*notes.json' -o -name '*tmp*')" ]
	run ! s3_exists "$KEY"
}

@test "broken in its middle or at its end" {
	spoilt 'packed = packed[:len(packed) // 2] + bytes([packed[len(packed) // 2] ^ 4]) + packed[len(packed) // 2 + 1:]' \
		"its gzip data is damaged"
	spoilt 'packed = packed[:-9] + packed[-8:]' "its gzip data is damaged"
	spoilt 'meta["content_sha256"] = "0" * 64' "its data does not have the hash"
	spoilt 'raw = raw[:-1] + b" "; meta["content_sha256"] = hashlib.sha256(raw).hexdigest()' "its data does not have the length"
	spoilt 'raw = raw[:-2]+b",]"; meta["content_length"] = len(raw); meta["content_sha256"] = hashlib.sha256(raw).hexdigest()' \
		"its data is no JSON"
	spoilt 'meta["data_type"] = "others"' "it names another account, type or period"
}

@test "stdout is full, or nobody reads it" {
	s3_put "$KEY" "$LARGE.gz" "$OURS"
	status=0
	"$TC_BIN" fetch notes --no-local >/dev/full 2>"$HOME/err" || status=$?
	[ "$status" -eq 1 ]
	grep -q 'standard output' "$HOME/err"
	mkfifo "$HOME/pipe"
	"$TC_BIN" fetch notes --no-local >"$HOME/pipe" 2>"$HOME/err" 3>&- &
	local pid=$!
	exec 4<"$HOME/pipe"
	head -c 100000 <&4 >/dev/null
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	exec 4<&-
	[ "$status" -eq 143 ]
	grep -q 'standard output' "$HOME/err"
}
