"""An HTTP proxy: plain requests (absolute form) and CONNECT.

usage: server.py --run-dir=DIR [--owner=PID] [--user=NAME:PASSWORD]
                 [--to=HOST:PORT] [--tls=PEM]

With --user, whoever does not say it gets 407. With --to every tunnel leads
there, whatever host was asked for: so a test server can stand for AWS's own
names. With --tls the proxy itself speaks TLS; PEM holds chain and key.
DIR/result holds PROXY_PORT when it is ready, DIR/requests.jsonl a line for
each request: method, target, status.
"""

import argparse
import base64
import json
import pathlib
import socket
import ssl
import sys
import threading
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE.parent / "fault")]

import owner  # noqa: E402
import wire  # noqa: E402

HOP = (b"proxy-authorization:", b"proxy-connection:")


class Proxy:
    def __init__(self, options):
        self._to = options.to
        self._wanted = ""
        if options.user:
            text = base64.b64encode(options.user.encode()).decode()
            self._wanted = f"Basic {text}"
        self._log = open(options.run_dir / "requests.jsonl", "a")
        self._lock = threading.Lock()

    def serve(self, client):
        reader = wire.Reader(client)
        try:
            while self._one(client, reader):
                pass
        except (wire.Closed, OSError, ValueError):
            pass
        finally:
            client.close()

    def _one(self, client, reader):
        """One request; says whether the connection goes on."""
        message = reader.head()
        if self._wanted not in ("", message.header("Proxy-Authorization")):
            self._note(message, 407)
            client.sendall(
                b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n"
                b'Proxy-Authenticate: Basic realm="test"\r\n'
                b"Connection: close\r\n\r\n"
            )
            return False
        if message.method == "CONNECT":
            self._tunnel(client, message)
            return False
        reader.request_body(message)
        answer = self._forward(message)
        self._note(message, answer.status)
        client.sendall(answer.head + answer.body)
        return True

    def _forward(self, message):
        url = urllib.parse.urlsplit(message.target)
        path = url.path + (f"?{url.query}" if url.query else "")
        lines = message.head.split(b"\r\n")
        lines[0] = f"{message.method} {path} HTTP/1.1".encode()
        lines = [s for s in lines if not s.lower().startswith(HOP)]
        with socket.create_connection((url.hostname, url.port or 80)) as end:
            end.sendall(b"\r\n".join(lines) + message.body)
            return wire.Reader(end).response(message.method)

    def _tunnel(self, client, message):
        host, _, port = (self._to or message.target).rpartition(":")
        try:
            end = socket.create_connection((host.strip("[]"), int(port)))
        except OSError:
            self._note(message, 502)
            client.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")
            return
        self._note(message, 200)
        client.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        back = threading.Thread(target=pump, args=(end, client), daemon=True)
        back.start()
        pump(client, end)
        back.join()
        end.close()

    def _note(self, message, status):
        entry = {
            "method": message.method,
            "target": message.target,
            "status": status,
        }
        with self._lock:
            self._log.write(json.dumps(entry) + "\n")
            self._log.flush()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(proxy, client, context):
    try:
        if context:
            client = context.wrap_socket(client, server_side=True)
    except OSError:
        client.close()
        return
    proxy.serve(client)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run-dir", type=pathlib.Path, required=True)
    parser.add_argument("--owner", type=int, default=0)
    parser.add_argument("--user", default="")
    parser.add_argument("--to", default="")
    parser.add_argument("--tls", default="")
    options = parser.parse_args()
    owner.follow(options.owner)
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.tls)
    proxy = Proxy(options)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    draft = options.run_dir / "result.new"
    draft.write_text(f"PROXY_PORT={listener.getsockname()[1]}\n")
    draft.rename(options.run_dir / "result")
    while True:
        client, _ = listener.accept()
        threading.Thread(
            target=serve, args=(proxy, client, context), daemon=True
        ).start()


main()
