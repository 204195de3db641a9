"""Verifying ES256 signatures (RFC 7518 3.4), slowly and without a library."""

import base64
import hashlib
import json

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def _add(a, b):
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    if a == b:
        slope = 3 * (a[0] * a[0] - 1) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _multiply(k, point):
    result = None
    while k:
        if k & 1:
            result = _add(result, point)
        point = _add(point, point)
        k >>= 1
    return result


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_jwt(text):
    """Header and payload of a JWT whose own key (jwk) signed it, or ValueError."""
    head, payload, signature = text.split(".")
    if "=" in text:
        raise ValueError("padding")
    header = json.loads(_decode(head))
    jwk = header["jwk"]
    if (header["alg"], jwk["kty"], jwk["crv"]) != ("ES256", "EC", "P-256"):
        raise ValueError("not ES256")
    x, y = (int.from_bytes(_decode(jwk[n]), "big") for n in "xy")
    if (y * y - x * x * x + 3 * x - B) % P:
        raise ValueError("the key is no point of the curve")
    raw = _decode(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if len(raw) != 64 or not (0 < r < N and 0 < s < N):
        raise ValueError("no signature")
    z = int.from_bytes(hashlib.sha256(f"{head}.{payload}".encode()).digest(), "big")
    inverse = pow(s, -1, N)
    point = _add(_multiply(z * inverse % N, G), _multiply(r * inverse % N, (x, y)))
    if point is None or point[0] % N != r:
        raise ValueError("the signature is wrong")
    return header, json.loads(_decode(payload))
