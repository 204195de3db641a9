"""A server that does on purpose what no real one will: wrong answers, slow
ones, half ones, none. By itself, or in front of another server.

usage: server.py --run-dir=DIR [--owner=PID]

DIR/result holds FAULT_CONTROL_URL when it is ready. Over there:
  POST   /lanes {"upstream": URL?, "tls": KIND?, "rules": [...]?}
         a new port; answers its lane, url, log and, with tls, ca_file;
         instead of a kind, the path of a PEM file with chain and key
  POST   /lanes/NAME/rules [RULE, ...]   adds;   DELETE takes all away
  GET    /lanes/NAME/rules               with how many requests each has seen
  POST   /lanes/NAME/count {"service", "operation", "method", "path", "since"}
  POST   /lanes/NAME/state {"down": BOOL}    refuses connections, or no more
  DELETE /lanes/NAME
  POST   /black-hole, POST /refused      answers a url
README.md describes the rules.
"""

import argparse
import itertools
import json
import pathlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))

import certificates  # noqa: E402
import holes  # noqa: E402
import owner  # noqa: E402
from lane import Lane  # noqa: E402


class Faults:
    def __init__(self, run_dir):
        self._run_dir = run_dir
        self._numbers = itertools.count(1)
        self._lanes = {}
        self._holes = []
        self._lock = threading.Lock()

    def do(self, method, path, document):
        kind, _, rest = path.strip("/").partition("/")
        if (method, kind) == ("POST", "black-hole"):
            return self._keep(holes.BlackHole())
        if (method, kind) == ("POST", "refused"):
            return self._keep(holes.Refused())
        if kind != "lanes":
            raise ValueError(f"no such control: {method} {path}")
        if method == "POST" and not rest:
            return self._open_lane(document or {})
        name, _, part = rest.partition("/")
        if method == "DELETE" and not part:
            with self._lock:
                self._lanes.pop(name).close()
            return {}
        lane = self._lanes[name]
        if (method, part) == ("POST", "state"):
            lane.set_down(bool(document["down"]))
        elif (method, part) == ("POST", "count"):
            return lane.log.count(**document)
        elif part != "rules":
            raise ValueError(f"no such control: {method} {path}")
        elif method == "POST":
            lane.add_rules(document)
        elif method == "DELETE":
            lane.clear_rules()
        return lane.rules_seen()

    def _open_lane(self, document):
        with self._lock:
            name = f"fault-{next(self._numbers)}"
        log_path = self._run_dir / f"requests-{name}.jsonl"
        result = {"lane": name, "log": str(log_path)}
        certificate = None
        if document.get("tls", "").startswith("/"):
            certificate = [document["tls"]]
        elif "tls" in document:
            certificate = certificates.make(self._run_dir, document["tls"])
            result["ca_file"] = str(certificates.make_ca(self._run_dir))
        lane = Lane(name, log_path, document.get("upstream"), certificate)
        lane.add_rules(document.get("rules", []))
        with self._lock:
            self._lanes[name] = lane
        return {**result, "url": lane.url()}

    def _keep(self, hole):
        with self._lock:
            self._holes.append(hole)
        return {"url": hole.url()}


class Control(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults = None

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        status = 200
        try:
            document = json.loads(body) if body else None
            result = self.faults.do(self.command, self.path, document)
        except Exception as error:
            status, result = 400, {"error": repr(error)}
        text = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = answer

    def log_request(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run-dir", type=pathlib.Path, required=True)
    parser.add_argument("--owner", type=int, default=0)
    options = parser.parse_args()
    owner.follow(options.owner)
    Control.faults = Faults(options.run_dir)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Control)
    result = options.run_dir / "result"
    draft = result.with_suffix(".new")
    draft.write_text(
        f"FAULT_CONTROL_URL=http://127.0.0.1:{server.server_address[1]}\n"
    )
    draft.rename(result)
    server.serve_forever()


main()
