"""Readers and writers of one local key at once.

usage: readers.py PROCESSES SECONDS PROGRAM ARGUMENT...

Keeps so many processes of the product alive for so long, with the arguments
at their end; one in five writes a document of its own, the others read. Each
reader has to print one whole document that some writer wrote. Prints how many
read, how many wrote and how many documents were seen; exit status 1 names
the first that went wrong.
"""

import json
import os
import resource
import subprocess
import sys
import time

DOCUMENTS = 50


def document(number):
    return {"number": number, "parts": [f"{number:06}" * 4] * 800}


def fault_of(process, reader):
    out, err = process.communicate()
    if process.returncode != 0:
        return None, f"exit status {process.returncode}: {err[:300]}"
    if not reader:
        return None, None
    try:
        found = json.loads(out)
    except ValueError:
        return None, f"not JSON: {out[:100]} ... {out[-100:]}"
    number = found.get("number")
    if found != document(number):
        return None, f"parts of several documents: {number}"
    return number, None


def main(processes, seconds, *command):
    program, *arguments = command
    wish = min(4 * int(processes) + 100,
               resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (wish, wish))
    folder = os.environ["HOME"]
    paths = [os.path.join(folder, f"document-{n}") for n in range(DOCUMENTS)]
    for number, path in enumerate(paths):
        with open(path, "w") as f:
            json.dump(document(number), f)
    subprocess.run([program, "push", "notes", paths[0], "--local", *arguments],
                   check=True)
    end = time.monotonic() + float(seconds)
    alive, begun, counts, seen, most = {}, 0, [0, 0], set(), 0
    while True:
        while time.monotonic() < end and len(alive) < int(processes):
            reader = begun % 5 != 0
            what = (["fetch", "notes", "--offline"] if reader else
                    ["push", "notes", paths[begun // 5 % DOCUMENTS], "--local"])
            process = subprocess.Popen(
                [program, *what, *arguments], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            alive[process.pid] = process, reader
            begun += 1
        most = max(most, len(alive))
        if not alive:
            break
        # It fits into its pipe: who has not been read yet can end.
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid
        process, reader = alive.pop(ended)
        number, fault = fault_of(process, reader)
        if fault is not None:
            sys.exit(f"{'reader' if reader else 'writer'}: {fault}")
        counts[reader] += 1
        if number is not None:
            seen.add(number)
    print(f"{counts[1]} read, {counts[0]} wrote, {most} at once, "
          f"{len(seen)} documents were seen")
    if counts[0] < 2 or len(seen) < 2:
        sys.exit("nothing was written while somebody read")


if __name__ == "__main__":
    main(*sys.argv[1:])
