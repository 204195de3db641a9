"""What a hostile or broken server sends to who reads an entry, and what has to
come of it. For wire.bats.

usage: wire.py GROUP URL

Gives the rules to the fault server's lane with this control address, and
prints a line a scenario: its name, the exit statuses that are right, with
commas, and a regular expression of what stderr says. Status 0 means that the
document is printed as it was stored. A reading scenario is the type of that
name, one of buying the path of Cost Explorer's address.
"""

import base64
import gzip
import hashlib
import json
import sys
import time
import urllib.request

ACCOUNT = "123456789012"
DATA = b'{"hello":"world","n":[1,2.50,-3e2]}'
ESCAPES = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202e"


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def envelope(name, data=DATA, **changes):
    now = int(time.time())
    metadata = {
        "schema_version": 1, "timestamp": stamp(now), "account_id": ACCOUNT,
        "profile_name": "", "data_type": name, "period": stamp(now)[:7],
        "ttl": 3600, "expires_at": stamp(now + 3600), "data_through": "",
        "estimated": None, "refreshed_by": "", "source": "push",
        "request_sha256": "", "app_version": "0.1.0",
        "content_length": len(data),
        "content_sha256": hashlib.sha256(data).hexdigest(), **changes,
    }  # fmt: skip
    text = json.dumps(metadata, ensure_ascii=False).encode()
    return b'{"metadata":' + text + b',"data":' + data + b"}"


def packed(name, **changes):
    return gzip.compress(envelope(name, **changes), mtime=0)


def fields(**more):
    named = {
        "x-amz-request-id": "R", "ETag": '"0123456789abcdef"',
        "Last-Modified": time.strftime(
            "%a, %d %b %Y %H:%M:%S GMT", time.gmtime()),
        "Content-Type": "application/json", "Content-Encoding": "gzip",
        "x-amz-meta-schema-version": "1",
    }  # fmt: skip
    for name, value in more.items():
        named[name.replace("_", "-")] = value
    return {name: value for name, value in named.items() if value is not None}


def binary(body):
    return {"body_base64": base64.b64encode(body).decode()}


def found(name, body=None, headers=None, **more):
    """A 200 with a sound entry, but for what is changed."""
    return {
        "status": 200, "headers": headers or fields(),
        **binary(packed(name) if body is None else body), **more,
    }  # fmt: skip


def raw(head, body=b""):
    return {"raw": head.replace("\n", "\r\n") + body.decode("latin-1"),
            "close": "end"}  # fmt: skip


def error(status, code, message="no", **headers):
    named = {"x-amz-request-id": "R", "Content-Type": "application/xml"}
    return {
        "status": status, "headers": {**named, **headers},
        "body": '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>'
        f"{code}</Code><Message>{message}</Message></Error>",
    }  # fmt: skip


def bomb():
    entities = '<!ENTITY a "aaaaaaaaaa">'
    for before, name in zip("abcdefghi", "bcdefghij"):
        entities += f'<!ENTITY {name} "{f"&{before};" * 10}">'
    return (
        f"<!DOCTYPE x [{entities}]><Error><Code>&j;</Code>"
        "<Message>&j;</Message></Error>"
    )


# Each: name, rule, statuses, regex of stderr.
def reading():
    name = "sound"
    yield name, found(name), "0", ""
    name = "chunked"
    yield name, found(name, chunk_size=7), "0", ""
    name = "no-length"
    yield name, found(name, content_length="none", close="end"), "0", ""
    name = "no-date"
    rule = found(name)
    rule["headers"]["Date"] = "yesterday"
    yield name, rule, "0", ""
    name = "old-fold"
    body = packed(name)
    yield name, raw(
        "HTTP/1.1 200 OK\nETag: \"0\"\nX-Folded: a\n b\n"
        f"x-amz-request-id: R\nContent-Length: {len(body)}\n\n", body,
    ), "0", ""  # fmt: skip
    name = "bytes-after"
    body = packed(name)
    yield name, raw(
        f"HTTP/1.1 200 OK\nETag: \"0\"\nx-amz-request-id: R\n"
        f"Content-Length: {len(body)}\n\n", body + b"HTTP/1.1 500 No\r\n\r\n",
    ), "0", ""  # fmt: skip
    name = "interim"
    body = packed(name)
    yield name, raw(
        "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: x\n\n"
        f"HTTP/1.1 200 OK\nETag: \"0\"\nx-amz-request-id: R\n"
        f"Content-Length: {len(body)}\n\n", body,
    ), "0", ""  # fmt: skip
    # Ours by its name, and not what it says.
    name = "short-body"
    yield name, found(name, truncate=100), "7", "ended|closed|short|cut"
    name = "long-length"
    yield name, found(name, content_length=100000, close="end"), "7", "."
    name = "small-length"
    yield name, found(name, content_length=60), "3,7", "."
    name = "negative-length"
    yield name, found(name, content_length=-1), "7", "."
    name = "word-length"
    yield name, found(name, content_length="ten"), "7", "."
    name = "huge-length"
    yield name, found(name, content_length=1 << 62, close="end"), "8", "larger"
    name = "two-lengths"
    body = packed(name)
    yield name, raw(
        f"HTTP/1.1 200 OK\nContent-Length: {len(body)}\n"
        f"Content-Length: 20\nx-amz-request-id: R\n\n", body,
    ), "3,7", "."  # fmt: skip
    name = "chunk-word"
    yield name, raw(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nx-amz-request-id: R\n\n",
        b"zz\r\nhello\r\n0\r\n\r\n"), "7", "."  # fmt: skip
    name = "chunk-huge"
    yield name, raw(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nx-amz-request-id: R\n\n",
        b"fffffffffffffffff\r\nhello"), "7", "."  # fmt: skip
    name = "chunk-cut"
    yield name, raw(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nx-amz-request-id: R\n\n",
        b"ff\r\nhello"), "7", "."  # fmt: skip
    name = "no-http"
    yield name, raw("SSH-2.0-OpenSSH_9.2\n\n"), "7", "."
    name = "old-http"
    yield name, raw("<html>hello</html>\n\n"), "7", "."
    name = "word-status"
    yield name, raw("HTTP/1.1 abc OK\nContent-Length: 0\n\n"), "7", "."
    name = "status-999"
    yield name, error(999, "What"), "7", "."
    name = "status-099"
    yield name, raw("HTTP/1.1 099 No\nContent-Length: 0\n\n"), "7", "."
    name = "no-content"
    yield name, raw("HTTP/1.1 204 No Content\n\n"), "3,7", "."
    name = "partial"
    yield name, {**found(name), "status": 206}, "0,3,7", ""
    name = "unasked-304"
    yield name, raw("HTTP/1.1 304 Not Modified\nETag: \"0\"\n\n"), "3,7", "."
    name = "header-flood"
    lines = "".join(f"X-{n}: {n}\n" for n in range(20000))
    yield name, raw(
        f"HTTP/1.1 200 OK\n{lines}Content-Length: 0\n\n"), "7", "header"
    name = "header-long"
    yield name, raw(
        f"HTTP/1.1 200 OK\nX-Long: {'y' * (16 << 20)}\n"
        "Content-Length: 0\n\n"), "7", "header|too"
    name = "header-endless"
    yield name, {"raw": "HTTP/1.1 200 OK\r\nX: " + "z" * 3000,
                 "drip": 1000, "close": "end"}, "7", "."  # fmt: skip
    name = "header-nameless"
    yield name, raw("HTTP/1.1 200 OK\n: x\nContent-Length: 0\n\n"), "3,7", "."
    name = "escapes-in-etag"
    rule = found(name)
    rule["headers"]["ETag"] = '"\x1b[2J\x01"'
    yield name, rule, "0,7", ""
    name = "etag-long"
    rule = found(name)
    rule["headers"]["ETag"] = f'"{"e" * 5000}"'
    yield name, rule, "0,3,7", ""
    name = "drip"
    yield name, {**found(name), "drip": 20}, "7", "not over within"
    name = "hang"
    yield name, {"hang": True}, "7", "not over within"
    name = "hang-in-body"
    yield name, {**found(name), "content_length": 5000, "drip": 100000,
                 "close": "end"}, "7", "."  # fmt: skip
    for place in ("request", "headers", "body"):
        name = f"reset-{place}"
        yield name, {**found(name), "reset": place}, "7", "."
        name = f"close-{place}"
        yield name, {**found(name), "close": place}, "7", "."
    # The body is not the entry that the key names.
    name = "flipped"
    yield name, found(name, flip=200), "3", "corrupt|crc|whole|damaged"
    name = "gzip-cut"
    yield name, found(name, packed(name)[:-9]), "3", "."
    name = "gzip-tail"
    yield name, found(name, packed(name) + b"\x1f\x8bjunk"), "3", "."
    name = "gzip-empty"
    yield name, found(name, gzip.compress(b"", mtime=0)), "3", "."
    name = "gzip-bomb"
    yield name, found(name, gzip.compress(b"\0" * (64 << 20))), "3,8", "."
    name = "empty-body"
    yield name, found(name, b""), "3", "."
    name = "wrong-hash"
    yield name, found(name, packed(name, content_sha256="0" * 64)), "3", "."
    name = "wrong-length"
    yield name, found(name, packed(name, content_length=3)), "3", "."
    name = "negative-count"
    yield name, found(name, packed(name, content_length=-1)), "3", "."
    name = "other-type"
    yield name, found(name, packed("another")), "3", "."
    name = "other-account"
    yield name, found(name, packed(name, account_id="999999999999")), "3", "."
    name = "no-json"
    yield name, found(name, packed(name, data=b'{"a":1,}')), "3", "."
    name = "deep-json"
    deep = b"[" * 5000 + b"]" * 5000
    yield name, found(name, packed(name, data=deep)), "3", "."
    name = "double-keys"
    text = envelope(name).replace(b'"ttl"', b'"ttl":1,"ttl"')
    yield name, found(name, gzip.compress(text)), "3", "."
    name = "escapes-in-metadata"
    yield name, found(name, packed(name, refreshed_by=ESCAPES)), "0,3", ""
    # An error where an entry is expected.
    name = "html"
    yield name, {"status": 200, "headers": {"Content-Type": "text/html"},
                 "body": "<html><title>Sign in</title></html>"}, "3,7", "."
    name = "error-in-200"
    yield name, {**error(200, "InternalError")}, "3,7", "."
    name = "error-empty"
    yield name, {"status": 500}, "7", "500"
    name = "error-html"
    yield name, {"status": 502, "body": "<html>Bad Gateway"}, "7", "502"
    name = "slow-down"
    yield name, error(503, "SlowDown"), "7", "SlowDown"
    name = "absurd-hint"
    yield name, error(
        503, "SlowDown", **{"Retry-After": "99999999999999999999",
                            "x-amz-retry-after": "-5"}), "7", "SlowDown"
    name = "xml-bomb"
    yield name, {"status": 403, "body": bomb()}, "5,7", "."
    name = "xml-file"
    yield name, {"status": 403, "body":
                 '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
                 "<Error><Code>&f;</Code></Error>"}, "5,7", "."
    name = "xml-deep"
    yield name, {"status": 403, "body": "<a>" * 50000}, "5,7", "."
    name = "long-message"
    yield name, error(400, "Odd", "m" * 1000000), "7", "."
    name = "escapes-in-message"
    yield name, error(400, "Odd", "red: \x9b31m \u202e"), "7", "Odd"
    name = "escapes-in-code"
    yield name, {"status": 400, "body":
                 "<Error><Code>\x1b[2J</Code></Error>"}, "7", "."
    name = "token-echo"
    yield name, {"status": 400, "headers": {"x-amz-request-id": "R"}, "body":
                 "<Error><Code>InvalidToken</Code><Message>no</Message>"
                 "<Token-0>TOKEN-THAT-MUST-NOT-SHOW</Token-0></Error>",
                 }, "4", "InvalidToken|session|token"  # fmt: skip
    name = "to-a-file"
    yield name, {"status": 302, "headers":
                 {"Location": "file:///etc/passwd"}}, "7", "."
    name = "to-a-host"
    yield name, {"status": 302, "headers":
                 {"Location": "http://127.0.0.1:9/stolen"}}, "7", "."
    name = "to-itself"
    yield name, {"status": 307, "headers":
                 {"Location": f"/bucket/{name}"}}, "7", "."
    name = "no-place"
    yield name, {"status": 301}, "7", "."


def usage(**more):
    return json.dumps({"ResultsByTime": [], **more})


# What Cost Explorer answers; the scenario is the month.
def buying():
    good = {"headers": {"x-amzn-RequestId": "R",
                        "Content-Type": "application/x-amz-json-1.1"}}
    yield "no-json", {**good, "status": 200, "body": "{"}, "8", "."
    yield "no-object", {**good, "status": 200, "body": "[]"}, "8", "."
    yield "empty", {**good, "status": 200, "body": ""}, "8", "."
    yield "two-documents", {**good, "status": 200,
                            "body": usage() + "{}"}, "8", "."
    yield "trailing-comma", {**good, "status": 200,
                             "body": '{"ResultsByTime":[],}'}, "8", "."
    yield "bad-utf-8", {**good, "status": 200, **binary(
        b'{"ResultsByTime":["\xff\xfe"]}')}, "8", "."
    yield "deep", {**good, "status": 200,
                   "body": "[" * 100000}, "8", "."
    yield "no-array", {**good, "status": 200,
                       "body": '{"ResultsByTime":7}'}, "8", "."
    yield "same-page-for-ever", {**good, "status": 200,
                                 "body": usage(NextPageToken="again")}, "8", (
        "again|page")
    yield "html", {"status": 200, "headers": {"Content-Type": "text/html"},
                   "body": "<html>"}, "8", "."
    yield "long-error", {**good, "status": 400, "body": json.dumps(
        {"__type": "ValidationException",
         "message": ESCAPES + "m" * 1000000})}, "1", "refused"
    yield "type-escapes", {**good, "status": 400, "body": json.dumps(
        {"__type": ESCAPES})}, "1", "refused"
    yield "denied", {**good, "status": 400, "body": json.dumps(
        {"__type": "AccessDeniedException", "message": "no"})}, "5", "Access"
    yield "throttled", {**good, "status": 400, "body": json.dumps(
        {"__type": "ThrottlingException"})}, "7", "Throttling"
    yield "cut", {**good, "status": 200, "body": usage(),
                  "truncate": 5}, "7", "."


GROUPS = {"reading": reading, "buying": buying}


def main(group, url):
    rules = []
    for name, rule, statuses, regex in GROUPS[group]():
        form = "/{}\\.json\\.gz" if group == "reading" else "^/{}/?$"
        rules.append({"name": name, "path": form.format(name), **rule})
        print(name, statuses, regex or "^", sep="\t")
    request = urllib.request.Request(
        f"{url}/rules", json.dumps(rules).encode(), method="POST"
    )
    urllib.request.urlopen(request).read()


if __name__ == "__main__":
    main(*sys.argv[1:])
