# shellcheck shell=sh
# For the programs beside it, which print TAP: counts in n.
n=0

# check WHAT COMMAND...: its result is a line.
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
