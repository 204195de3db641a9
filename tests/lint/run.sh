#!/bin/sh
# run.sh: what `make lint` checks. First that each rule still finds what it is there for, then the tree.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/self-test.sh"
exec python3 -B "$here/lint.py"
