# An answer from the local disk. In run.sh's world.
# shellcheck shell=bash disable=SC2154

local_hit() {
	local name=$1 budget=$2
	pushed "$name"
	"$teamcache" fetch "$name" >"$work/$name.out"
	"$work/race" "$(rounds_of "$name")" ::: "$teamcache" fetch "$name" \
		::: "$work/cat" "$work/$name.out" >"$work/times"
	versus "local hit, $(bytes "$work/$name.out") bytes : static cat" "$budget"
	limit "  its peak RSS in KiB" \
		$((2048 + $(bytes "$work/$name.out") / 1024)) "$(field 1 4)"
	rm "$work/$name.out"
}

heading "local hit"
local_hit 1k -
local_hit 10k 1.3
local_hit 428k 2
local_hit 10m -
local_hit 100m -
strace -f -e trace=network -o "$work/trace" "$teamcache" fetch 10k >/dev/null
limit "local hit, sockets" 0 "$(grep -c 'socket(' "$work/trace" || true)"
strace -c -o "$work/trace" "$teamcache" fetch 10k >/dev/null
figure "local hit, system calls" \
	"$(awk '$NF == "total" { print $(NF - 2) }' "$work/trace")"
