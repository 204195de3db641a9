"""Distance: passes TCP connections on, later, and counts their round trips.

usage: server.py --run-dir=DIR [--owner=PID] [--round-trip=MS] NAME=URL...

Each URL's server is reachable at a port of ours as well. What one side sends
reaches the other after half a round trip. The kernel has shaken hands before
we are asked, so the first bytes of a connection wait a whole one more, as
they would have for that.

DIR/result holds NAME=URL of each such port when it is ready. DIR/round-trips
has a line for each round trip that a client waited for, written before it
gets what it waits for:
    NAME CONNECTION connect     the handshake of TCP
    NAME CONNECTION answer      it spoke, and was answered
However many pieces the answer comes in; what is sent to a client that has
said good-bye, by TCP or by TLS, is no answer. Windows of TCP are not part
of it.
"""

import argparse
import itertools
import pathlib
import queue
import socket
import sys
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))

import owner  # noqa: E402

# More than any bandwidth times delay here: senders are held back by it.
PIECES = 256
PIECE = 65536

# How a record begins by which TLS says good-bye, encrypted or not.
TLS_ALERT = b"\x15\x03"


class Book:
    """The file of round trips."""

    def __init__(self, path):
        self._file = open(path, "a", buffering=1)
        self._lock = threading.Lock()

    def note(self, name, number, what):
        with self._lock:
            self._file.write(f"{name} {number} {what}\n")


class Connection:
    def __init__(self, client, address, round_trip, note):
        self._client = client
        self._server = socket.create_connection(address)
        self._half = round_trip / 2
        self._ready = time.monotonic() + round_trip
        self._note = note
        self._lock = threading.Lock()
        self._asked = False
        self._ended = False
        for end in (client, self._server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self):
        self._note("connect")
        back = threading.Thread(
            target=self._direction,
            args=(self._server, self._client, self._answered),
            daemon=True,
        )
        back.start()
        self._direction(self._client, self._server, self._spoke)
        back.join()
        for end in (self._client, self._server):
            end.close()

    def _spoke(self, data):
        with self._lock:
            self._asked = True
            if not data or data.startswith(TLS_ALERT):
                self._ended = True

    def _answered(self, data):
        with self._lock:
            is_one = data and self._asked and not self._ended
            self._asked = False
        if is_one:
            self._note("answer")

    def _direction(self, source, sink, seen):
        """Reads at once, so that each piece is late by the same time."""
        pieces = queue.Queue(PIECES)
        late = threading.Thread(
            target=self._deliver, args=(pieces, sink), daemon=True
        )
        late.start()
        data = b"-"
        while data:
            try:
                data = source.recv(PIECE)
            except OSError:
                data = b""
            seen(data)
            pieces.put((self._due(), data))
        late.join()

    def _due(self):
        return max(time.monotonic(), self._ready) + self._half

    def _deliver(self, pieces, sink):
        data = b"-"
        while data:
            due, data = pieces.get()
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            try:
                if data:
                    sink.sendall(data)
                else:
                    sink.shutdown(socket.SHUT_WR)
            except OSError:
                # Whoever reads for us goes on until its side has ended.
                continue


def accept(listener, name, address, round_trip, book):
    for number in itertools.count(1):
        client, _ = listener.accept()

        def note(what, number=number):
            book.note(name, number, what)

        try:
            connection = Connection(client, address, round_trip, note)
        except OSError:
            client.close()
            continue
        threading.Thread(target=connection.run, daemon=True).start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run-dir", type=pathlib.Path, required=True)
    parser.add_argument("--owner", type=int, default=0)
    parser.add_argument("--round-trip", type=float, default=0)
    parser.add_argument("servers", nargs="+")
    options = parser.parse_args()
    owner.follow(options.owner)
    book = Book(options.run_dir / "round-trips")
    result = ""
    for pair in options.servers:
        name, _, url = pair.partition("=")
        parts = urllib.parse.urlsplit(url)
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        threading.Thread(
            target=accept,
            args=(
                listener,
                name,
                (parts.hostname, parts.port),
                options.round_trip / 1000,
                book,
            ),
            daemon=True,
        ).start()
        # A certificate is for the name.
        port = listener.getsockname()[1]
        result += f"{name}={parts.scheme}://{parts.hostname}:{port}\n"
    draft = options.run_dir / "result.new"
    draft.write_text(result)
    draft.rename(options.run_dir / "result")
    threading.Event().wait()


main()
