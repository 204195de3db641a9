"""A request log of JSON lines, complete before the client sees its answer."""

import json
import re
import threading
import time

# What the tests themselves send is logged, but not counted.
OWN_AGENT = "teamcache-test"


class RequestLog:
    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()
        self._file = open(path, "a", encoding="utf-8")
        self._entries = []

    def add(self, **fields):
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        fields = {"time": f"{stamp}.{int(now * 1000) % 1000:03d}Z", **fields}
        line = json.dumps(fields, ensure_ascii=True) + "\n"
        with self._lock:
            self._entries.append(fields)
            if not self._file.closed:
                self._file.write(line)
                self._file.flush()

    def entries(self):
        with self._lock:
            return list(self._entries)

    def count(self, since=0, path="", **wanted):
        """How many entries from number `since` on have these fields.

        path is a regular expression, searched in the path with its query;
        an empty string stands for anything. Numbers are strings, for bash.
        """
        entries = self.entries()
        found = [
            entry
            for entry in entries[int(since) :]
            if entry.get("user_agent") != OWN_AGENT
            and all(
                value in ("", entry.get(name))
                for name, value in wanted.items()
            )
            and re.search(path, path_and_query(entry))
        ]
        return {
            "count": str(len(found)),
            "connections": str(len({entry["connection"] for entry in found})),
            "entries": str(len(entries)),
        }

    def close(self):
        with self._lock:
            self._file.close()


def path_and_query(entry):
    query = entry.get("query")
    return entry.get("path", "") + (f"?{query}" if query else "")
