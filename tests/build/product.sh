#!/bin/sh
# product.sh: is ./teamcache the kind of program that the README promises? Prints TAP.
set -u
program=./teamcache
# shellcheck source=tests/build/check.sh
. "$(dirname "$0")/check.sh"

no_interpreter()
{
	readelf -lW "$program" >"$tmp/segments" && ! grep INTERP "$tmp/segments"
}

no_library()
{
	readelf -dW "$program" >"$tmp/dynamic" && ! grep NEEDED "$tmp/dynamic"
}

is_static_pie()
{
	file -L "$program" | sed 's/^/# /' | tee "$tmp/file"
	grep -q 'static-pie linked, stripped' "$tmp/file"
}

hardened()
{
	grep -q GNU_RELRO "$tmp/segments" && grep -q 'FLAGS.*NOW' "$tmp/dynamic" && grep 'GNU_STACK' "$tmp/segments" | grep -q ' RW '
}

no_writable_code()
{
	! grep 'LOAD .* RWE ' "$tmp/segments"
}

small()
{
	size=$(wc -c <"$program")
	printf '# %s bytes\n' "$size"
	[ "$size" -le 1500000 ]
}

# A path of the build machine in the program would also be a difference between two machines.
no_paths()
{
	! grep -aFe "$PWD/lib/" -e "${XDG_CACHE_HOME:-$HOME/.cache}/" "$program" >/dev/null
}

# The SHA-256 of each certificate in the files, sorted.
fingerprints()
{
	cat "$@" | awk '
		{ i = index($0, "-----BEGIN CERTIFICATE-----"); if (i) { $0 = substr($0, i); inside = 1; text = "" } }
		inside { text = text $0 "\n" }
		inside && /-----END CERTIFICATE-----/ { inside = 0; print text | decode; close(decode) }
	' decode='openssl x509 -outform DER | sha256sum | cut -d" " -f1' | sort
}

# Neither more nor less than the roots that AWS names, as Debian has them.
believes_amazon()
{
	package=$(vendor/fetch.sh | awk '$1 == "ca-certificates" { print $3 }') || return 1
	dpkg-deb -x "$package" "$tmp/ca" || return 1
	grep -ao -e '-----BEGIN CERTIFICATE-----$' -e '-----END CERTIFICATE-----$' -e '^[A-Za-z0-9+/=]\{1,64\}$' "$program" >"$tmp/anchors"
	fingerprints "$tmp/anchors" >"$tmp/ours"
	fingerprints "$tmp"/ca/usr/share/ca-certificates/mozilla/Amazon_*.crt "$tmp"/ca/usr/share/ca-certificates/mozilla/Starfield_*.crt \
		>"$tmp/debian"
	printf '# %s roots\n' "$(wc -l <"$tmp/ours")"
	[ "$(wc -l <"$tmp/ours")" -ge 5 ] && diff "$tmp/ours" "$tmp/debian"
}

runs_alone()
{
	mkdir "$tmp/root" && cp "$program" "$tmp/root/teamcache" && chroot "$tmp/root" /teamcache version >"$tmp/version" && grep -q teamcache "$tmp/version"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
check 'asks for no interpreter' no_interpreter
check 'needs no library' no_library
check 'is static-pie and stripped' is_static_pie
check 'has relro, immediate binding and a stack that holds no code' hardened
check 'has no segment that is writable and executable' no_writable_code
check 'is at most 1.5 MB' small
check 'names no path of the machine that built it' no_paths
check "believes Debian's Amazon and Starfield roots, and no other" believes_amazon
if [ "$(id -u)" -eq 0 ]; then
	check 'runs in a root directory that holds nothing else' runs_alone
else
	n=$((n + 1))
	printf 'ok %s - runs in a root directory that holds nothing else # SKIP chroot needs root\n' "$n"
fi
printf '1..%s\n' "$n"
