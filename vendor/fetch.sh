#!/bin/sh
# fetch.sh: obtain and verify what pins names, and print a line "PART VERSION FILE..." for each part.
#
# Files are looked for in VENDOR_DIR when it is set (then nothing is downloaded), else in the cache, else on the machine's own Debian mirror.
# What is downloaded is authenticated by apt. What is brought by hand is checked against pins, which knows upstream's archives only.
# The cache's folder src has the shape that VENDOR_DIR wants. Remove it to look for newer Debian revisions.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/teamcache-vendor
dir=${VENDOR_DIR:-$cache/src}
arch=$(dpkg --print-architecture)
tmp=

die()
{
	printf 'vendor: %s\n' "$*" >&2
	exit 1
}

say()
{
	printf 'vendor: %s\n' "$*" >&2
}

sha256()
{
	sha256sum "$1" | cut -d' ' -f1
}

parts()
{
	sed -e 's/#.*//' -e '/^ *$/d' "$here/pins"
}

# The newest file of $dir whose name matches the glob in $1; nothing if none.
newest()
{
	# shellcheck disable=SC2086 # the glob must expand; the names are Debian's and hold no blanks
	(cd "$dir" 2>/dev/null && set -- $1 && [ -e "$1" ] && printf '%s\n' "$@" | sort -V | tail -n 1) || :
}

# Sets $orig (upstream's archive) and $extra (Debian's part of it, or the package) to what $dir has, or to nothing.
look()
{
	orig=
	extra=
	case $kind in
	binary) extra=$(newest "${part}_${version}[-_]*.deb") ;;
	patched) extra=$(newest "${part}_${version}-*.debian.tar.*") ;;
	esac
	[ "$kind" = binary ] && return
	orig=$(newest "${part}_${version}.orig.tar.[gx]z")
	[ -n "$orig" ] || return 0
	got=$(sha256 "$dir/$orig")
	[ "$got" = "$sha" ] && return
	[ -z "${VENDOR_DIR:-}" ] || die "'$dir/$orig' is not the archive that vendor/pins names: SHA-256 is $got, expected $sha"
	rm -f "$dir/$orig"
	orig=
}

have()
{
	look
	case $kind in
	plain) [ -n "$orig" ] ;;
	patched) [ -n "$orig" ] && [ -n "$extra" ] ;;
	binary) [ -n "$extra" ] ;;
	esac
}

# The parts that are still missing, by name.
missing()
{
	parts | while read -r part kind version sha _; do
		have || printf '%s ' "$part"
	done
}

# Private apt settings for the suites in $@: the mirrors of the machine's own settings with the suite's name replaced.
apt_setup()
{
	mkdir -p "$tmp/apt/parts" "$tmp/apt/lists/partial" "$tmp/apt/cache/archives/partial"
	: >"$tmp/apt/status"
	# shellcheck disable=SC1091 # another package's file
	codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-none}")
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --no-release-info --format '$(SITE) $(RELEASE) $(COMPONENT)' |
		awk -v own="$codename" '$3 == "main" && $2 ~ "^(" own "|stable|oldstable|testing|unstable|sid)(-updates|-security|/updates)?$" {
			print $1, ($2 ~ /security|\/updates/ ? "security" : "main") }' | sort -u >"$tmp/sites"
	for suite; do
		case $suite in *-security) want=security ;; *) want=main ;; esac
		awk -v suite="$suite" -v want="$want" '$2 == want {
			print "Types: deb deb-src\nURIs: " $1 "\nSuites: " suite "\nComponents: main"
			print "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n" }' "$tmp/sites"
	done >"$tmp/apt/parts/vendor.sources"
}

# Run an apt program ($1) with the private settings. The machine's own are read too (proxies), its sources and lists are not touched.
apt_with()
{
	program=$1
	shift
	"$program" -qq -o APT::Sandbox::User=root -o Acquire::Languages=none -o Dir::Etc::sourcelist=/dev/null \
		-o Dir::Etc::sourceparts="$tmp/apt/parts" -o Dir::State::lists="$tmp/apt/lists" \
		-o Dir::Cache="$tmp/apt/cache" -o Dir::State::status="$tmp/apt/status" "$@"
}

# Everything that the suites in $@ offer: lines "PACKAGE VERSION FILE SHA256 URI", from indexes that apt has verified.
offers()
{
	apt_setup "$@"
	apt_with apt-get update >"$tmp/update.log" 2>&1 || say "some of the lists could not be had: $(grep -m1 '^E:' "$tmp/update.log")"
	# shellcheck disable=SC2016 # apt fills these in
	apt_with apt-get indextargets --format '$(CREATED_BY) $(SITE) $(FILENAME)' | sort -u | while read -r type site list; do
		[ "$type" = Sources ] || [ "$type" = Packages ] || continue
		apt_with /usr/lib/apt/apt-helper cat-file "$list" | awk -v site="$site" -v type="$type" '
			/^Package: / { package = $2 }
			/^Version: / { version = $2; sub(/^[0-9]+:/, "", version) }
			/^Directory: / { where = $2 }
			/^Filename: / { where = $2; file = $2; sub(/.*\//, "", file) }
			/^SHA256: / && type == "Packages" { sum[file] = $2 }
			/^[A-Za-z]/ { block = $1 }
			/^ / && block == "Checksums-Sha256:" { sum[$3] = $1 }
			/^$/ {
				for (file in sum) {
					path = type == "Packages" ? where : where "/" file
					gsub(/\+/, "%2b", path)
					gsub(/~/, "%7e", path)
					print package, version, file, sum[file], site "/" path
				}
				split("", sum)
			}'
	done
}

# Download the first of the offered files on stdin that is to be had (newest version first) into the cache.
first_of()
{
	sort -k2,2Vr | while read -r _ _ file sum uri; do
		if apt_with /usr/lib/apt/apt-helper download-file "$uri" "$tmp/new" "SHA256:$sum" >"$tmp/download.log" 2>&1; then
			mv "$tmp/new" "$dir/$file"
			say "got $file"
			break
		fi
		say "$file: $(sed -n 's/^E: Failed to fetch [^ ]* *//p' "$tmp/download.log" | head -n 1); trying what comes next"
	done
}

download()
{
	offers "$@" >"$tmp/offers"
	parts | while read -r part kind version sha _; do
		have && continue
		case $kind in
		binary)
			awk -v p="$part" -v v="$version" -v a="$arch" '$1 == p && $3 ~ "_(" a "|all)[.]deb$" &&
				(v == "*" || index($2, v "-") == 1)' "$tmp/offers" | first_of
			continue
			;;
		esac
		[ -n "$orig" ] || awk -v p="$part" -v s="$sha" '$1 == p && $4 == s' "$tmp/offers" | first_of
		[ "$kind" = plain ] || [ -n "$extra" ] ||
			awk -v p="$part" -v v="$version" '$1 == p && index($2, v "-") == 1 && $3 ~ /[.]debian[.]tar[.]/' "$tmp/offers" | first_of
	done
}

explain()
{
	say "these files are missing in '$dir':"
	parts | while read -r part kind version sha _; do
		have && continue
		case $kind in
		binary) printf '  %s_%s-*.deb (%s or all)\n' "$part" "$version" "$arch" ;;
		*)
			[ -n "$orig" ] || printf '  %s_%s.orig.tar.*  SHA-256 %s\n' "$part" "$version" "$sha"
			[ "$kind" = plain ] || [ -n "$extra" ] || printf '  %s_%s-*.debian.tar.xz\n' "$part" "$version"
			;;
		esac
	done >&2
	cat >&2 <<-EOT
	To get them: run 'make vendor' on a Debian machine that reaches a mirror, and copy its folder ${XDG_CACHE_HOME:-~/.cache}/teamcache-vendor/src;
	or take them from pool/main/ of any Debian mirror, or from Debian's snapshot archive (suite trixie).
	Then: make VENDOR_DIR=/where/they/are
	EOT
	exit 1
}

if [ -n "${VENDOR_DIR:-}" ]; then
	dir=$(cd "$VENDOR_DIR" 2>/dev/null && pwd) || die "VENDOR_DIR is '$VENDOR_DIR', which is not a folder that can be read"
else
	mkdir -p "$dir"
	exec 9>"$cache/fetch.lock"
	flock 9
	tmp=$(mktemp -d "$cache/fetch.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM
	# The second round costs as much as the first and is rarely needed: a mirror that lags behind, or one that has lost a single file.
	lack=$(missing)
	[ -z "$lack" ] || download trixie-security trixie trixie-updates
	lack=$(missing)
	[ -z "$lack" ] || download sid bookworm bookworm-security
fi
lack=$(missing)
[ -z "$lack" ] || explain
parts | while read -r part kind version sha _; do
	look
	case $kind in
	plain) shown=$version ;;
	patched) shown=${extra#"${part}"_} shown=${shown%.debian.tar.*} ;;
	binary) shown=${extra#"${part}"_} shown=${shown%_*} ;;
	esac
	printf '%s %s' "$part" "$shown"
	for file in $orig $extra; do
		printf ' %s' "$dir/$file"
	done
	printf '\n'
done
