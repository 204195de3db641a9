#!/bin/sh
# build.sh VARIANT LINK: build what fetch.sh brings, in the cache, and make LINK point to the result (include/, lib/, bin/).
#
#   musl   for the product
#   glibc  for runs under sanitizers and valgrind, which want glibc
#   curl   the curl tool with --aws-sigv4, static, as a peer in benchmarks; nothing of it gets into the product
#
# A result is kept under a name made from all that went into it, so equal inputs are built once and never over one another.
set -eu
umask 022
variant=$1
case $2 in
/*) link=$2 ;;
*) link=$PWD/$2 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/teamcache-vendor
jobs=$(nproc)

die()
{
	printf 'vendor: %s\n' "$*" >&2
	exit 1
}

case $cache in
*[[:space:]]*) die "the cache's path '$cache' holds a blank, which configure scripts cannot bear; set XDG_CACHE_HOME" ;;
esac
case $variant in
musl | glibc | curl) ;;
*) die "unknown variant '$variant' (musl, glibc or curl)" ;;
esac

parts=$("$here/fetch.sh")
# shellcheck disable=SC2086 # file names without blanks
key=$({
	gcc -v 2>&1 | tail -n 1
	cat "$here/build.sh" "$here/musl.specs.in"
	printf '%s\n' "$variant" "$parts" | sed 's| /[^ ]*/| |g'
	printf '%s\n' "$parts" | cut -d' ' -f3- | xargs sha256sum | cut -d' ' -f1
} | sha256sum | cut -c1-16)
prefix=$cache/build/$variant-$key

use()
{
	mkdir -p "$(dirname "$link")"
	ln -sfn "$prefix" "$link"
	exit 0
}

mkdir -p "$cache/build"
exec 8>"$cache/build-$variant.lock"
flock 8
[ ! -d "$prefix" ] || use

work=$(mktemp -d "$cache/work.XXXXXX")
out=$work/out
log=$cache/$variant.log
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$out/include" "$out/lib"
: >"$log"
start=$(date +%s)
# Neither the time nor the machine's libraries may decide what is built.
unset CFLAGS CPPFLAGS LDFLAGS LIBS MAKEFLAGS MFLAGS MAKELEVEL
export SOURCE_DATE_EPOCH=0 LC_ALL=C PKG_CONFIG=false CONFIG_SHELL=/bin/sh

version_of()
{
	printf '%s\n' "$parts" | awk -v part="$1" '$1 == part { print $2 }'
}

file_of()
{
	printf '%s\n' "$parts" | awk -v part="$1" -v which="$2" '$1 == part { print $(2 + which) }'
}

# Run a step with its output in the log; say where it stopped if it does.
step()
{
	printf '+ %s\n' "$*" >>"$log"
	"$@" >>"$log" 2>&1 && return
	tail -n 30 "$log" >&2
	die "building $variant failed at '$*'; the whole log is '$log'"
}

# Unpack a part to $work/PART and apply Debian's patches in the order of their series.
unpack()
{
	mkdir -p "$work/$1"
	tar -xf "$(file_of "$1" 1)" -C "$work/$1" --strip-components=1 --no-same-owner
	patches=$(file_of "$1" 2)
	if [ -n "$patches" ]; then
		tar -xf "$patches" -C "$work/$1" --no-same-owner
		series=$work/$1/debian/patches/series
		[ ! -e "$series" ] || sed -e 's/ *#.*//' -e '/^$/d' "$series" >"$work/series"
		[ -e "$series" ] || : >"$work/series"
		while read -r name; do
			step patch -d "$work/$1" -p1 -N -F0 -s -t -i "$work/$1/debian/patches/$name"
		done <"$work/series"
	fi
	# A patched file newer than what was generated from it would make its Makefile look for autoconf.
	find "$work/$1" -exec touch -h -d @0 {} +
}

specs()
{
	sed "s|@MUSL@|$1/musl|g" "$here/musl.specs.in" >"$out/musl.specs"
}

make_musl()
{
	dpkg-deb -x "$(file_of musl-dev 1)" "$work/musl"
	mkdir -p "$out/musl"
	for sub in include lib; do
		mv "$work"/musl/usr/$sub/*-linux-musl "$out/musl/$sub"
	done
	specs "$out"
}

make_bearssl()
{
	unpack bearssl
	step make -C "$work/bearssl" -j"$jobs" lib CC="$cc" CFLAGS="$cflags"
	cp "$work"/bearssl/inc/*.h "$out/include/"
	cp "$work/bearssl/build/libbearssl.a" "$out/lib/"
}

# Inflating is the most that a hit in S3 computes: -O3 saves 4 % of it all.
make_zlib()
{
	unpack zlib
	cd "$work/zlib"
	step env CC="$cc" CFLAGS="$cflags -O3" ./configure --static
	step make -j"$jobs" libz.a
	cp zlib.h zconf.h "$out/include/"
	cp libz.a "$out/lib/"
	cd "$here"
}

# Debian's archive has no configure. General entities stay out: no answer of AWS has any, and attacks on XML readers live on them.
make_expat()
{
	unpack expat
	cd "$work/expat/expat/lib"
	cat >expat_config.h <<-EOT
		#define _GNU_SOURCE
		#define HAVE_GETRANDOM
		#define XML_CONTEXT_BYTES 1024
		#define XML_GE 0
		#define XML_NS
	EOT
	objects=
	for name in xmlparse xmlrole xmltok random_getrandom; do
		# shellcheck disable=SC2086 # lists of flags
		step $cc $cflags -c $name.c
		objects="$objects $name.o"
	done
	# shellcheck disable=SC2086
	step ar -rcs "$out/lib/libexpat.a" $objects
	cp expat.h expat_external.h "$out/include/"
	cd "$here"
}

make_jsmn()
{
	unpack jsmn
	cp "$work/jsmn/jsmn.h" "$out/include/"
}

# HTTP, HTTPS and proxies over IPv4 and IPv6, with a resolver in a thread (else a timeout could not end a name lookup). Arguments are added.
make_curl()
{
	unpack curl
	cd "$work/curl"
	step ./configure --prefix="$out" --disable-shared --enable-static --enable-unity --disable-dependency-tracking --disable-silent-rules \
		--with-bearssl="$deps" --with-zlib="$deps" --enable-threaded-resolver --enable-ipv6 \
		--without-ca-bundle --without-ca-path --without-ca-fallback \
		--without-brotli --without-zstd --without-libpsl --without-nghttp2 --without-libidn2 --without-libgsasl --without-librtmp \
		--disable-ldap --disable-ldaps --disable-rtsp --disable-dict --disable-telnet --disable-tftp --disable-pop3 --disable-imap \
		--disable-smb --disable-smtp --disable-gopher --disable-mqtt --disable-ftp --disable-file --disable-ipfs \
		--disable-ntlm --disable-kerberos-auth --disable-negotiate-auth --disable-digest-auth --disable-bearer-auth --disable-tls-srp \
		--disable-cookies --disable-docs --disable-manual --disable-libcurl-option --disable-unix-sockets --disable-alt-svc \
		--disable-hsts --disable-websockets --disable-doh --disable-netrc --disable-dnsshuffle --disable-sha512-256 "$@" \
		CC="$cc" CFLAGS="$cflags"
	step make -C lib -j"$jobs" libcurl.la
	cd "$here"
}

# The roots that AWS uses, for the small trust store: parsing a whole system bundle costs more than the request.
make_anchors()
{
	dpkg-deb -x "$(file_of ca-certificates 1)" "$work/ca"
	roots=0
	{
		printf '/* Generated from ca-certificates %s. */\nstatic const char tc_anchors_pem[] =\n' "$(version_of ca-certificates)"
		for root in "$work"/ca/usr/share/ca-certificates/mozilla/Amazon_Root_CA_[1-4].crt \
			"$work"/ca/usr/share/ca-certificates/mozilla/Starfield_*.crt; do
			[ -s "$root" ] || continue
			roots=$((roots + 1))
			printf '\t/* %s */\n' "$(basename "$root" .crt)"
			sed 's/.*/\t"&\\n"/' "$root"
		done
		printf '\t"";\n'
	} >"$out/include/anchors.h"
	[ "$roots" -ge 5 ] || die "ca-certificates $(version_of ca-certificates) has $roots of the roots that AWS uses; at least 5 were expected"
}

make_versions()
{
	{
		printf '/* Generated: the parts that this build consists of, as Debian numbers them. */\n#ifndef VERSIONS_H\n#define VERSIONS_H\n\n'
		for part in curl bearssl zlib expat jsmn ca-certificates; do
			printf '#define TC_VENDOR_%s "%s"\n' "$(printf '%s' "$part" | tr 'a-z-' 'A-Z_')" "$(version_of "$part")"
		done
		printf '#define TC_VENDOR_LIBC_NAME "%s"\n#define TC_VENDOR_LIBC "%s"\n\n#endif\n' "$libc" "$libc_version"
	} >"$out/include/versions.h"
	printf '%s\n' "$parts" | while read -r part version files; do
		for file in $files; do
			printf '%s %s %s %s\n' "$part" "$version" "$(sha256sum "$file" | cut -d' ' -f1)" "$(basename "$file")"
		done
	done >"$out/sources"
}

map="-ffile-prefix-map=$work=vendor -fno-ident"
deps=$out
printf 'vendor: building %s (once; the result stays in %s)\n' "$variant" "$cache" >&2
case $variant in
musl | curl)
	cc="gcc -specs=$out/musl.specs"
	cflags="-O2 -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong -fno-asynchronous-unwind-tables $map"
	make_musl
	libc=musl libc_version=$(version_of musl-dev)
	;;
glibc)
	cc=gcc
	cflags="-O1 -g -fPIE -fno-omit-frame-pointer -ffile-prefix-map=$work=vendor"
	libc=glibc libc_version=$(dpkg-query -W -f '${Version}' libc6-dev)
	;;
esac
if [ "$variant" = curl ]; then
	"$here/build.sh" musl "$work/deps"
	deps=$(readlink "$work/deps")
	make_curl
	step make -C "$work/curl/src" -j"$jobs" curl
	mkdir -p "$out/bin"
	strip -o "$out/bin/curl" "$work/curl/src/curl"
else
	make_jsmn
	make_anchors
	make_zlib
	make_expat
	make_bearssl
	make_curl --disable-aws --disable-mime --disable-form-api --disable-bindlocal --disable-get-easy-options --disable-progress-meter
	cp "$work/curl/lib/.libs/libcurl.a" "$out/lib/"
	cp -R "$work/curl/include/curl" "$out/include/"
	rm -f "$out"/include/curl/Makefile*
fi
make_versions
[ "$libc" = glibc ] || specs "$prefix"
mv "$out" "$prefix"
printf 'vendor: built %s in %s s\n' "$variant" "$(($(date +%s) - start))" >&2
use
