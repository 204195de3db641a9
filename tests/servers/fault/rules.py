"""Rules: which requests, and what happens to them. README.md has the list."""

import base64
import dataclasses
import email.utils
import http
import re
import time

import wire

MATCHING = {"method", "path", "operation", "owner", "nth", "on"}
DOING = {
    "answer_early",
    "apply",
    "body",
    "body_base64",
    "body_file",
    "body_size",
    "chunk_size",
    "close",
    "content_length",
    "delay",
    "drip",
    "flip",
    "hang",
    "headers",
    "late",
    "name",
    "raw",
    "reason",
    "remove_headers",
    "reset",
    "status",
    "truncate",
}


@dataclasses.dataclass
class Request:
    """What rules look at."""

    method: str
    target: str
    operation: str
    expected_owner: str


class Rule:
    def __init__(self, document):
        unknown = set(document) - MATCHING - DOING
        if unknown:
            raise ValueError(f"unknown in a rule: {sorted(unknown)}")
        self.document = document
        self.seen = 0
        re.compile(document.get("path", ""))
        if self.ending not in (None, "request", "headers", "body", "end"):
            raise ValueError(f"no such place to end: {self.ending}")

    def __getitem__(self, name):
        return self.document[name]

    def __contains__(self, name):
        return name in self.document

    def get(self, name, default=None):
        return self.document.get(name, default)

    @property
    def is_early(self):
        """Decides before the request's body has been read."""
        return bool(self.get("answer_early"))

    @property
    def at_accept(self):
        return self.get("on") == "accept"

    def matches(self, request):
        """Counts the request if it is one of these, says whether it is due."""
        methods = self.get("method", request.method)
        if request.method not in (
            methods if isinstance(methods, list) else [methods]
        ):
            return False
        if not re.search(self.get("path", ""), request.target):
            return False
        if self.get("operation", request.operation) != request.operation:
            return False
        if "owner" in self and request.expected_owner in ("", self["owner"]):
            return False
        return self.is_due()

    def is_due(self):
        self.seen += 1
        nth = self.get("nth")
        if nth is None:
            return True
        if isinstance(nth, str) and nth.endswith("+"):
            return self.seen >= int(nth[:-1])
        return self.seen in (nth if isinstance(nth, list) else [nth])

    @property
    def has_answer(self):
        return "status" in self or "raw" in self

    @property
    def ending(self):
        """Where the connection ends: after the request, amid the headers,
        amid the body, at the end, or None."""
        place = self.get("reset") or self.get("close")
        return "request" if place is True else place

    @property
    def forwards(self):
        """Whether the upstream server gets to see the request."""
        if "apply" in self:
            return bool(self["apply"])
        gone = self.ending == "request"
        return not (self.has_answer or self.get("hang") or gone)


def compose(rule):
    """The answer that a rule gives by itself, as a wire.Message."""
    if "raw" in rule:
        head, mark, body = rule["raw"].encode("latin-1").partition(b"\r\n\r\n")
        return wire.Message(head + mark, body)
    status = int(rule["status"])
    reason = rule.get("reason", phrase_of(status))
    headers = rule.get("headers", {})
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    names = {name.lower() for name, _ in pairs}
    lines = [f"HTTP/1.1 {status} {reason}"]
    if "date" not in names:
        lines.append(f"Date: {email.utils.formatdate(usegmt=True)}")
    lines += [f"{name}: {value}" for name, value in pairs]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return wire.Message(head, body_of(rule))


def phrase_of(status):
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def body_of(rule):
    if "body_base64" in rule:
        return base64.b64decode(rule["body_base64"])
    if "body_file" in rule:
        with open(rule["body_file"], "rb") as file:
            return file.read()
    if "body_size" in rule:
        return b"x" * int(rule["body_size"])
    return rule.get("body", "").encode()


def frame(rule, message, is_composed):
    """Gives the message the length, chunks and headers that the rule wants."""
    body = message.body
    if "flip" in rule:
        at = int(rule["flip"])
        body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
    changes = {}
    if not is_composed:
        changes.update(rule.get("headers", {}))
    removed = [name.lower() for name in rule.get("remove_headers", [])]
    if "chunk_size" in rule:
        size = int(rule["chunk_size"])
        body = b"".join(
            b"%x\r\n%s\r\n" % (len(part), part)
            for part in (
                body[n : n + size] for n in range(0, len(body), size)
            )
        )
        body += b"0\r\n\r\n"
        changes["Transfer-Encoding"] = "chunked"
        removed.append("content-length")
    elif "content_length" in rule:
        if rule["content_length"] == "none":
            removed.append("content-length")
            changes["Connection"] = "close"
        else:
            changes["Content-Length"] = str(rule["content_length"])
    elif is_composed and "raw" not in rule and message.status >= 200:
        if not message.header("Content-Length") and message.status not in (
            204,
            304,
        ):
            changes["Content-Length"] = str(len(body))
    return wire.Message(change_head(message.head, changes, removed), body)


def change_head(head, changes, removed):
    if not changes and not removed:
        return head
    dropped = {name.lower() for name in changes} | set(removed)
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    lines = [
        line
        for line in lines
        if line.partition(b":")[0].decode("latin-1").lower() not in dropped
    ]
    lines += [f"{n}: {v}".encode("latin-1") for n, v in changes.items()]
    return b"\r\n".join([first, *lines]) + b"\r\n\r\n"


def pause(seconds, is_over):
    """Sleeps, but not past the moment when is_over() says so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_over():
        time.sleep(min(0.05, max(0.0, end - time.monotonic())))
