"""HTTP/1.1 with connections that stay open, one thread each.

werkzeug's own handler closes the connection after each answer; a client that
reuses connections would never be seen doing so. Here the body is always read
whole before the answer, so the next request begins where it should.
"""

import email.utils
import http
import itertools
import logging
import socket
import sys
import threading
import traceback

import answers
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

_connections = itertools.count(1)


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    # The answer goes out in one piece; nothing waits for more.
    disable_nagle_algorithm = True
    timeout = 300

    def setup(self):
        super().setup()
        self.connection_number = next(_connections)

    def run_wsgi(self):
        lane = self.server.lane
        environ = self.make_environ()
        try:
            if environ["PATH_INFO"].startswith("/_test/"):
                answer = self.server.controls.answer(lane, environ)
            else:
                answer = lane.answer(environ, self.connection_number)
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
            answer = answers.error("s3", "InternalError", "see the log", 500)
        self.send_answer(answer, lane.now())

    def send_answer(self, answer, now):
        try:
            phrase = http.HTTPStatus(answer.status).phrase
        except ValueError:
            phrase = "Unknown"
        has_body = self.command != "HEAD" and answer.status not in (204, 304)
        lines = [
            f"HTTP/1.1 {answer.status} {phrase}",
            f"Date: {email.utils.format_datetime(now, usegmt=True)}",
        ]
        names = set()
        for name, value in answer.headers:
            names.add(name.lower())
            if has_body and name.lower() == "content-length":
                continue
            lines.append(f"{name}: {value}")
        if has_body:
            lines.append(f"Content-Length: {len(answer.body)}")
        elif self.command == "HEAD" and "content-length" not in names:
            lines.append("Content-Length: 0")
        if "x-amz-request-id" not in names:
            lines.append("x-amz-request-id: TEST0000REQUEST0")
        if self.close_connection:
            lines.append("Connection: close")
        head = "\r\n".join(lines) + "\r\n\r\n"
        self.wfile.write(
            head.encode("latin-1") + (answer.body if has_body else b"")
        )

    def log_request(self, *_):
        """The lane has its own log."""


class Server(ThreadedWSGIServer):
    request_queue_size = 512

    def __init__(self, port, lane, controls):
        super().__init__("127.0.0.1", port, None, handler=Handler)
        self.lane = lane
        self.controls = controls

    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self):
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, socket.timeout)):
            super().handle_error(request, client_address)


logging.getLogger("werkzeug").setLevel(logging.ERROR)
