"""Is what lies in a store whole? For tests that kill.

usage: sound.py [-t] PREFIX DIR...

Every object in S3 below PREFIX, whose keys are printed, and every local copy
below DIR. A temporary file there is a fault without -t. S3 is reached as
s3_client.py says. Exit status 1 names what is not whole.
"""

import gzip
import hashlib
import json
import os
import re
import sys
import zlib

sys.path.insert(
    0, os.path.join(os.path.dirname(__file__), "..", "servers", "lib")
)
import s3_client  # noqa: E402


def envelope_fault(text):
    """What is wrong with an envelope, or None."""
    head, mark, rest = text.partition(b'},"data":')
    if not mark or not rest.endswith(b"}"):
        return "no envelope"
    metadata = json.loads(text)["metadata"]
    data = rest[:-1]
    if len(data) != metadata["content_length"]:
        return "another length than it says"
    if hashlib.sha256(data).hexdigest() != metadata["content_sha256"]:
        return "another hash than it says"
    return None


def copy_fault(text):
    first, _, rest = text.partition(b"\n")
    found = re.fullmatch(rb"tcl1 ([0-9a-f]{8}) (\d+)", first)
    if not found:
        return "no first line"
    if int(found[2]) != len(rest) or int(found[1], 16) != zlib.crc32(rest):
        return "torn"
    return envelope_fault(rest.partition(b"\n")[2])


def check_local(directory, temporary):
    for where, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(where, name)
            if name.startswith(".teamcache-tmp-"):
                fault = None if temporary else "left behind"
            elif name.endswith(".json") and "/cache-v1/" in path:
                with open(path, "rb") as file:
                    fault = copy_fault(file.read())
            else:
                fault = None
            if fault:
                sys.exit(f"{path}: {fault}")


def json_fault(text):
    try:
        json.loads(text)
    except ValueError:
        return "no JSON"
    return None


def check_remote(prefix):
    for key in s3_client.keys(prefix):
        answer = s3_client.send("GET", s3_client.key_target(key))
        if answer.status == 404:
            continue
        if key.endswith(".gz"):
            fault = envelope_fault(gzip.decompress(answer.content))
        else:
            fault = json_fault(answer.content)
        if fault:
            sys.exit(f"{key}: {fault}")
        print(key)


def main(arguments):
    temporary = arguments[0] == "-t"
    prefix, *directories = arguments[1:] if temporary else arguments
    for directory in directories:
        check_local(directory, temporary)
    check_remote(prefix)


if __name__ == "__main__":
    main(sys.argv[1:])
