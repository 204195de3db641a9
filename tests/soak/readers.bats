#!/usr/bin/env bats
# A thousand readers and writers of one local key, for a minute (PROCESSES,
# SECONDS_LONG: a shorter run).

load ../cli/helper

@test "readers and writers of one local key: whole documents alone" {
	isolate
	run_product "$TC_PYTHON" "$BATS_TEST_DIRNAME/../cli/readers.py" \
		"${PROCESSES:-1000}" "${SECONDS_LONG:-60}" "$TC_BIN" --account "$ACCOUNT"
	show_run
	assert_status 0
	echo "# $output" >&3
	[ -z "$(find "$CACHE_DIR" -name '*tmp*')" ]
}
