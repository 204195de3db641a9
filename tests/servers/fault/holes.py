"""Ports at which nobody answers, in two ways."""

import socket


class BlackHole:
    """Connecting neither succeeds nor fails: the queue is full, for good."""

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self._fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(self._listener.getsockname())
            self._fillers.append(filler)

    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"


class Refused:
    """Connecting is refused: the port is taken, yet nobody listens."""

    def __init__(self):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))

    def url(self):
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"
