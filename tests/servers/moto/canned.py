"""Answers that a test has laid down for requests to come.

Each is an object with
  match    an operation (GetCostAndUsage, GetCallerIdentity, PutObject), or
           "METHOD /path" where the path may hold * and ?
  times    how many requests it serves (1), or "always"
  status, headers {name: value}, delay (seconds)
and one of
  type, message    an error in the form of the service that is asked
  body             a JSON document
  text             anything else, as it is
For one request the first of the same match that is left serves.
"""

import fnmatch
import threading
import time

import answers


class CannedAnswers:
    def __init__(self):
        self._lock = threading.Lock()
        self._entries = []

    def add(self, entries):
        for entry in entries:
            if "match" not in entry:
                raise ValueError("a canned answer needs a match")
        with self._lock:
            self._entries += [dict(entry) for entry in entries]

    def clear(self):
        with self._lock:
            self._entries = []

    def left(self):
        with self._lock:
            return list(self._entries)

    def take(self, request):
        """The answer for this request, or None."""
        entry = self._take_entry(request)
        if entry is None:
            return None
        time.sleep(float(entry.get("delay", 0)))
        return compose(entry, request)

    def _take_entry(self, request):
        with self._lock:
            for index, entry in enumerate(self._entries):
                if not matches(entry["match"], request):
                    continue
                if entry.get("times", 1) == "always":
                    return entry
                entry["times"] = int(entry.get("times", 1)) - 1
                if entry["times"] <= 0:
                    del self._entries[index]
                return entry
        return None


def matches(pattern, request):
    method, space, path = pattern.partition(" ")
    if not space:
        return pattern == request.operation
    return method == request.method and fnmatch.fnmatchcase(request.path, path)


def compose(entry, request):
    headers = list(entry.get("headers", {}).items())
    status = int(entry["status"]) if "status" in entry else None
    if "type" in entry:
        return answers.error(
            request.service,
            entry["type"],
            entry.get("message", ""),
            status,
            headers,
        )
    if "body" in entry:
        return answers.json_answer(status or 200, entry["body"], headers)
    text = entry.get("text", "")
    return answers.Answer(status or 200, headers, text.encode())
