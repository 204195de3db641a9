"""The few calls of Vault's transit engine that radosgw makes for SSE-S3.

Default bucket encryption (AES256) needs a key server; this one hands out
random keys and "encrypts" them by writing them down. It is also the cluster's
guard: when the owner is gone it stops the cluster.

usage: fake_vault.py --run-dir=DIR --owner=PID
"""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import owner  # noqa: E402


class Vault(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        try:
            request = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            request = {}
        segments = self.path.split("/")
        if "datakey" in segments:
            key = base64.b64encode(os.urandom(32)).decode()
            self.answer({"plaintext": key, "ciphertext": "vault:v1:" + key})
        elif "decrypt" in segments:
            self.answer({"plaintext": request["ciphertext"].split(":", 2)[2]})
        else:
            self.answer({})

    do_PUT = do_POST

    def do_GET(self):
        self.answer({"keys": {"1": 1}, "type": "aes256-gcm96"})

    def do_DELETE(self):
        self.send_response(204)
        self.end_headers()

    def answer(self, data):
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run-dir", type=pathlib.Path, required=True)
    parser.add_argument("--owner", type=int, default=0)
    options = parser.parse_args()
    run_dir = options.run_dir
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vault)
    ready = run_dir / "vault.port.new"
    ready.write_text(str(server.server_address[1]))
    ready.rename(run_dir / "vault.port")
    owner.follow(
        options.owner,
        lambda: subprocess.call([str(HERE / "stop"), str(run_dir)]),
    )
    server.serve_forever()


main()
