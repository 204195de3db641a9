"""Certificates, good and bad, made by the openssl program when first asked.

A certificate is for localhost and 127.0.0.1 and signed by the CA in
DIR/ca.crt, unless its kind says otherwise:
  good  expired  wrong-name (other.example)  unknown-ca (signed by itself)
"""

import pathlib
import subprocess
import threading

KINDS = ("good", "expired", "wrong-name", "unknown-ca")
_lock = threading.Lock()


def make_ca(directory):
    """The path of the CA's certificate."""
    certificate = directory / "ca.crt"
    with _lock:
        if not certificate.exists():
            openssl(
                "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                "-days", "3650", "-subj", "/CN=teamcache fault test CA",
                "-keyout", directory / "ca.key", "-out", certificate,
            )  # fmt: skip
    return certificate


def make(directory, kind):
    """(certificate file, key file) of that kind."""
    if kind not in KINDS:
        raise ValueError(f"a certificate is one of {KINDS}")
    directory = pathlib.Path(directory)
    authority = make_ca(directory)
    certificate = directory / f"{kind}.crt"
    key = directory / f"{kind}.key"
    with _lock:
        if not certificate.exists():
            issue(directory, kind, authority, certificate, key)
    return str(certificate), str(key)


def issue(directory, kind, authority, certificate, key):
    host = "other.example" if kind == "wrong-name" else "localhost"
    names = f"subjectAltName=DNS:{host}"
    if host == "localhost":
        names += ",IP:127.0.0.1"
    if kind == "unknown-ca":
        openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
            "-subj", f"/CN={host}", "-addext", names,
            "-keyout", key, "-out", certificate,
        )  # fmt: skip
        return
    request = directory / f"{kind}.csr"
    openssl(
        "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}",
        "-keyout", key, "-out", request,
    )  # fmt: skip
    # Only `openssl ca` lets a certificate have ended before it was made.
    end = "20200102000000Z" if kind == "expired" else "20400101000000Z"
    configuration = directory / f"{kind}.cnf"
    configuration.write_text(
        "[ca]\ndefault_ca=test\n[test]\n"
        f"database={directory}/{kind}.index\n"
        f"new_certs_dir={directory}\nrand_serial=yes\n"
        "default_md=sha256\npolicy=any\nx509_extensions=leaf\n"
        "[any]\ncommonName=supplied\n"
        f"[leaf]\nbasicConstraints=CA:FALSE\n{names}\n"
        "extendedKeyUsage=serverAuth\n"
    )
    (directory / f"{kind}.index").write_text("")
    openssl(
        "ca", "-batch", "-notext", "-config", configuration,
        "-cert", authority, "-keyfile", directory / "ca.key",
        "-startdate", "20200101000000Z", "-enddate", end,
        "-in", request, "-out", certificate,
    )  # fmt: skip


def openssl(*arguments):
    subprocess.run(
        ["openssl", *map(str, arguments)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
