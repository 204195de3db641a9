#!/bin/bash
# What teamcache costs beside what a user would take instead, as ratios in one
# run on this machine: medians over runs that take turns (race.c). S3 is the
# real one of the tests. Exit status 1 when a budget of the table is missed.
#
#   run.sh [ROUNDS]
#
# BENCH names the parts that are run, of these; all of them without it:
#   local     an answer from the local disk, 1 KB to 100 MB
#   remote    one from S3, beside other tools
#   tls       the same over TLS; what the trust store costs
#   memory    of 100 MB, fetched and pushed
#   distance  servers 10 and 50 ms away: round trips
#   batch     1 to 10,000 entries at once
#   stampede  10 to 1,000 processes and one cold key
#   binary    its size
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servers=$here/../servers
# shellcheck source=table.sh
. "$here/table.sh"
# shellcheck source=world.sh
. "$here/world.sh"
# shellcheck disable=SC2034 # for the parts
teamcache=${TEAMCACHE:?} anchored=${TEAMCACHE_ANCHORS:?} curl=${BENCH_CURL:?}
rounds=${1:-200}
parts=(local remote tls memory distance batch stampede binary)

chosen=("${parts[@]}")
[ -z "${BENCH:-}" ] || read -ra chosen <<<"$BENCH"
for part in "${chosen[@]}"; do
	[[ " ${parts[*]} " == *" $part "* ]] || {
		echo "bench: there is no part '$part'; the parts are: ${parts[*]}" >&2
		exit 2
	}
done

work=$(mktemp -d)
trap end_world EXIT
begin_world
echo "bench: medians in microseconds of up to $rounds rounds; $(nproc) processors"
for part in "${chosen[@]}"; do
	began=$SECONDS
	# shellcheck source=/dev/null
	. "$here/parts/$part.sh"
	printf '# %s: %d s\n' "$part" $((SECONDS - began))
done
[ "$wanting" -eq 0 ] || echo "bench: $wanting kinds of rows could not be had here"
echo "bench: $SECONDS s, load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "bench: $met passed, $missed failed"
[ "$missed" -eq 0 ]
