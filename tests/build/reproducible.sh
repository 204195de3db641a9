#!/bin/sh
# reproducible.sh: build the tree twice from nothing, in folders of different names and lengths, and compare the bytes of what is packed.
# Prints TAP.
# The vendored libraries are built twice too when TEAMCACHE_REPRO_VENDOR=1, each time in a cache of its own (the archives are shared).
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cache=${XDG_CACHE_HOME:-$HOME/.cache}
mkdir "$tmp/tree"
cp -R Makefile README.md teamcache.c lib vendor completions "$tmp/tree/"
for folder in a/one some/longer/name/two; do
	mkdir -p "$(dirname "$tmp/$folder")"
	cp -R "$tmp/tree" "$tmp/$folder"
	if [ "${TEAMCACHE_REPRO_VENDOR:-0}" = 1 ]; then
		export XDG_CACHE_HOME="$tmp/$folder/cache" VENDOR_DIR="${VENDOR_DIR:-$cache/teamcache-vendor/src}"
	fi
	if ! env -u MAKEFLAGS -u MAKELEVEL make -C "$tmp/$folder" dist >"$tmp/log" 2>&1; then
		sed 's/^/# /' "$tmp/log" | tail -n 20
		printf 'not ok 1 - %s builds\n1..1\n' "$folder"
		exit 1
	fi
	sha256sum <"$(echo "$tmp/$folder"/build/dist/*.tar.gz)" >>"$tmp/sums"
done
sed 's/^/# /' "$tmp/sums"
if [ "$(sort -u "$tmp/sums" | wc -l)" -eq 1 ]; then
	printf 'ok 1 - two builds in two folders give the same bytes\n'
else
	printf 'not ok 1 - two builds in two folders give the same bytes\n'
fi
printf '1..1\n'
