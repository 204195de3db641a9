#!/bin/sh
# dist.sh: is what `make dist` packs whole, the same each time, and told by its SBOM as vendor/pins has it? Does README say how? Prints TAP.
set -u
# shellcheck source=tests/build/check.sh
. "$(dirname "$0")/check.sh"

fails()
{
	! "$@" >"$tmp/failure" 2>&1
}

pack()
{
	env -u MAKEFLAGS -u MAKELEVEL -u SOURCE_DATE_EPOCH "$@" >"$tmp/log" 2>&1 || { sed 's/^/# /' "$tmp/log"; return 1; }
}

# The commands that README has for it, as somebody who may do what root may.
pack_as_readme_says()
{
	# shellcheck disable=SC2016 # no command
	sed -n '/^```sh install$/,/^```$/p' README.md | sed -e 1d -e '$d' >"$tmp/commands"
	mkdir "$tmp/bin" && printf '#!/bin/sh\nexec "$@"\n' >"$tmp/bin/sudo" && chmod +x "$tmp/bin/sudo"
	[ "$(grep -c '^```sh' README.md)" -eq 1 ] && grep -q 'sudo make install' "$tmp/commands" && grep -q '^make dist' "$tmp/commands" &&
		pack DESTDIR="$tmp/dest" DIST="$tmp/one" PATH="$tmp/bin:$PATH" sh -e "$tmp/commands"
}

is_installed()
{
	(cd "$tmp/dest/usr/local" && find . -type f | sort) >"$tmp/installed"
	grep -v /doc/ "$tmp/found" | diff - "$tmp/installed" && cmp teamcache "$tmp/dest/usr/local/bin/teamcache"
}

# By somebody else's habits, and some seconds later by the files' times.
pack_differently()
{
	(umask 077 && pack DIST="$tmp/two" TZ=Asia/Tokyo LC_ALL=C.UTF-8 TAR_OPTIONS=--format=gnu make -s dist)
}

same_bytes()
{
	(cd "$tmp/one" && sha256sum -- *) >"$tmp/sums.one"
	(cd "$tmp/two" && sha256sum -- *) >"$tmp/sums.two"
	sed 's/^/# /' "$tmp/sums.one"
	[ "$(wc -l <"$tmp/sums.one")" -eq 3 ] && diff "$tmp/sums.one" "$tmp/sums.two"
}

sums_hold()
{
	(cd "$tmp/one" && sha256sum --strict --quiet -c ./*.sha256)
}

changed_byte_is_found()
{
	cp -R "$tmp/one" "$tmp/bad" && printf x >>"$(echo "$tmp"/bad/*.json)" && (cd "$tmp/bad" && fails sha256sum --status -c ./*.sha256)
}

unpack()
{
	tar -xzf "$(echo "$tmp"/one/*.tar.gz)" -C "$tmp" --one-top-level=usr --strip-components=1
}

holds_all_and_nothing_else()
{
	(cd "$tmp/usr" && find . -type f | sort) >"$tmp/found"
	diff - "$tmp/found" <<-EOT
		./bin/teamcache
		./share/bash-completion/completions/teamcache
		./share/doc/teamcache/README.md
		./share/doc/teamcache/credentials.md
		./share/fish/vendor_completions.d/teamcache.fish
		./share/man/man1/teamcache.1
		./share/zsh/site-functions/_teamcache
	EOT
}

is_what_the_tree_has()
{
	./teamcache help --man >"$tmp/man"
	cmp teamcache "$tmp/usr/bin/teamcache" && cmp "$tmp/man" "$tmp/usr/share/man/man1/teamcache.1" &&
		cmp README.md "$tmp/usr/share/doc/teamcache/README.md" &&
		cmp lib/creds/credentials.md "$tmp/usr/share/doc/teamcache/credentials.md" &&
		cmp completions/teamcache.bash "$tmp/usr/share/bash-completion/completions/teamcache" &&
		cmp completions/_teamcache "$tmp/usr/share/zsh/site-functions/_teamcache" &&
		cmp completions/teamcache.fish "$tmp/usr/share/fish/vendor_completions.d/teamcache.fish"
}

# Whoever packed it is nobody in particular, and every time is the version's day.
names_nobody()
{
	tar --full-time --numeric-owner -tvzf "$(echo "$tmp"/one/*.tar.gz)" >"$tmp/list"
	day=$(date -u -d "$(sed -n 's/^#define APP_DATE "\(.*\)"$/\1/p' lib/base/app.h)" +%Y-%m-%d)
	! TZ=UTC grep -v "^[d-]r[-wx]*r-[-x]r-[-x] 0/0  *[0-9]* $day 00:00:00 " "$tmp/list"
}

# SPDX 2.3: what a document must have, and that every identifier stands for one thing that is there.
is_spdx()
{
	jq -e '
		def id: test("^SPDXRef-[A-Za-z0-9.-]+$");
		([.SPDXID] + [.packages[].SPDXID]) as $ids |
		.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT" and
		(.name | length > 0) and (.documentNamespace | test("^https://[^#]+$")) and
		(.creationInfo.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")) and
		(.creationInfo.creators | length > 0 and all(test("^(Tool|Person|Organization): "))) and
		($ids | all(id) and length == (unique | length)) and
		(.packages | all(.name and .versionInfo and .licenseDeclared and .licenseConcluded and .copyrightText and
			.downloadLocation and .filesAnalyzed == false and
			(.checksums | length == 1 and (.[0] | .algorithm == "SHA256" and (.checksumValue | test("^[0-9a-f]{64}$")))))) and
		(.relationships | length == ($ids | length) - 1 and
			all((.spdxElementId | IN($ids[])) and (.relatedSpdxElement | IN($ids[])) and
			(.relationshipType | IN("DESCRIBES", "STATIC_LINK", "CONTAINS", "PATCH_FOR"))) and
			([.[] | .spdxElementId, .relatedSpdxElement] | unique == ($ids | sort)))' "$sbom" >"$tmp/verdict"
}

# part SELECTOR ARGUMENT...: jq says true of the package $name.
part()
{
	selector=$1
	shift
	jq -e --arg name "$name" "$@" "[.packages[] | select(.name == \$name)] | length == 1 and (.[0] | $selector)" "$sbom" >"$tmp/verdict" ||
		{ printf '# %s: not so: %s\n' "$name" "$selector"; return 1; }
}

# Every pin, with its version, licence and checksum, and every version that the program itself names.
tells_the_pins()
{
	wrong=0
	sed -e 's/#.*//' -e '/^ *$/d' vendor/pins >"$tmp/pins"
	while read -r name kind version sum licence; do
		# shellcheck disable=SC2016 # jq's
		part '.licenseDeclared == $l' --arg l "$licence" || wrong=1
		# shellcheck disable=SC2016
		[ "$version" = '*' ] || part '.versionInfo == $v or (.versionInfo | startswith($v + "-"))' --arg v "$version" || wrong=1
		# shellcheck disable=SC2016
		[ "$kind" = binary ] || part '.checksums[0].checksumValue == $s' --arg s "$sum" || wrong=1
		own=$(./teamcache version --json | jq -r --arg n "${name%-dev}" '.parts[] | select(.name == $n).debian_version')
		# shellcheck disable=SC2016
		part '.versionInfo == $v' --arg v "$own" || wrong=1
	done <"$tmp/pins"
	[ "$wrong" -eq 0 ] && [ "$(wc -l <"$tmp/pins")" -ge 7 ]
}

# What was used is what is named: the files that lie in the cache have these checksums.
tells_the_files()
{
	vendor/fetch.sh | cut -d' ' -f3- | xargs sha256sum | sed 's| .*/| |' | sort >"$tmp/used"
	jq -r '.packages[] | select(.packageFileName | test("[.](tar[.].*|deb)$")) | .checksums[0].checksumValue + " " + .packageFileName' "$sbom" |
		sort | diff "$tmp/used" -
}

tells_the_program()
{
	name=teamcache
	# shellcheck disable=SC2016 # jq's
	part '.checksums[0].checksumValue == $s' --arg s "$(sha256sum <teamcache | cut -d' ' -f1)"
}

sources=${BUILD:-build}/vendor/musl/sources
missing_part_is_an_error()
{
	grep -v '^zlib ' "$sources" >"$tmp/sources" && fails vendor/sbom.sh "$tmp/sources" teamcache 0 0 && grep -q 'do not name the same parts' "$tmp/failure"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
check "README's commands install and pack it" pack_as_readme_says
sbom=$(echo "$tmp"/one/*.spdx.json)
check 'and again, with another umask, time zone and taste in archives' pack_differently
check 'both times the same bytes' same_bytes
check 'its SHA-256 are right' sums_hold
check 'a changed byte is found by them' changed_byte_is_found
check 'it can be unpacked to a prefix' unpack
check 'it holds program, manual page, completions and README, and nothing else' holds_all_and_nothing_else
check 'the same lies where it was installed' is_installed
check 'they are those of the tree' is_what_the_tree_has
check 'it names no owner, no time but the day of the version, and no odd mode' names_nobody
check 'the SBOM is SPDX 2.3' is_spdx
check 'it has each part of vendor/pins, with version, licence and checksum' tells_the_pins
check 'it has each archive that was used, and no other' tells_the_files
check 'it has the program that is packed' tells_the_program
check 'a part without its archives makes no SBOM' missing_part_is_an_error
printf '1..%s\n' "$n"
