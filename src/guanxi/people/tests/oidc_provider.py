"""A provider of OpenID Connect on this machine whose answers a test may spoil, and the way to it and back."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from guanxi.core.actor import actor_of
from guanxi.core.models import User
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in.services import providers

SECRET = "the-secret-between-us-41"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Liar:
    """A provider on this machine whose answers a test may spoil."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "s-1", "email": "bob@example.org", "email_verified": True, "name": "Bob"}
        self.more: dict[str, Any] = {}
        self.published: dict[str, Any] = {}
        self.key, self.algorithm, self.kid = KEY, "RS256", "k1"
        self.asked: dict[str, Any] = {}
        self.tokens_given: dict[str, str] = {}
        self.nonce: str | None = None
        self.has_userinfo = True
        self.token_status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Discovery, keys, tokens, more about a person."""

            def do_GET(self) -> None:
                self.say(outer.answer(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.tokens_given = {key: values[0] for key, values in parse_qs(body).items()}
                outer.tokens_given["authorization"] = self.headers.get("Authorization", "")
                given = {"access_token": "at", "token_type": "Bearer", "id_token": outer.token()}
                self.say(given, outer.token_status)

            def say(self, what: dict[str, Any], status: int = 200) -> None:
                text = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, path: str) -> dict[str, Any]:
        if path.endswith("openid-configuration"):
            found = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "end_session_endpoint": f"{self.url}/leave",
            }
            return found | ({"userinfo_endpoint": f"{self.url}/userinfo"} if self.has_userinfo else {}) | self.published
        if path == "/keys":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            return {"keys": [public | {"kid": "k1", "use": "sig", "alg": "RS256"}]}
        return {"sub": self.claims["sub"], **self.more}

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": "guanxi", "iat": now, "exp": now + 300, "nonce": self.nonce, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = "" if self.algorithm == "none" else self.key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.kid})


def set_up(owner: User, issuer: str, **values: Any) -> IdentityProvider:
    """A provider that is believed."""
    settings = {"issuer": issuer, "client_id": "guanxi", "scopes": "openid email profile"}
    held = {"slug": "works", "label": "Works", "settings": settings, "matches_email": True, **values}
    return providers.save_provider(actor=actor_of(owner), provider=None, secret=SECRET, **held)


def went(client: Client, liar: Liar, **query: str) -> Any:
    """To the provider and back."""
    begun = client.get("/accounts/oidc/works/", {"next": "/customers/"})
    liar.asked = {key: values[0] for key, values in parse_qs(urlsplit(begun["Location"]).query).items()}
    liar.nonce = liar.asked["nonce"] if liar.nonce is None else liar.nonce
    return client.get("/accounts/oidc/works/callback/", {"code": "c", "state": liar.asked["state"], **query})
