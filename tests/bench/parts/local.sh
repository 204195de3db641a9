# An answer from the local disk. In run.sh's world.
# shellcheck shell=bash disable=SC2154

# The budget is beside a static cat that one can have, Debian's busybox-static.
# cat.c is beside it: the least that a program can do, which nobody uses.
local_hit() {
	local name=$1 budget=$2
	pushed "$name"
	"$teamcache" fetch "$name" >"$work/$name.out"
	"$work/race" "$(rounds_of "$name")" ::: "$teamcache" fetch "$name" \
		::: "$work/cat" "$work/$name.out" \
		::: busybox cat "$work/$name.out" >"$work/times"
	versus "local hit, $(bytes "$work/$name.out") bytes : busybox's static cat" "$budget" 1 3
	versus "  the same : the least program" -
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
