"""An OpenID Connect server over HTTP on this machine, which says about people whatever a test wants.

It has the endpoints of Microsoft Entra's v2.0: discovery under /ID/v2.0/, keys, token, userinfo.
"""

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
CLIENT = "portal-client"
SECRET = "portal-secret"
KID = "key-1"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_STRANGE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key=_KEY) -> dict:
    """As Entra shows its keys: without `alg`."""
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": KID, "use": "sig"}


class Server:
    """`announced`: the issuer of the discovery document; `told`: what userinfo says, None for what the token says."""

    def __init__(self, base: str):
        self.base = base
        self.at = f"{base}/{TENANT}/v2.0"
        self.announced = self.at
        self.claims: dict = {}
        self.told: dict | None = None
        self.nonce = self.challenge = ""
        self.asked: list[str] = []
        self.sign = self.signed

    def signed(self, claims: dict) -> str:
        return jwt.encode(claims, _KEY, algorithm="RS256", headers={"kid": KID})

    def signed_by_a_stranger(self, claims: dict) -> str:
        return jwt.encode(claims, _STRANGE_KEY, algorithm="RS256", headers={"kid": KID})

    def unsigned(self, claims: dict) -> str:
        return jwt.encode(claims, None, algorithm="none", headers={"kid": KID})

    def signed_with_the_secret(self, claims: dict) -> str:
        return jwt.encode(claims, SECRET.ljust(32, "x"), algorithm="HS256", headers={"kid": KID})

    def all_claims(self) -> dict:
        now = int(time.time())
        usual = {"iss": self.at, "aud": CLIENT, "iat": now, "nbf": now, "exp": now + 600, "nonce": self.nonce}
        found = usual | self.claims
        return {name: value for name, value in found.items() if value is not ...}

    def answer(self, path: str, form: dict) -> tuple[int, dict]:
        self.asked.append(path)
        if path.endswith("/.well-known/openid-configuration"):
            return 200, {
                "issuer": self.announced,
                "authorization_endpoint": f"{self.base}/authorize",
                "token_endpoint": f"{self.base}/token",
                "userinfo_endpoint": f"{self.base}/userinfo",
                "jwks_uri": f"{self.base}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            return 200, {"keys": [public_jwk()]}
        if path == "/token":
            verifier = form.get("code_verifier", [""])[0]
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if digest != self.challenge or form.get("client_secret") != [SECRET]:
                return 400, {"error": "invalid_grant"}
            return 200, {"access_token": "t", "token_type": "Bearer", "id_token": self.sign(self.all_claims())}
        if path == "/userinfo":
            return 200, {"sub": self.all_claims().get("sub")} if self.told is None else self.told
        return 404, {}


@contextmanager
def running():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply({})

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.reply(parse_qs(body))

        def reply(self, form):
            status, data = found.answer(urlsplit(self.path).path, form)
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Server(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
