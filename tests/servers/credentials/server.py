"""Everything beside STS that gives credentials: EC2's instance metadata, the
agents of ECS and EKS, IAM Identity Center (portal and OIDC), Sign-in.

usage: server.py --run-dir=DIR [--owner=PID] [--listen=ADDRESS:PORT]...

DIR/result holds CREDENTIALS_URL when it is ready, DIR/requests.jsonl the log.
DIR/scenario.json says how it behaves; it is read at each request:
  keys            {"id", "secret", "token"} that everybody gives
  lasts           for how many seconds (3600)
  imds            "v2" (default), "v1" (knows no sessions), "v2-only" (no session
                  is given, version 1 refused), "hop-limit" (a session's answer
                  never arrives), "no-role", "untrusted", "expired"
  region          where the instance is; null: not told
  authorization   what a container must send; null: nothing
  sso             {"bearer", "account", "role", "client", "secret", "refresh"}
  login           {"client", "refresh"}
  answers         {"METHOD PATH": {"status", "body", "delay", "times"}} instead
Also GetCallerIdentity for anybody, and a refusal for all of Cost Explorer,
for places from which no other server can be reached.
"""

import argparse
import json
import pathlib
import re
import secrets
import socket
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
sys.dont_write_bytecode = True

import owner  # noqa: E402
import p256  # noqa: E402
from request_log import RequestLog  # noqa: E402

ROLES = "/latest/meta-data/iam/security-credentials/"
PLACEMENT = "/latest/meta-data/placement/region"
IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>
<UserId>AROA:s</UserId><Account>123456789012</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class State:
    def __init__(self, run_dir):
        self.path = run_dir / "scenario.json"
        self.log = RequestLog(run_dir / "requests.jsonl")
        self.lock = threading.Lock()
        self.sessions = set()
        self.proofs = set()
        self.refresh = {}
        self.seen = {}

    def scenario(self):
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def rotate(self, kind, scenario, given):
        """A refresh token is good once. The new one, or None."""
        with self.lock:
            if given != self.refresh.get(kind, scenario[kind]["refresh"]):
                return None
            self.refresh[kind] = f"{kind}-again-{secrets.token_hex(8)}"
            return self.refresh[kind]

    def number(self, what):
        with self.lock:
            self.seen[what] = self.seen.get(what, 0) + 1
            return self.seen[what]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def do_GET(self):
        self.handle_request()

    do_PUT = do_POST = do_GET

    def log_message(self, *_):
        pass

    def handle_request(self):
        length = int(self.headers.get("content-length") or 0)
        self.body = self.rfile.read(length)
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        self.scenario = self.state.scenario()
        canned = self.canned(f"{self.command} {url.path}")
        if canned is not None:
            time.sleep(canned.get("delay", 0))
            answer = canned.get("status", 200), canned.get("body", ""), {}
        else:
            answer = self.route(url.path)
        status, body, headers = answer
        signed = re.search(r"Credential=([^/]+)/", self.headers.get("authorization", ""))
        self.state.log.add(
            method=self.command, path=url.path, query=url.query, status=status,
            connection=self.client_address[1], host=self.headers.get("host", ""),
            user_agent=self.headers.get("user-agent", ""),
            access_key=signed[1] if signed else "",
            token=self.headers.get("x-amz-security-token", ""))
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def canned(self, what):
        found = self.scenario.get("answers", {}).get(what)
        if found is None or self.state.number(what) > found.get("times", 1 << 30):
            return None
        return found

    def route(self, path):
        if path == "/latest/api/token" and self.command == "PUT":
            return self.imds_session()
        if path.startswith(ROLES):
            return self.imds(path[len(ROLES):])
        if path == PLACEMENT:
            return self.imds_region()
        if path.startswith(("/v1/credentials", "/v2/credentials")):
            return self.container()
        if path.endswith("/federation/credentials"):
            return self.sso_keys()
        if path == "/token" and self.command == "POST":
            return self.sso_token()
        if path == "/v1/token" and self.command == "POST":
            return self.login()
        if path == "/" and b"Action=GetCallerIdentity" in self.body:
            return 200, IDENTITY, {"content-type": "text/xml", "x-amzn-requestid": "r-1"}
        if path == "/":
            return self.fail(400, "AccessDeniedException", "no Cost Explorer here")
        return 404, "", {}

    def fail(self, status, kind, message):
        return status, {"__type": kind, "message": message}, {
            "x-amzn-errortype": kind, "x-amzn-requestid": "r-1"}

    def keys(self, token_name="Token", ends=None):
        keys = self.scenario["keys"]
        ends = ends or time.time() + self.scenario.get("lasts", 3600)
        return {"AccessKeyId": keys["id"], "SecretAccessKey": keys["secret"],
                token_name: keys["token"], "Expiration": stamp(ends)}

    # EC2's instance metadata service.

    def imds_session(self):
        mode = self.scenario.get("imds", "v2")
        if mode == "v1":
            return 404, "", {}
        if mode == "v2-only":
            return 403, "", {}
        if mode == "hop-limit":
            time.sleep(3)
        if self.headers.get("x-aws-ec2-metadata-token-ttl-seconds") != "21600":
            return 400, "", {}
        if self.headers.get("x-forwarded-for"):
            return 403, "", {}
        session = secrets.token_urlsafe(40) + "=="
        self.state.sessions.add(session)
        return 200, session, {"x-aws-ec2-metadata-token-ttl-seconds": "21600"}

    def may_read(self):
        session = self.headers.get("x-aws-ec2-metadata-token")
        if session is None:
            return self.scenario.get("imds", "v2") in ("v1", "hop-limit")
        return session in self.state.sessions

    def imds_region(self):
        region = self.scenario.get("region")
        if not self.may_read():
            return 401, "", {}
        return (200, region, {"content-type": "text/plain"}) if region else (404, "", {})

    def imds(self, role):
        mode = self.scenario.get("imds", "v2")
        if not self.may_read():
            return 401, "", {}
        if mode == "no-role":
            return 404, "<html>404 - Not Found</html>", {}
        if not role:
            return 200, "web-server", {"content-type": "text/plain"}
        if role != "web-server":
            return 404, "", {}
        if mode == "untrusted":
            return 200, {"Code": "AssumeRoleUnauthorizedAccess", "Message":
                         "EC2 cannot assume the role web-server.",
                         "LastUpdated": stamp(time.time())}, {}
        ends = time.time() - 600 if mode == "expired" else None
        return 200, {"Code": "Success", "Type": "AWS-HMAC",
                     "LastUpdated": stamp(time.time()), **self.keys(ends=ends)}, {}

    # ECS and EKS.

    def container(self):
        if self.headers.get("authorization") != self.scenario.get("authorization"):
            return 401, {"code": "Unauthorized", "message": "another token"}, {}
        return 200, {"RoleArn": "arn:aws:iam::123456789012:role/r",
                     "AccountId": "123456789012", **self.keys()}, {}

    # IAM Identity Center.

    def sso_keys(self):
        sso = self.scenario["sso"]
        bearer = self.state.refresh.get("bearer", sso["bearer"])
        if self.headers.get("x-amz-sso_bearer_token") != bearer:
            return self.fail(401, "UnauthorizedException", "Session token not found or invalid")
        if self.query != {"account_id": sso["account"], "role_name": sso["role"]}:
            return self.fail(403, "ForbiddenException", "No access")
        keys = self.keys()
        ends = int(time.time() + self.scenario.get("lasts", 3600)) * 1000
        return 200, {"roleCredentials": {
            "accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"],
            "sessionToken": keys["Token"], "expiration": ends}}, {}

    def sso_token(self):
        sso, asked = self.scenario["sso"], json.loads(self.body)
        if (asked.get("clientId"), asked.get("clientSecret")) != (sso["client"], sso["secret"]):
            return 401, {"error": "invalid_client", "error_description": "who is that"}, {}
        if asked.get("grantType") != "refresh_token":
            return 400, {"error": "unsupported_grant_type"}, {}
        refresh = self.state.rotate("sso", self.scenario, asked.get("refreshToken"))
        if refresh is None:
            return 400, {"error": "invalid_grant", "error_description": "Invalid refresh token"}, {
                "x-amzn-errortype": "InvalidGrantException"}
        bearer = self.state.refresh["bearer"] = f"bearer-{secrets.token_hex(8)}"
        return 200, {"accessToken": bearer, "tokenType": "Bearer", "expiresIn": 28800,
                     "refreshToken": refresh}, {}

    # Sign-in, for `aws login`.

    def login(self):
        login, asked = self.scenario["login"], json.loads(self.body)
        try:
            header, payload = p256.read_jwt(self.headers.get("dpop", ""))
        except (ValueError, KeyError) as e:
            return 400, {"error": "INVALID_REQUEST", "message": f"DPoP: {e}"}, {}
        sound = (header["typ"] == "dpop+jwt" and payload["htm"] == "POST"
                 and payload["htu"] == f"http://{self.headers['host']}{self.path}"
                 and abs(payload["iat"] - time.time()) < 300
                 and payload["jti"] not in self.state.proofs
                 and asked["clientId"] == login["client"]
                 and asked["grantType"] == "refresh_token")
        self.state.proofs.add(payload["jti"])
        refresh = sound and self.state.rotate("login", self.scenario, asked["refreshToken"])
        if not refresh:
            return 401, {"error": "TOKEN_EXPIRED", "message": "The session has ended."}, {
                "x-amzn-errortype": "AccessDeniedException"}
        keys = self.keys()
        return 200, {"accessToken": {
            "accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"],
            "sessionToken": keys["Token"]}, "expiresIn": 900, "refreshToken": refresh,
            "tokenType": "aws_sigv4"}, {}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, handler):
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--run-dir", required=True, type=pathlib.Path)
    parser.add_argument("--owner", type=int, default=0)
    parser.add_argument("--listen", action="append", default=[])
    options = parser.parse_args()
    owner.follow(options.owner)
    Handler.state = State(options.run_dir)
    servers = []
    for place in options.listen or ["127.0.0.1:0"]:
        host, _, port = place.rpartition(":")
        servers.append(Server((host.strip("[]"), int(port)), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
    ready = options.run_dir / "result.new"
    ready.write_text(f"CREDENTIALS_URL=http://127.0.0.1:{servers[0].server_port}\n",
                     encoding="utf-8")
    ready.rename(options.run_dir / "result")
    threading.Event().wait()


if __name__ == "__main__":
    main()
