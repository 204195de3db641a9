"""HTTP/1.1 messages as bytes: read from a socket, kept exactly as they came."""

import dataclasses

LARGEST_HEAD = 1024 * 1024


class Closed(Exception):
    """The other side ended the connection before the message was whole."""


@dataclasses.dataclass
class Message:
    """A head, as it came (with its empty line), and a body, as it came."""

    head: bytes
    body: bytes = b""

    @property
    def start_line(self):
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def method(self):
        return self.start_line.split(" ")[0]

    @property
    def target(self):
        return (self.start_line.split(" ") + ["", ""])[1]

    @property
    def status(self):
        return int(self.start_line.split(" ")[1])

    def header(self, name):
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""

    def is_chunked(self):
        return "chunked" in self.header("Transfer-Encoding").lower()

    def content(self):
        """The body without the framing of chunks."""
        if not self.is_chunked():
            return self.body
        rest, content = self.body, b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size.split(b";")[0], 16)
            content += rest[:length]
            rest = rest[length + 2 :]
            if length == 0:
                break
        return content


class Reader:
    """Reads messages from a socket, one after the other."""

    def __init__(self, connection):
        self._connection = connection
        self._buffer = b""

    def _more(self):
        data = self._connection.recv(256 * 1024)
        if not data:
            raise Closed()
        self._buffer += data

    def _until(self, mark, limit):
        while mark not in self._buffer:
            if len(self._buffer) > limit:
                raise Closed()
            self._more()
        end = self._buffer.index(mark) + len(mark)
        taken, self._buffer = self._buffer[:end], self._buffer[end:]
        return taken

    def _exactly(self, length):
        parts, missing = [self._buffer], length - len(self._buffer)
        if missing < 0:
            taken, self._buffer = self._buffer[:length], self._buffer[length:]
            return taken
        self._buffer = b""
        while missing > 0:
            data = self._connection.recv(min(missing, 1024 * 1024))
            if not data:
                raise Closed()
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    def _chunks(self):
        parts = []
        while True:
            line = self._until(b"\r\n", 4096)
            parts.append(line)
            length = int(line.split(b";")[0], 16)
            parts.append(self._exactly(length + 2) if length else b"")
            if length == 0:
                break
        while parts[-1] != b"\r\n":
            parts.append(self._until(b"\r\n", LARGEST_HEAD))
        return b"".join(parts)

    def head(self):
        return Message(self._until(b"\r\n\r\n", LARGEST_HEAD))

    def request_body(self, message):
        if message.is_chunked():
            message.body = self._chunks()
        else:
            message.body = self._exactly(
                int(message.header("Content-Length") or 0)
            )

    def response(self, method):
        """The final response; interim ones (100) are dropped."""
        while True:
            message = self.head()
            if message.status >= 200:
                break
        if method == "HEAD" or message.status in (204, 304):
            return message
        if message.is_chunked():
            message.body = self._chunks()
        elif message.header("Content-Length"):
            message.body = self._exactly(int(message.header("Content-Length")))
        else:
            try:
                while True:
                    self._more()
            except Closed:
                message.body, self._buffer = self._buffer, b""
        return message
