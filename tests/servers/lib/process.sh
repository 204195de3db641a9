# shellcheck shell=bash
# Starting and stopping the test servers' processes. To be sourced.

# processes_with ARGUMENT: the ids of the live processes that have exactly this
# argument. Servers carry their run directory in one, so that they are found
# even when their pid file is gone, and nobody else is.
processes_with() {
	# The argument goes by a file: grep must not find itself.
	grep -lzxF -f <(printf '%s\n' "$1") /proc/[0-9]*/cmdline 2>/dev/null |
		cut -d / -f 3
}

# stop_processes SIGNAL ARGUMENT: stops them, waits until they are gone (5 s
# at most, then KILL).
stop_processes() {
	local signal=$1 argument=$2 tries pids
	for ((tries = 0; tries < 250; tries++)); do
		mapfile -t pids < <(processes_with "$argument")
		[ ${#pids[@]} -gt 0 ] || return 0
		[ "$tries" -gt 0 ] || kill "-$signal" "${pids[@]}" 2>/dev/null
		sleep 0.02
	done
	kill -KILL "${pids[@]}" 2>/dev/null || true
}

# wait_for_file FILE PID SECONDS: until FILE is there; fails when the process
# ends first or the time is over.
wait_for_file() {
	local file=$1 pid=$2 tries=$(($3 * 50))
	while ((tries-- > 0)); do
		[ -s "$file" ] && return 0
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.02
	done
	return 1
}
