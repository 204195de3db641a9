"""Envelopes as a writer makes them that knows the format's description alone."""

import hashlib
import json
import time

NOW = int(time.time())


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def metadata(raw):
    """Of data that somebody pushed as 'notes' just now."""
    return {
        "schema_version": 1,
        "timestamp": stamp(NOW),
        "account_id": "123456789012",
        "profile_name": "prod",
        "data_type": "notes",
        "period": stamp(NOW)[:7],
        "ttl": 3600,
        "expires_at": stamp(NOW + 3600),
        "data_through": "",
        "estimated": None,
        "refreshed_by": "",
        "source": "push",
        "request_sha256": "",
        "app_version": "0.0.1",
        "content_length": len(raw),
        "content_sha256": hashlib.sha256(raw).hexdigest(),
    }


def text(meta, raw):
    return b'{"metadata": ' + json.dumps(meta).encode() + b', "data": ' + raw + b"}\n"
