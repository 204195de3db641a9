#!/bin/sh
# product.sh: is ./teamcache the kind of program that the README promises? Prints TAP.
set -u
program=./teamcache
# shellcheck source=tests/build/check.sh
. "$(dirname "$0")/check.sh"

no_interpreter()
{
	! segments | grep INTERP
}

no_library()
{
	! dynamic | grep NEEDED
}

segments()
{
	readelf -lW "$program" || echo 'INTERP LOAD RWE: nobody knows'
}

dynamic()
{
	readelf -dW "$program" || echo 'NEEDED: nobody knows'
}

is_static_pie()
{
	file -L "$program" | sed 's/^/# /' | tee "$tmp/file"
	grep -q 'static-pie linked, stripped' "$tmp/file" && readelf -hW "$program" | grep -q 'Type: *DYN' && dynamic | grep -q 'FLAGS_1.* PIE'
}

# What the loader wrote cannot be written again: relocations and the table of destructors.
relro()
{
	segments >"$tmp/segments" && grep -q GNU_RELRO "$tmp/segments" && dynamic | grep -q 'FLAGS).*NOW' && ! dynamic | grep TEXTREL
}

no_code_on_the_stack()
{
	segments | grep 'GNU_STACK' | grep -q ' RW '
}

no_writable_code()
{
	! segments | grep 'LOAD .* RWE '
}

# A function that has an array looks at its canary, which lies at %fs:40, when it begins and when it returns.
canaries()
{
	objdump -d --no-show-raw-insn "$program" | awk '
		/%fs:0x28/ { if (/\tmov /) begun++; else if (/\tsub |\tcmp |\txor /) looked++ }
		END { printf "# %d functions have a canary, which is looked at %d times\n", begun, looked; exit !(begun >= 500 && looked >= begun) }'
}

# The libraries cannot stand for ours.
canaries_in_each_room()
{
	for room in lib/*/; do
		nm -A "$objects/$room"*.o | grep -q ' U __stack_chk_fail$' || { printf '# none in %s\n' "$room"; return 1; }
	done
}

# Would the checks say so? Of a program that is none of it, each has to say no.
knows_a_soft_one()
{
	cat >"$tmp/soft.c" <<-'EOF'
		#include <stdio.h>
		int
		main(int argc, char **argv)
		{
			char text[64];

			(void)argc;
			return snprintf(text, sizeof text, "%s", argv[0]) < 0;
		}
	EOF
	gcc -O2 -fno-pie -fno-stack-protector -c -o "$tmp/obj/lib/soft/soft.o" "$tmp/soft.c" &&
		gcc -no-pie -Wl,-z,execstack,-z,norelro,-z,lazy -o "$tmp/soft" "$tmp/obj/lib/soft/soft.o" &&
		printf 'int main(void) { return 0; }\n' | gcc -x c - -nostdlib -static -Wl,-e,main,--omagic,--no-warn-rwx-segments -o "$tmp/softer" || return 1
	deaf=
	program=$tmp/soft
	for hard in no_interpreter no_library is_static_pie relro no_code_on_the_stack canaries; do
		"$hard" >"$tmp/said" 2>&1 && deaf="$deaf $hard"
	done
	program=$tmp/softer
	no_writable_code >"$tmp/said" 2>&1 && deaf="$deaf no_writable_code"
	program=./teamcache
	[ -z "$deaf" ] || { printf '# find nothing:%s\n' "$deaf"; return 1; }
	! nm "$tmp/obj/lib/soft/soft.o" | grep ' U __stack_chk_fail$'
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
mkdir -p "$tmp/obj/lib/soft"
objects=${BUILD:-build}/release/obj
trap 'rm -rf "$tmp"' EXIT
check 'asks for no interpreter' no_interpreter
check 'needs no library' no_library
check 'is static-pie and stripped' is_static_pie
check 'has relro and immediate binding' relro
check 'has a stack that holds no code' no_code_on_the_stack
check 'has no segment that is writable and executable' no_writable_code
check 'has canaries on its stack' canaries
check 'has them in each room' canaries_in_each_room
check 'a program that is soft is told from it' knows_a_soft_one
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
