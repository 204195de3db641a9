"""What a core dump would tell: an image of a process's memory, taken while it
runs, and the secrets that lie in it. For memory.moto.bats.

usage: memory.py WHEN WORDS PROGRAM ARGUMENT...

Runs the program and looks at each piece of memory that it may write, WHEN it
waits for a server (`waiting`: in poll for 300 ms) or as it ends (`exit`: after
its last instruction). WORDS is a file of lines "NAME VALUE", or "NAME hex
VALUE" for bytes. Prints a line for each word, its name and how often it was
found: as it is, and in the forms that HMAC-SHA256 makes of a key, whole or as
the words of a message schedule. Exits with the program's status.
"""

import ctypes
import os
import sys
import time

TRACEME, CONT, SETOPTIONS, DETACH = 0, 7, 0x4200, 17
TRACEEXIT, KILLED_WITH = 0x40, 0x100000
EVENT_EXIT, SIGTRAP, POLLS = 6, 5, ("7 ", "271 ")
libc = ctypes.CDLL(None, use_errno=True)


def ptrace(request, pid, address=0, data=0):
    if libc.ptrace(ctypes.c_long(request), ctypes.c_long(pid),
                   ctypes.c_void_p(address), ctypes.c_void_p(data)) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def image(pid):
    """All that is writable; without the environment, which is not ours to
    wipe."""
    with open(f"/proc/{pid}/stat") as f:
        numbers = f.read().rpartition(")")[2].split()
    environment = int(numbers[47]), int(numbers[48])
    pieces = []
    with open(f"/proc/{pid}/maps") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            where, mode = line.split()[:2]
            if mode[:2] != "rw":
                continue
            begin, end = (int(n, 16) for n in where.split("-"))
            memory.seek(begin)
            piece = bytearray(memory.read(end - begin))
            if begin <= environment[0] < end:
                at, to = (n - begin for n in environment)
                piece[at:to] = bytes(to - at)
            pieces.append(bytes(piece))
    return pieces


def swapped(word):
    return b"".join(word[i:i + 4][::-1] for i in range(0, len(word) // 4 * 4, 4))


def forms(word):
    """HMAC begins with the key, each byte xor 0x36 or 0x5c, in one block;
    SHA-256 takes that as big-endian numbers."""
    for mask in (0, 0x36, 0x5c):
        masked = bytes(c ^ mask for c in word)
        yield masked
        yield swapped(masked)


def show(pieces, words):
    for name, word in words:
        count = sum(piece.count(form) for form in forms(word)
                    for piece in pieces)
        print(name, count, flush=True)


def is_waiting(pid):
    try:
        with open(f"/proc/{pid}/syscall") as f:
            return f.read().startswith(POLLS)
    except OSError:
        return False


def wait_for_poll(pid):
    seen = 0
    while seen < 6:
        time.sleep(0.05)
        seen = seen + 1 if is_waiting(pid) else 0


def main(when, path, *command):
    words = []
    with open(path) as f:
        for line in f:
            name, *form, value = line.split()
            words.append((name, bytes.fromhex(value) if form
                          else value.encode()))
    pid = os.fork()
    if pid == 0:
        if when == "exit":
            ptrace(TRACEME, 0)
        os.dup2(2, 1)
        os.execv(command[0], command)
    if when == "exit":
        os.waitpid(pid, 0)
        ptrace(SETOPTIONS, pid, 0, TRACEEXIT | KILLED_WITH)
        while True:
            ptrace(CONT, pid)
            status = os.waitpid(pid, 0)[1]
            if status >> 8 == SIGTRAP | EVENT_EXIT << 8:
                break
            if not os.WIFSTOPPED(status):
                sys.exit("it ended before it could be looked at")
        show(image(pid), words)
        ptrace(DETACH, pid)
    else:
        wait_for_poll(pid)
        show(image(pid), words)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
