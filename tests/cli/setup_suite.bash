# shellcheck shell=bash
setup_suite() {
	if [ -z "${TC_RUN_DIR:-}" ]; then
		echo "the servers are started by tests/cli/run.sh; run that" >&2
		return 1
	fi
	if [ ! -x "$TC_BIN" ]; then
		echo "there is no program '$TC_BIN'; run make" >&2
		return 1
	fi
}
