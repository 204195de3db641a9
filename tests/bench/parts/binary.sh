# The program itself. In run.sh's world.
# shellcheck shell=bash disable=SC2154

heading "binary"
limit "binary, bytes" 1500000 "$(bytes "$teamcache")"
