"""Answers as AWS words them: JSON, query (STS, IAM) and S3 services."""

import dataclasses
import json
from xml.sax.saxutils import escape

STATUS_OF_S3_CODE = {
    "AccessDenied": 403,
    "ConditionalRequestConflict": 409,
    "ExpiredToken": 400,
    "InternalError": 500,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "NotImplemented": 501,
    "PreconditionFailed": 412,
    "RequestTimeTooSkewed": 403,
    "RequestTimeout": 400,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
}
NAMESPACES = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}
JSON_SERVICES = ("ce", "sso", "sso-oauth", "signin")


@dataclasses.dataclass
class Answer:
    status: int
    headers: list
    body: bytes


def json_answer(status, document, headers=()):
    return Answer(
        status,
        [("Content-Type", "application/x-amz-json-1.1"), *headers],
        json.dumps(document).encode(),
    )


def error(service, code, message, status=None, headers=()):
    if service in JSON_SERVICES:
        document = {"__type": code, "message": message}
        return json_answer(status or 400, document, headers)
    if service in NAMESPACES:
        document = (
            f'<ErrorResponse xmlns="{NAMESPACES[service]}"><Error>'
            f"<Type>Sender</Type><Code>{escape(code)}</Code>"
            f"<Message>{escape(message)}</Message></Error>"
            "<RequestId>00000000-0000-4000-8000-000000000000</RequestId>"
            "</ErrorResponse>"
        )
        return Answer(
            status or 403,
            [("Content-Type", "text/xml"), *headers],
            document.encode(),
        )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(code)}</Code>"
        f"<Message>{escape(message)}</Message>"
        "<RequestId>TEST0000REQUEST0</RequestId>"
        "<HostId>test/host/id=</HostId></Error>"
    )
    return Answer(
        status or STATUS_OF_S3_CODE.get(code, 400),
        [("Content-Type", "application/xml"), *headers],
        document.encode(),
    )
