#!/bin/sh
# deps.sh PURPOSE...: install the packages that vendor/packages lists for these purposes where they are missing; without root, say how.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

there()
{
	case $1 in
	/*) [ -e "$1" ] ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

lack=
for purpose; do
	while read -r purposes package sign; do
		case ,$purposes, in
		*,"$purpose",*) there "$sign" || lack="$lack $package" ;;
		esac
	done <<-EOT
		$(sed -e 's/#.*//' -e '/^ *$/d' "$here/packages")
	EOT
done
[ -n "$lack" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
	printf 'deps: packages are missing; install them with: sudo apt-get install --no-install-recommends%s\n' "$lack" >&2
	exit 1
fi
printf 'deps: installing%s\n' "$lack" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of packages
apt-get install -qq -y --no-install-recommends $lack >/dev/null 2>&1 && exit
# The machine's lists may be absent or old.
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -qq -y --no-install-recommends $lack >/dev/null
