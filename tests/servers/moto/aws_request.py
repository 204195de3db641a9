"""An AWS request, read from its WSGI environment."""

import io
import threading

import aws_names

CONDITIONS = (
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
)

# The request that this thread works on; moto's code has no other way to know.
_current = threading.local()


class AwsRequest:
    def __init__(self, environ):
        self.environ = environ
        self.body = read_body(environ)
        self.method = environ["REQUEST_METHOD"]
        self.path = environ.get("PATH_INFO", "/")
        self.query = environ.get("QUERY_STRING", "")
        target = self.header("X-Amz-Target")
        form = aws_names.form_of(environ.get("CONTENT_TYPE", ""), self.body)
        self.access_key, self.service = aws_names.service_of(
            self.header("Authorization"), target, form
        )
        self.operation = aws_names.operation_of(
            target, form, self.method, self.path, self.query
        )
        self.conditions = {
            name: self.header(name) for name in CONDITIONS if self.header(name)
        }
        # Set by the lane that took the request.
        self.lane = None
        self.removed_headers = {}

    def header(self, name):
        return self.environ.get(environ_name(name), "")

    def hide_conditions(self):
        """moto no longer sees them, the signature check still does."""
        for name, value in self.conditions.items():
            self.removed_headers[name] = value
            del self.environ[environ_name(name)]

    def make_current(self):
        _current.request = self


def current():
    return _current.request


def environ_name(header):
    return "HTTP_" + header.upper().replace("-", "_")


def read_body(environ):
    """Reads it whole and leaves it readable, of known length, for the app."""
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read()
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body
