#!/bin/bash
# The command-line tests, against real servers.
#
#   tests/cli/run.sh [--store moto|ceph] [--filter REGEX] [--jobs N] [FILE...]
#
# NAME.both.bats runs against moto and against Ceph's gateway, NAME.moto.bats
# and NAME.ceph.bats against one of them, any other NAME.bats once with no
# store. The servers are started here, on free ports, and end with this script
# however it ends. A test whose server could not be started is reported as
# skipped, with the reason.
#
# At the end: the exemptions, the matrix of commands and exit statuses (a whole
# run must have met exactly the pairs of matrix.txt), and a line of counts.
#
# TC_BIN, TC_CLOCK_BIN, TC_ANCHORS_BIN, TC_STARVED_BIN: the programs to test; TC_KILL_AT: kill_at.c. TC_KEEP=DIR: keep
# logs there.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
servers=$here/../servers

usage() {
	sed -n '4s/^# */usage: /p' "${BASH_SOURCE[0]}" >&2
	exit 2
}

stores="moto ceph"
filter=
jobs=
files=()
while [ $# -gt 0 ]; do
	case $1 in
	--store)
		[[ ${2:-} =~ ^(moto|ceph)$ ]] || usage
		stores=$2 && shift 2
		;;
	--filter) filter=${2:?} && shift 2 ;;
	--jobs) jobs=${2:?} && shift 2 ;;
	-*) usage ;;
	*)
		[ -f "$1" ] || {
			echo "cli: no file '$1'" >&2
			exit 2
		}
		files+=("$(realpath "$1")") && shift
		;;
	esac
done
whole_run=
if [ ${#files[@]} -eq 0 ]; then
	files=("$here"/*.bats)
	[ -n "$filter" ] || [ "$stores" != "moto ceph" ] || whole_run=yes
fi
if [ -z "$jobs" ]; then
	jobs=1
	! command -v parallel >/dev/null || jobs=$(nproc)
fi

for tool in bats curl jq openssl python3; do
	command -v "$tool" >/dev/null || {
		echo "cli: '$tool' is missing; apt-get install bats curl jq openssl python3" >&2
		exit 1
	}
done

absolute() {
	case $1 in
	/*) echo "$1" ;;
	*) echo "$root/$1" ;;
	esac
}
TC_BIN=$(absolute "${TC_BIN:-${TEAMCACHE:-teamcache}}")
TC_CLOCK_BIN=$(absolute "${TC_CLOCK_BIN:-${TEAMCACHE_CLOCK:-build/release/teamcache-clock}}")
TC_ANCHORS_BIN=$(absolute "${TC_ANCHORS_BIN:-${TEAMCACHE_ANCHORS:-build/release/teamcache-anchors}}")
TC_KILL_AT=$(absolute "${TC_KILL_AT:-${TEAMCACHE_KILL_AT:-build/release/kill-at}}")
TC_STARVED_BIN=$(absolute "${TC_STARVED_BIN:-${TEAMCACHE_STARVED:-build/release/teamcache-starved}}")
TC_PYTHON=$(python3 -c 'import sys; print(sys.executable)')
TC_RUN_DIR=$(mktemp -d "${TMPDIR:-/tmp}/teamcache-cli.XXXXXX")
TC_MATRIX=$TC_RUN_DIR/matrix
TC_EXEMPTIONS=$TC_RUN_DIR/exemptions
TC_CEPH_DIR=$TC_RUN_DIR/ceph
BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-300}
export TC_BIN TC_CLOCK_BIN TC_ANCHORS_BIN TC_STARVED_BIN TC_KILL_AT TC_PYTHON TC_RUN_DIR TC_MATRIX TC_EXEMPTIONS
export TC_CEPH_DIR BATS_TEST_TIMEOUT
touch "$TC_MATRIX" "$TC_EXEMPTIONS"

bats_group=
ceph_start=
# shellcheck disable=SC2317 # called by the traps
clean_up() {
	trap - EXIT INT TERM HUP
	[ -z "$bats_group" ] || kill -TERM -- "-$bats_group" 2>/dev/null
	[ -z "$ceph_start" ] || kill "$ceph_start" 2>/dev/null
	local server
	for server in fault moto ceph; do
		"$servers/$server/stop" "$TC_RUN_DIR/$server"
	done
	if [ -n "${TC_KEEP:-}" ]; then
		mkdir -p "$TC_KEEP"
		cp -r "$TC_RUN_DIR/." "$TC_KEEP"
	fi
	rm -rf "$TC_RUN_DIR"
}
trap clean_up EXIT
trap 'clean_up; exit 130' INT
trap 'clean_up; exit 143' TERM HUP

# select_files PASS: the chosen files that belong to a pass.
select_files() {
	local file
	for file in "${files[@]}"; do
		[ -f "$file" ] || continue
		case $1:$file in
		moto:*.both.bats | moto:*.moto.bats) echo "$file" ;;
		ceph:*.both.bats | ceph:*.ceph.bats) echo "$file" ;;
		*:*.both.bats | *:*.moto.bats | *:*.ceph.bats) ;;
		plain:*) echo "$file" ;;
		esac
	done
}

# start_server NAME: its KEY=VALUE lines are in NAME.env, or the reason why
# there are none in NAME.reason.
start_server() {
	local name=$1 log=$TC_RUN_DIR/$1.start
	if "$servers/$name/start" "$TC_RUN_DIR/$name" --owner $$ \
		>"$TC_RUN_DIR/$name.env" 2>"$log"; then
		return 0
	fi
	tail -n 1 "$log" | sed "s/^$name: //" >"$TC_RUN_DIR/$name.reason"
	[ -s "$TC_RUN_DIR/$name.reason" ] ||
		echo "did not start" >"$TC_RUN_DIR/$name.reason"
	sed "s/^/# /" "$log" >&2
	return 1
}

value_of() {
	sed -n "s/^$2=//p" "$TC_RUN_DIR/$1.env"
}

missing() {
	cat "$TC_RUN_DIR/$1.reason" 2>/dev/null
}

# run_pass NAME STORE
run_pass() {
	local pass=$1 store=$2 began=$SECONDS selected arguments
	mapfile -t selected < <(select_files "$pass")
	[ ${#selected[@]} -gt 0 ] || return 0
	echo "# $pass: ${#selected[@]} files, $jobs at a time"
	arguments=(--formatter tap --timing --jobs "$jobs")
	[ "$jobs" -gt 1 ] || arguments=(--formatter tap --timing)
	[ -z "$filter" ] || arguments+=(--filter "$filter")
	: >"$TC_RUN_DIR/tap.$pass"
	TC_STORE=$store setsid bats "${arguments[@]}" "${selected[@]}" \
		</dev/null >"$TC_RUN_DIR/tap.$pass" 2>&1 &
	bats_group=$!
	tail -q -n +1 -f --pid="$bats_group" -s 0.2 "$TC_RUN_DIR/tap.$pass"
	wait "$bats_group"
	local status=$?
	bats_group=
	count_pass "$pass" "$status"
	echo "# $pass: $((SECONDS - began)) s"
}

passed=0
failed=0
skipped=0
exempted=0

# count_pass NAME BATS-STATUS: adds up what the TAP of a pass says.
count_pass() {
	local tap=$TC_RUN_DIR/tap.$1 planned results
	local ok not_ok skip exempt
	planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$tap" | head -n 1)
	ok=$(grep -c '^ok ' "$tap")
	not_ok=$(grep -c '^not ok ' "$tap")
	exempt=$(grep -c '^ok .* # skip EXEMPT ' "$tap")
	skip=$(($(grep -c '^ok .* # skip' "$tap") - exempt))
	results=$((ok + not_ok))
	# Tests that were planned and never reported, and a runner that failed
	# without any test's fault, count as failures.
	if [ "$results" -lt "${planned:-0}" ]; then
		echo "# $1: $((planned - results)) of $planned tests were not run" >&2
		not_ok=$((not_ok + planned - results))
	elif [ "$2" -ne 0 ] && [ "$not_ok" -eq 0 ]; then
		echo "# $1: bats failed with status $2" >&2
		not_ok=1
	fi
	passed=$((passed + ok - skip - exempt))
	failed=$((failed + not_ok))
	skipped=$((skipped + skip))
	exempted=$((exempted + exempt))
}

print_exemptions() {
	[ -s "$TC_EXEMPTIONS" ] || return 0
	echo "# exempted: $exempted"
	sort -u "$TC_EXEMPTIONS" | while IFS=$'\t' read -r store test reason; do
		printf '#   %-5s %s\n#         because: %s\n' "$store" "$test" "$reason"
	done
}

# The pairs of matrix.txt: a command and its statuses on each line.
expected_pairs() {
	[ -r "$here/matrix.txt" ] || return 0
	sed 's/#.*//' "$here/matrix.txt" |
		awk '{ for (i = 2; i <= NF; i++) print $1, $i }' | sort -u
}

print_matrix() {
	[ -s "$TC_MATRIX" ] || return 0
	echo "# runs by command and exit status"
	sort "$TC_MATRIX" | uniq -c | awk '
		{ count[$2, $3] = $1; commands[$2]; statuses[$3] }
		END {
			n = 0
			for (status in statuses) order[++n] = status + 0
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && order[j] < order[j - 1]; j--) {
					t = order[j]; order[j] = order[j - 1]; order[j - 1] = t
				}
			line = sprintf("#   %-14s", "")
			for (i = 1; i <= n; i++) line = line sprintf("%6s", order[i])
			print line
			for (command in commands) {
				line = sprintf("#   %-14s", command)
				for (i = 1; i <= n; i++)
					line = line sprintf("%6s", ((command, order[i]) in count) \
						? count[command, order[i]] : ".")
				print line | "sort"
			}
		}'
}

# A whole run must have met every pair that can occur, and no other.
check_matrix() {
	local met=$TC_RUN_DIR/met expected=$TC_RUN_DIR/expected missed unknown
	[ -n "$whole_run" ] && [ -r "$here/matrix.txt" ] || return 0
	sort -u "$TC_MATRIX" >"$met"
	expected_pairs >"$expected"
	missed=$(comm -13 "$met" "$expected")
	unknown=$(comm -23 "$met" "$expected")
	[ -z "$missed" ] ||
		printf '# no test has: %s\n' "${missed//$'\n'/, }"
	[ -z "$unknown" ] ||
		printf '# not in matrix.txt: %s\n' "${unknown//$'\n'/, }"
	[ -z "$missed$unknown" ]
}

began=$SECONDS
needed=fault
moto_files=$(select_files moto)
ceph_files=$(select_files ceph)
[[ $stores == *moto* ]] || moto_files=
[[ $stores == *ceph* ]] || ceph_files=
[ -z "$moto_files$ceph_files" ] || needed+=" moto"
if [ -n "$ceph_files" ]; then
	# It takes longest: under way while the others are in use.
	start_server ceph &
	ceph_start=$!
fi
for server in $needed; do
	start_server "$server"
done
if [ -z "$moto_files$ceph_files" ]; then
	echo "no test asked for it" >"$TC_RUN_DIR/moto.reason"
fi
TC_MISSING_fault=$(missing fault)
TC_MISSING_moto=$(missing moto)
export TC_MISSING_fault TC_MISSING_moto TC_MISSING_ceph=
[ -n "$TC_MISSING_fault" ] || TC_FAULT_URL=$(value_of fault FAULT_CONTROL_URL)
[ -n "$TC_MISSING_moto" ] || TC_MOTO_URL=$(value_of moto AWS_URL)
export TC_FAULT_URL TC_MOTO_URL

run_pass plain ""
[ -z "$moto_files" ] || run_pass moto moto
if [ -n "$ceph_files" ]; then
	wait "$ceph_start"
	ceph_start=
	TC_MISSING_ceph=$(missing ceph)
	if [ -z "$TC_MISSING_ceph" ]; then
		TC_CEPH_URL=$(value_of ceph S3_URL)
		TC_CEPH_TLS_URL=$(value_of ceph S3_TLS_URL)
		TC_CEPH_CA=$(value_of ceph CA_FILE)
	fi
	export TC_CEPH_URL TC_CEPH_TLS_URL TC_CEPH_CA
	run_pass ceph ceph
fi

print_exemptions
print_matrix
status=0
check_matrix || status=1
if [ $((passed + failed + skipped + exempted)) -eq 0 ]; then
	echo "# no test was run" >&2
	status=1
fi
[ "$failed" -eq 0 ] || status=1
echo "# $((SECONDS - began)) s, exempted $exempted"
echo "cli: $passed passed, $failed failed, $skipped skipped"
exit $status
