"""Service and operation of an AWS request, from what is on the wire."""

import re
import urllib.parse


def service_of(authorization, target, form):
    """Access key and service; unsigned requests are told by their shape."""
    scope = re.search(r"Credential=([^/,]+)/\d+/[^/]+/([^/]+)/", authorization)
    if scope:
        return scope.groups()
    if target:
        return "", "ce"
    return "", "sts" if "Action" in form else "s3"


def form_of(content_type, body):
    if not content_type.startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(urllib.parse.parse_qsl(body.decode("latin-1")))


def operation_of(target, form, method, path, query):
    return (
        target.rpartition(".")[2]
        or form.get("Action", "")
        or s3_operation(method, path, query)
    )


def s3_operation(method, path, query):
    """The operation's name as S3's documentation has it, path style."""
    fields = urllib.parse.parse_qs(query, keep_blank_values=True)
    bucket, _, key = path.lstrip("/").partition("/")
    if not bucket:
        return "ListBuckets"
    if key:
        verb = {"POST": "Post", "HEAD": "Head", "GET": "Get"}
        return verb.get(method, method.capitalize()) + "Object"
    if method == "HEAD":
        return "HeadBucket"
    if method == "POST" and "delete" in fields:
        return "DeleteObjects"
    if method == "GET" and "list-type" in fields:
        return "ListObjectsV2"
    if method == "GET" and "versions" in fields:
        return "ListObjectVersions"
    configuration = [name for name in fields if fields[name] == [""]]
    if configuration:
        name = configuration[0]
        return method.capitalize() + "Bucket" + name[:1].upper() + name[1:]
    return {"PUT": "CreateBucket", "DELETE": "DeleteBucket"}.get(
        method, "ListObjects"
    )
