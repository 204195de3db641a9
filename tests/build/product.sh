#!/bin/sh
# product.sh: is ./teamcache the kind of program that the README promises? Prints TAP.
set -u
program=./teamcache
n=0

check()
{
	what=$1
	shift
	n=$((n + 1))
	if "$@"; then
		printf 'ok %s - %s\n' "$n" "$what"
	else
		printf 'not ok %s - %s\n' "$n" "$what"
	fi
}

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
if [ "$(id -u)" -eq 0 ]; then
	check 'runs in a root directory that holds nothing else' runs_alone
else
	n=$((n + 1))
	printf 'ok %s - runs in a root directory that holds nothing else # SKIP chroot needs root\n' "$n"
fi
printf '1..%s\n' "$n"
