"""S3 for the tests' own use, signed by the book (SigV4), standard library only.

usage: s3_client.py COMMAND ...
  request METHOD PATH?QUERY [BODYFILE|-] [NAME:VALUE...]
  put KEY FILE [NAME:VALUE...]     get KEY FILE     head KEY
  list [PREFIX]                    remove KEY       create-bucket
  form NAME=VALUE...               a query to IAM or STS (SERVICE=iam)

S3_URL, BUCKET, REGION, ACCESS_KEY and SECRET_KEY (SESSION_TOKEN) come from the
environment; SERVICE is s3 unless it says otherwise. PATH is the path after the
endpoint, as it goes on the wire. The user agent is teamcache-test, by which
the counting functions tell these requests from the product's (AGENT: another). Exit status: 0
for an answer below 400 (`request` and `head`: for any answer), else 1.
"""

import datetime
import hashlib
import hmac
import os
import re
import socket
import sys
import urllib.parse


ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def sign(method, host, target, body, now, extra_headers):
    """The headers of a signed request; target is the encoded path?query."""
    environ = os.environ
    service = environ.get("SERVICE", "s3")
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{environ['REGION']}/{service}/aws4_request"
    payload_hash = hashlib.sha256(body).hexdigest()
    headers = {
        "host": host,
        "x-amz-content-sha256": payload_hash,
        "x-amz-date": stamp,
        **{name.lower(): value for name, value in extra_headers},
    }
    if environ.get("SESSION_TOKEN"):
        headers["x-amz-security-token"] = environ["SESSION_TOKEN"]
    path, _, query = target.partition("?")
    pairs = sorted(
        pair if "=" in pair else pair + "=" for pair in query.split("&") if pair
    )
    signed = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            method,
            path,
            "&".join(pairs),
            *(f"{name}:{headers[name].strip()}" for name in sorted(headers)),
            "",
            signed,
            payload_hash,
        ]
    )
    to_sign = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            stamp,
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = ("AWS4" + environ["SECRET_KEY"]).encode()
    for part in (*scope.split("/"), to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={environ['ACCESS_KEY']}/{scope}, "
        f"SignedHeaders={signed}, Signature={key.hex()}"
    )
    headers["user-agent"] = environ.get("AGENT", "teamcache-test")
    return headers


class Answer:
    """Read from a connection that the server closes after it."""

    def __init__(self, data):
        head, _, content = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        _, status, self.reason = (first + " ").split(" ", 2)
        self.status = int(status)
        self.reason = self.reason.rstrip()
        self.headers = [line.partition(":") for line in lines]
        names = {name.lower() for name, _, _ in self.headers}
        self.content = unchunk(content) if CHUNKED in names else content


FORM = [("Content-Type", "application/x-www-form-urlencoded")]
CHUNKED = "transfer-encoding"


def unchunk(data):
    content = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return content
        content += data[:length]
        data = data[length + 2 :]


def send(method, target, body=b"", headers=()):
    # http.client would take longer to import than all else here.
    host = os.environ["S3_URL"].removeprefix("http://").rstrip("/")
    now = datetime.datetime.now(datetime.timezone.utc)
    signed = sign(method, host, target, body, now, headers)
    signed["connection"] = "close"
    if body or method in ("PUT", "POST"):
        signed["content-length"] = str(len(body))
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in signed.items()]
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port or 80)), 60) as server:
        server.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        parts = []
        while part := server.recv(1024 * 1024):
            parts.append(part)
    return Answer(b"".join(parts))


def key_target(key):
    return f"/{os.environ['BUCKET']}/{urllib.parse.quote(key, safe='/-_.~')}"


def read(name):
    if name == "-":
        return sys.stdin.buffer.read()
    with open(name, "rb") as file:
        return file.read()


def header_pairs(arguments):
    pairs = [argument.partition(":") for argument in arguments]
    return [(name, value.strip()) for name, _, value in pairs]


def print_head(answer):
    print(answer.status, answer.reason)
    for name, _, value in answer.headers:
        print(f"{name}:{value}")


def refuse(what, answer):
    text = answer.content.decode("utf-8", "replace")
    sys.exit(f"{what}: {answer.status} {text}")


def unescape(text):
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def keys(prefix=""):
    token = ""
    while True:
        query = "list-type=2&prefix=" + urllib.parse.quote(prefix, safe="")
        if token:
            query += "&continuation-token=" + urllib.parse.quote(token, safe="")
        answer = send("GET", f"/{os.environ['BUCKET']}?{query}")
        if answer.status != 200:
            refuse("list", answer)
        text = answer.content.decode()
        for key in re.findall("<Key>(.*?)</Key>", text):
            yield unescape(key)
        found = re.search(
            "<NextContinuationToken>(.*?)</NextContinuationToken>", text
        )
        if not found:
            return
        token = found.group(1)


def main(command, *arguments):
    if command == "list":
        for key in keys(*arguments):
            print(key)
        return
    if command == "request":
        method, target, *rest = arguments
        body = b""
        if rest and ":" not in rest[0]:
            body = read(rest.pop(0))
        answer = send(method, target, body, header_pairs(rest))
        print_head(answer)
        print(flush=True)
        sys.stdout.buffer.write(answer.content)
        return
    if command == "put":
        key, file, *rest = arguments
        answer = send(
            "PUT", key_target(key), read(file), header_pairs(rest)
        )
    elif command == "create-bucket":
        answer = send("PUT", f"/{os.environ['BUCKET']}")
    elif command == "form":
        fields = [argument.partition("=")[::2] for argument in arguments]
        answer = send(
            "POST", "/", urllib.parse.urlencode(fields).encode(), FORM
        )
    else:
        method = {"get": "GET", "head": "HEAD", "remove": "DELETE"}[command]
        answer = send(method, key_target(arguments[0]))
    if command == "head":
        print_head(answer)
        return
    if answer.status >= 400:
        refuse(" ".join((command, *arguments)), answer)
    if command == "get":
        with open(arguments[1], "wb") as file:
            file.write(answer.content)
    elif command == "form":
        print(answer.content.decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
