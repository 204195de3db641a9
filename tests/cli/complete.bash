# complete.bash SCRIPT WORD...: what bash would offer for the last WORD
# shellcheck shell=bash
# shellcheck source=/dev/null
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_teamcache
printf '%s\n' "${COMPREPLY[@]}"
