"""A request log of JSON lines, complete before the client sees its answer."""

import json
import threading
import time


class RequestLog:
    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()
        self._file = open(path, "a", encoding="utf-8")

    def add(self, **fields):
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        fields = {"time": f"{stamp}.{int(now * 1000) % 1000:03d}Z", **fields}
        line = json.dumps(fields, ensure_ascii=True) + "\n"
        with self._lock:
            if not self._file.closed:
                self._file.write(line)
                self._file.flush()

    def lines(self):
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def close(self):
        with self._lock:
            self._file.close()
