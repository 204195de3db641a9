#!/bin/bash
# static.sh INCLUDE: what other compilers and readers of code see: clang at the warnings that gcc builds with, gcc's own analyser,
# clang-tidy and cppcheck. INCLUDE has the vendored headers. Ends with a line of counts.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
flags=(-std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 -Ilib -Itests/unit -isystem "$1")
mapfile -t warnings < <(sed -n '/^WARN := /,/[^\\]$/p' Makefile | grep -o -- '-W[a-z0-9=-]*')
product=(teamcache.c lib/*/*.c)
tests=(tests/*/*.c)
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

# each NUMBER FILE... -- COMMAND...: the command for so many files at a time, on all processors. It has them as its last arguments.
each() {
	local number=$1 files=()
	shift
	while [ "$1" != -- ]; do
		files+=("$1")
		shift
	done
	shift
	[ ${#files[@]} -gt 0 ] && printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n "$number" "$@"
}

by_clang() {
	[ ${#warnings[@]} -gt 5 ] && each 8 "${product[@]}" "${tests[@]}" -- clang "${flags[@]}" "${warnings[@]}" -fsyntax-only
}

# The code as it is written: what is merged and inlined first makes it see ghosts. Left out, with the reason:
# malloc-leak   it loses sight of what is kept in an element of an array; clang-tidy looks too, and LeakSanitizer knows, with each
#               allocation failing in turn.
by_gcc() {
	each 1 "${product[@]}" -- gcc "${flags[@]}" -O0 -fanalyzer -Wno-analyzer-malloc-leak -Werror -c -o /dev/null
}

# .clang-tidy has the checks. One file at a time: with several, its walker takes every va_list but the first file's for no such thing.
# On stderr it only counts what it hides.
by_tidy() {
	# shellcheck disable=SC2016 # for the shell inside
	each 1 "${product[@]}" -- bash -c 'clang-tidy --quiet --config-file=.clang-tidy "${@: -1}" -- "${@:1:$#-1}" 2>/dev/null' tidy "${flags[@]}"
}

by_cppcheck() {
	cppcheck -j "$(nproc)" -q --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
		--suppressions-list=tests/lint/cppcheck.txt "${flags[@]:1}" -D__GNUC__ "${product[@]}"
}

# Would they say so? A comparison of signs, a NULL that is followed, a slip.
speak_up() {
	local product=("$scratch/wrong.c") tests=() by
	cat >"$scratch/wrong.c" <<-'EOF'
		#include <stdlib.h>
		#include <string.h>
		int wrong(const char *s, size_t n);
		int
		wrong(const char *s, size_t n)
		{
			int i, *p = malloc(n), last[2];
			if (p == NULL && strlen(s) > 3)
				*p = 1;
			for (i = 0; i < n; i++)
				if (strcmp(s, "a"))
					return i;
			free(p);
			return last[2];
		}
	EOF
	for by in by_clang by_gcc by_tidy by_cppcheck; do
		! "$by" >/dev/null 2>&1 || return 1
	done
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
check "each finds what is wrong" speak_up
check "clang warns of nothing, in the tests neither" by_clang
check "gcc's analyser finds nothing" by_gcc
check "clang-tidy finds nothing" by_tidy
check "cppcheck finds nothing" by_cppcheck
printf 'static: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
