#!/bin/sh
# sbom.sh SOURCES PROGRAM VERSION EPOCH: print what PROGRAM consists of, as an SPDX 2.3 document in JSON.
#
# Names and licences are those of pins; versions and checksums those of SOURCES, which build.sh wrote when it used these very files.
# A part that pins names and SOURCES lacks, or the other way round, is an error.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sources=$1
program=$2
version=$3
created=$(date -u -d "@$4" +%Y-%m-%dT%H:%M:%SZ)
sha=$(sha256sum "$program" | cut -d' ' -f1)

die()
{
	printf 'sbom: %s\n' "$*" >&2
	exit 1
}

parts()
{
	sed -e 's/#.*//' -e '/^ *$/d' "$here/pins"
}

[ "$(parts | cut -d' ' -f1 | sort)" = "$(cut -d' ' -f1 "$sources" | sort -u)" ] ||
	die "'$here/pins' and '$sources' do not name the same parts; run make again"

# package ID NAME VERSION LICENCE SHA256 PURPOSE FILE [PURL]
package()
{
	printf ',\n    {"SPDXID":"SPDXRef-%s","name":"%s","versionInfo":"%s","packageFileName":"%s",\n' "$1" "$2" "$3" "$7"
	printf '     "licenseDeclared":"%s","licenseConcluded":"%s","copyrightText":"NOASSERTION",\n' "$4" "$4"
	printf '     "primaryPackagePurpose":"%s","downloadLocation":"NOASSERTION","filesAnalyzed":false,\n' "$6"
	[ -z "${8:-}" ] ||
		printf '     "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"%s"}],\n' "$8"
	printf '     "checksums":[{"algorithm":"SHA256","checksumValue":"%s"}]}' "$5"
}

relation()
{
	printf ',\n    {"spdxElementId":"SPDXRef-%s","relationshipType":"%s","relatedSpdxElement":"SPDXRef-%s"}' "$1" "$2" "$3"
}

# What each part is: upstream's archive, Debian's patches to it, or a package. $1 is called for every file of every part.
each_file()
{
	parts | while read -r part kind _ _ licence; do
		while read -r _ number sum file; do
			case $kind:$file in
			binary:*) "$1" "$part" "$number" "$licence" "$sum" "$file" ;;
			*:*.debian.tar.*) "$1" "$part-patches" "$number" "$licence" "$sum" "$file" ;;
			*) "$1" "$part" "$number" "$licence" "$sum" "$file" ;;
			esac
		done <<-EOT
			$(grep "^$part " "$sources")
		EOT
	done
}

file_package()
{
	case $5 in
	*.deb) purl="pkg:deb/debian/$1@$2" purpose=LIBRARY ;;
	*) purl="pkg:deb/debian/${1%-patches}@$2?arch=source" purpose=SOURCE ;;
	esac
	package "$1" "$1" "$2" "$3" "$4" $purpose "$5" "$(printf %s "$purl" | sed 's/+/%2B/g')"
}

file_relation()
{
	case $1 in
	*-patches) relation "$1" PATCH_FOR "${1%-patches}" ;;
	ca-certificates) relation teamcache CONTAINS "$1" ;;
	*) relation teamcache STATIC_LINK "$1" ;;
	esac
}

runtime=$(gcc -print-libgcc-file-name)
cat <<EOT
{
  "spdxVersion":"SPDX-2.3",
  "dataLicense":"CC0-1.0",
  "SPDXID":"SPDXRef-DOCUMENT",
  "name":"teamcache-$version",
  "documentNamespace":"https://spdx.org/spdxdocs/teamcache-$version-$sha",
  "creationInfo":{"created":"$created","creators":["Tool: teamcache-vendor-sbom.sh"]},
  "packages":[
    {"SPDXID":"SPDXRef-teamcache","name":"teamcache","versionInfo":"$version","packageFileName":"bin/teamcache",
     "licenseDeclared":"NOASSERTION","licenseConcluded":"NOASSERTION","copyrightText":"NOASSERTION",
     "primaryPackagePurpose":"APPLICATION","downloadLocation":"NOASSERTION","filesAnalyzed":false,
EOT
printf '     "checksums":[{"algorithm":"SHA256","checksumValue":"%s"}]}' "$sha"
each_file file_package
package libgcc libgcc "$(gcc -dumpfullversion)" "GPL-3.0-or-later WITH GCC-exception-3.1" \
	"$(sha256sum "$runtime" | cut -d' ' -f1)" LIBRARY libgcc.a
printf '\n  ],\n  "relationships":[\n'
printf '    {"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-teamcache"}'
each_file file_relation
relation teamcache STATIC_LINK libgcc
printf '\n  ]\n}\n'
