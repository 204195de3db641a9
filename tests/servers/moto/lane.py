"""A lane: one port of the stand-in, with a request log, settings and canned
answers of its own. All lanes share the accounts, buckets and objects."""

import base64
import datetime
import hashlib
import json
import re
import threading

import answers
import aws_request
import canned
import principals
import request_log

DEFAULT_SETTINGS = {
    # Signatures and policies are checked.
    "enforce": True,
    # If-Match and If-None-Match of writes are overlooked.
    "ignore_conditions": False,
    # Requests count as such that came over TLS, for policies that ask.
    "tls": False,
    # The server's whole clock: Date, Last-Modified, the skew it accepts,
    # "today".
    "date_offset_seconds": 0,
    # A moment (RFC 3339) at which that clock stands still.
    "frozen_at": "",
    # Cost Explorer: groups a page (0: one page), how long it takes, how many
    # services there are, another number for other amounts.
    "page_size_groups": 0,
    "ce_delay_seconds": 0,
    "services": 12,
    "revision": 0,
    "estimated": "auto",
}
LARGEST_SKEW = datetime.timedelta(minutes=15)

# A check of a condition and the write that follows are one step.
_write_lock = threading.Lock()


class Lane:
    def __init__(self, name, moto_app, log_path):
        self.name = name
        self.settings = dict(DEFAULT_SETTINGS)
        self.canned = canned.CannedAnswers()
        self.log = request_log.RequestLog(log_path)
        self._moto_app = moto_app

    def now(self):
        if self.settings["frozen_at"]:
            return datetime.datetime.fromisoformat(
                self.settings["frozen_at"].replace("Z", "+00:00")
            )
        offset = datetime.timedelta(
            seconds=float(self.settings["date_offset_seconds"])
        )
        return datetime.datetime.now(datetime.timezone.utc) + offset

    def answer(self, environ, connection):
        """An Answer for the request; it is in the log before it is sent."""
        if environ.get("PATH_INFO", "").startswith("/moto-api"):
            return call(self._moto_app, environ)
        request = aws_request.AwsRequest(environ)
        request.lane = self
        request.make_current()
        answer = (
            self.canned.take(request)
            or self._refusal(request)
            or self._ask_moto(request)
        )
        self.log.add(
            lane=self.name,
            connection=connection,
            service=request.service,
            operation=request.operation,
            method=request.method,
            path=request.path,
            query=request.query,
            status=answer.status,
            conditions=request.conditions,
            access_key=request.access_key,
            user_agent=request.header("User-Agent"),
            bytes_in=len(request.body),
            bytes_out=len(answer.body),
        )
        return answer

    def _refusal(self, request):
        """What AWS checks before anything else, and moto does not."""
        if not self.settings["enforce"]:
            return None
        stamp = request.header("X-Amz-Date")
        if stamp:
            skew = self._skew(stamp)
            if skew is None or abs(skew) > LARGEST_SKEW:
                return self._too_skewed(request, stamp)
        digest = request.header("X-Amz-Content-SHA256")
        if re.fullmatch("[0-9a-f]{64}", digest):
            if hashlib.sha256(request.body).hexdigest() != digest:
                return answers.error(
                    request.service,
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not "
                    "match what was computed.",
                    400,
                )
        checksum = request.header("X-Amz-Checksum-SHA256")
        digest = hashlib.sha256(request.body).digest()
        if checksum and base64.b64encode(digest).decode() != checksum:
            return answers.error(
                request.service,
                "BadDigest",
                "The SHA256 you specified did not match the calculated "
                "checksum.",
                400,
            )
        return None

    def _skew(self, stamp):
        try:
            sent = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ")
        except ValueError:
            return None
        return self.now() - sent.replace(tzinfo=datetime.timezone.utc)

    def _too_skewed(self, request, stamp):
        now = self.now().strftime("%Y%m%dT%H%M%SZ")
        if request.service == "s3":
            return answers.error(
                "s3",
                "RequestTimeTooSkewed",
                "The difference between the request time and the current "
                "time is too large.",
                403,
            )
        code = "SignatureDoesNotMatch"
        if request.service in answers.JSON_SERVICES:
            code = "InvalidSignatureException"
        word = "expired" if stamp < now else "not yet current"
        return answers.error(
            request.service, code, f"Signature {word}: {stamp} against {now}"
        )

    def _ask_moto(self, request):
        if request.service == "s3" and request.method in (
            "PUT",
            "POST",
            "DELETE",
        ):
            if self.settings["ignore_conditions"]:
                request.hide_conditions()
            with _write_lock:
                answer = call(self._moto_app, request.environ)
        else:
            answer = call(self._moto_app, request.environ)
        if request.service in answers.JSON_SERVICES:
            return as_json_error(request.service, answer)
        return answer


def call(app, environ):
    """Runs a WSGI application to its end."""
    began = {}

    def start_response(status, headers, exc_info=None):
        began["status"] = int(status.split(" ", 1)[0])
        began["headers"] = headers
        return lambda data: None

    parts = app(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return answers.Answer(began["status"], list(began["headers"]), body)


def as_json_error(service, answer):
    """moto refuses in XML whoever asks; JSON services say it in JSON."""
    if answer.status < 400 or not answer.body.startswith(b"<"):
        return answer
    text = answer.body.decode()

    def element(name):
        found = re.search(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        return found.group(1) if found else ""

    code = element("Code")
    code = {
        "AccessDenied": "AccessDeniedException",
        "InvalidClientTokenId": "UnrecognizedClientException",
        "SignatureDoesNotMatch": "InvalidSignatureException",
    }.get(code, code)
    return answers.error(service, code, element("Message"), 400)


class Controls:
    """What a test may ask of a lane, below /_test/ of the lane's own port."""

    def __init__(self, open_lane, close_lane):
        self._open_lane = open_lane
        self._close_lane = close_lane

    def answer(self, lane, environ):
        body = aws_request.read_body(environ)
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"].removeprefix("/_test/")
        try:
            result = self._do(lane, method, path, json.loads(body or b"null"))
        except (KeyError, TypeError, ValueError) as error:
            return answers.json_answer(400, {"error": repr(error)})
        return answers.json_answer(200, result)

    def _do(self, lane, method, path, document):
        if path == "settings":
            return self._settings(lane, method, document)
        if path == "responses":
            if method == "POST":
                lane.canned.add(document)
            elif method == "DELETE":
                lane.canned.clear()
            return lane.canned.left()
        if path == "requests":
            return lane.log.entries()
        if path == "count":
            return lane.log.count(**document)
        if path == "principals" and method == "POST":
            return {"arn": principals.create(**document)}
        if path == "lanes" and method == "POST":
            return self._open_lane()
        if path.startswith("lanes/") and method == "DELETE":
            return self._close_lane(path.removeprefix("lanes/"))
        raise ValueError(f"no such control: {method} {path}")

    def _settings(self, lane, method, document):
        if method == "POST":
            unknown = set(document) - set(DEFAULT_SETTINGS)
            if unknown:
                raise ValueError(f"unknown settings: {sorted(unknown)}")
            lane.settings.update(document)
        elif method == "DELETE":
            lane.settings.update(DEFAULT_SETTINGS)
        return lane.settings
