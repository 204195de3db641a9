#!/bin/bash
# static.sh INCLUDE: what other compilers see. clang, at the warnings that gcc builds with, and cppcheck; INCLUDE has the vendored headers.
# Ends with a line of counts.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
flags=(-std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 -Ilib -Itests/unit -isystem "$1")
mapfile -t warnings < <(sed -n '/^WARN := /,/[^\\]$/p' Makefile | grep -o -- '-W[a-z0-9=-]*')
passed=0
failed=0

# check WHAT COMMAND...
check() {
	local what=$1 start=$SECONDS
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok   $what ($((SECONDS - start)) s)"
	else
		failed=$((failed + 1))
		echo "FAIL $what"
	fi
}

by_clang() {
	[ ${#warnings[@]} -gt 5 ] || return 1
	printf "%s\n" teamcache.c lib/*/*.c |
		xargs -P "$(nproc)" -n 8 clang "${flags[@]}" "${warnings[@]}" -fsyntax-only
}

by_cppcheck() {
	cppcheck -j "$(nproc)" -q --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
		--suppressions-list=tests/lint/cppcheck.txt "${flags[@]:1}" -D__GNUC__ lib teamcache.c
}

check "clang warns of nothing" by_clang
check "cppcheck finds nothing" by_cppcheck
printf 'static: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
