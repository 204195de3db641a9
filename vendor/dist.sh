#!/bin/sh
# dist.sh DIR SOURCES: pack what `make install` installs, README.md and docs, into DIR: NAME.tar.gz, what it consists of (NAME.spdx.json) and the
# SHA-256 of both (NAME.sha256). The same tree gives the same bytes: no owner, order, mode or time of this machine gets in.
# All times are the day of the version, or SOURCE_DATE_EPOCH.
set -eu
export LC_ALL=C
mkdir -p "$1"
dir=$(cd "$1" && pwd)
sources=$2
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

app()
{
	sed -n "s/^#define APP_$1 \"\(.*\)\"$/\1/p" lib/base/app.h
}

version=$(app VERSION)
epoch=${SOURCE_DATE_EPOCH:-$(date -u -d "$(app DATE)" +%s)}
name=teamcache-$version-linux-$(uname -m)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
trap 'exit 1' HUP INT TERM

${MAKE:-make} --no-print-directory -s install DESTDIR="$tree" PREFIX="/$name"
install -D -m 644 README.md "$tree/$name/share/doc/teamcache/README.md"
install -D -m 644 lib/creds/credentials.md "$tree/$name/share/doc/teamcache/credentials.md"
tar -C "$tree" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --mode=u=rwX,go=rX --format=ustar -cf "$tree/tar" "$name"
gzip -9n <"$tree/tar" >"$dir/$name.tar.gz"
"$here/sbom.sh" "$sources" "$tree/$name/bin/teamcache" "$version" "$epoch" >"$dir/$name.spdx.json"
cd "$dir"
sha256sum "$name.tar.gz" "$name.spdx.json" >"$name.sha256"
printf '%s\n' "$dir/$name.tar.gz" "$dir/$name.spdx.json" "$dir/$name.sha256"
