"""A lane: one port with rules, perhaps a server behind it, and a log."""

import re
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse

import aws_names
import request_log
import rules
import wire

NOTHING_HERE = {
    "status": 404,
    "headers": {"Content-Type": "text/plain"},
    "body": "no rule for this request, and no server behind\n",
}


class Gone(Exception):
    """The connection was ended, by a rule or by the client."""


class Lane:
    def __init__(self, name, log_path, upstream=None, certificate=None):
        self.name = name
        self.log = request_log.RequestLog(log_path)
        self._upstream = address_of(upstream) if upstream else None
        self._rules = []
        self._lock = threading.Lock()
        self._connections = 0
        self._closed = False
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*certificate)
        self._port = 0
        self._listen()

    def _listen(self):
        self._listener = socket.create_server(
            ("127.0.0.1", self._port), backlog=512
        )
        self._port = self._listener.getsockname()[1]
        self._is_down = False
        threading.Thread(
            target=self._accept, args=(self._listener,), daemon=True
        ).start()

    def set_down(self, is_down):
        """Down: connecting is refused, the port stays ours."""
        with self._lock:
            if is_down == self._is_down:
                return
            stop_listening(self._listener)
            if not is_down:
                self._listen()
                return
            self._is_down = True
            self._listener = socket.socket()
            self._listener.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )
            self._listener.bind(("127.0.0.1", self._port))

    def url(self):
        port = self._port
        # A certificate is for a name.
        return f"https://localhost:{port}" if self._tls else (
            f"http://127.0.0.1:{port}"
        )

    def add_rules(self, documents):
        new = [rules.Rule(document) for document in documents]
        with self._lock:
            self._rules += new

    def clear_rules(self):
        with self._lock:
            self._rules = []

    def rules_seen(self):
        with self._lock:
            return [{**r.document, "seen": r.seen} for r in self._rules]

    def close(self):
        self._closed = True
        stop_listening(self._listener)
        self.log.close()

    def is_closed(self):
        return self._closed

    def rule_at_accept(self):
        with self._lock:
            for rule in self._rules:
                if rule.at_accept and rule.is_due():
                    return rule
        return None

    def rule_for(self, request, early):
        """The first rule that is due; every rule that matches counts."""
        with self._lock:
            due = [
                rule
                for rule in self._rules
                if not rule.at_accept
                and rule.is_early == early
                and rule.matches(request)
            ]
        return due[0] if due else None

    def ask_upstream(self, request):
        """Byte for byte there and back, a connection for each request."""
        with socket.create_connection(self._upstream, timeout=300) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.sendall(request.head + request.body)
            return wire.Reader(server).response(request.method)

    @property
    def has_upstream(self):
        return self._upstream is not None

    def _accept(self, listener):
        while not self._closed:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self._connections += 1
            threading.Thread(
                target=self._serve,
                args=(client, self._connections),
                daemon=True,
            ).start()

    def _serve(self, client, number):
        connection = Connection(self, client, number)
        try:
            rule = self.rule_at_accept()
            if rule is not None:
                connection.suffer_at_accept(rule)
            if self._tls:
                connection.start_tls(self._tls)
            while connection.serve_request():
                pass
        except (Gone, wire.Closed, OSError):
            pass
        finally:
            connection.end()


class Connection:
    """One client's connection."""

    def __init__(self, lane, client, number):
        self._lane = lane
        self._client = client
        self._number = number
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.settimeout(300)
        self._reader = wire.Reader(client)

    def start_tls(self, context):
        self._client = context.wrap_socket(self._client, server_side=True)
        self._reader = wire.Reader(self._client)

    def end(self):
        try:
            self._client.close()
        except OSError:
            pass

    def serve_request(self):
        """One request; says whether the connection goes on."""
        message = self._reader.head()
        rule = self._choose(message, early=True)
        if rule is None:
            if "100-continue" in message.header("Expect").lower():
                self._client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._reader.request_body(message)
            rule = self._choose(message, early=False)
        if rule is None:
            rule = rules.Rule({} if self._lane.has_upstream else NOTHING_HERE)
        answer = self._answer(message, rule)
        self._send(message, rule, answer)
        is_last = (
            rule.is_early
            or answer.header("Connection").lower() == "close"
            or message.header("Connection").lower() == "close"
        )
        return not is_last

    def suffer_at_accept(self, rule):
        self._pause(rule)
        self._log(None, rule, "accept", 0)
        if rule.get("hang"):
            self._hang()
        if rule.get("reset"):
            self._reset()
        raise Gone()

    def _choose(self, message, early):
        path, _, query = message.target.partition("?")
        form = aws_names.form_of(message.header("Content-Type"), message.body)
        operation = aws_names.operation_of(
            message.header("X-Amz-Target"), form, message.method, path, query
        )
        request = rules.Request(
            message.method,
            message.target,
            operation,
            message.header("X-Amz-Expected-Bucket-Owner"),
        )
        return self._lane.rule_for(request, early)

    def _answer(self, message, rule):
        """What the client would get if nothing went wrong on its way."""
        answer = None
        if rule.forwards:
            if not self._lane.has_upstream:
                raise ValueError("a rule forwards, and no server is behind")
            self._pause(rule, "late")
            answer = self._lane.ask_upstream(message)
        if rule.has_answer:
            answer = rules.compose(rule)
        if answer is None:
            return wire.Message(b"")
        return rules.frame(rule, answer, rule.has_answer)

    def _send(self, message, rule, answer):
        self._pause(rule)
        if rule.get("hang"):
            self._log(message, rule, "hang", 0)
            self._hang()
        head, body = answer.head, answer.body
        if message.method == "HEAD" and rule.has_answer:
            body = b""
        head, body = cut(head, body, rule)
        self._log(message, rule, status_of(answer), len(head) + len(body))
        self._drip(head + body, rule)
        if rule.get("reset"):
            self._reset()
        if rule.get("close") or "truncate" in rule:
            raise Gone()

    def _drip(self, data, rule):
        """At most `drip` bytes a second, in steps of a twentieth of one."""
        if "drip" not in rule:
            self._client.sendall(data)
            return
        step = max(1, int(rule["drip"]) // 20)
        for start in range(0, len(data), step):
            self._client.sendall(data[start : start + step])
            time.sleep(step / int(rule["drip"]))

    def _pause(self, rule, member="delay"):
        rules.pause(float(rule.get(member, 0)), self._lane.is_closed)

    def _hang(self):
        """Says nothing until the client has gone."""
        while not self._lane.is_closed():
            readable, _, _ = select.select([self._client], [], [], 0.2)
            if readable and not self._client.recv(65536):
                break
        raise Gone()

    def _reset(self):
        self._client.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        raise Gone()

    def _log(self, message, rule, status, bytes_out):
        fields = {"lane": self._lane.name, "connection": self._number}
        if message is not None:
            path, _, query = message.target.partition("?")
            target = message.header("X-Amz-Target")
            form = aws_names.form_of(
                message.header("Content-Type"), message.body
            )
            access_key, service = aws_names.service_of(
                message.header("Authorization"), target, form
            )
            fields.update(
                service=service,
                operation=aws_names.operation_of(
                    target, form, message.method, path, query
                ),
                method=message.method,
                path=urllib.parse.unquote(path),
                query=query,
                access_key=access_key,
                host=message.header("Host"),
                expected_owner=message.header("X-Amz-Expected-Bucket-Owner"),
                user_agent=message.header("User-Agent"),
                bytes_in=len(message.body),
            )
        self._lane.log.add(
            **fields,
            status=status,
            bytes_out=bytes_out,
            forwarded=rule.forwards,
            rule=rule.get("name", ""),
        )


def stop_listening(listener):
    try:
        # Wakes the thread that accepts; close() alone does not.
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    listener.close()


def cut(head, body, rule):
    """What is sent before the connection ends, if it does."""
    place = rule.ending
    if place == "request":
        return b"", b""
    if place == "headers":
        return head[: len(head) // 2], b""
    if place == "body":
        return head, body[: len(body) // 2]
    if "truncate" in rule:
        return head, body[: int(rule["truncate"])]
    return head, body


def status_of(answer):
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer.head)
    return int(found.group(1)) if found else 0


def address_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port or 80
