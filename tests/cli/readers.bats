#!/usr/bin/env bats
# One local key, read and written by many at once: each reader sees one whole
# document. The soak has a thousand of them, for a minute.

load helper

@test "fifty at once, readers and writers of one key" {
	isolate
	run_product "$TC_PYTHON" "$BATS_TEST_DIRNAME/readers.py" 50 3 "$TC_BIN" --account "$ACCOUNT"
	show_run
	assert_status 0
	[ -z "$(find "$CACHE_DIR" -name '*tmp*')" ]
}
