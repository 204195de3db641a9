#!/bin/bash
# What a browser makes of fetch --format html: TAP. Screenshots go to
# build/browser, to be looked at.
#
#   TEAMCACHE_CLOCK=PROGRAM tests/browser/run.sh
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(realpath "${TEAMCACHE_CLOCK:-$here/../../build/release/teamcache-clock}")
python=$(python3 -c "import sys; print(sys.executable)")
shots=$here/../../build/browser
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$shots"
export HOME=$home XDG_CACHE_HOME=$home/cache XDG_CONFIG_HOME=$home/config XDG_STATE_HOME=$home/state
export LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true TEST_NOW=2025-08-20T15:00:00Z
month=(--account 123456789012 --month 2025-08)

# page NAME [--hostile]: costs.py's figures as a page.
page() {
	local name=$1
	shift
	"$python" "$here/../cli/costs.py" full-data "$@" |
		"$program" push full-data - --local "${month[@]}" --timestamp 2025-08-20T14:26:40Z
	"$python" "$here/../cli/costs.py" forecast |
		"$program" push forecast - --local "${month[@]}" --timestamp 2025-08-20T14:26:40Z
	"$program" fetch full-data forecast --offline "${month[@]}" --format html -o "$home/$name.html"
}

page costs
page hostile --hostile
"$python" "$here/page.py" "$shots" "$home/costs.html" "$home/hostile.html"
