"""Joins a provider of text messages to Guanxi's webhook channel; the Python standard library is all it needs.

Messages of the provider come in at /sms as {"from": "+86...", "name": "...", "text": "...", "id": "..."}; answers of
Guanxi come in at /answers, signed, and are handed to `send`, which a real connector replaces by a call to its provider.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHANNEL = os.environ["GUANXI_CHANNEL"].rstrip("/")
SECRET = os.environ["GUANXI_SECRET"]
OLDEST_SECONDS = 300
LARGEST = 32 * 1024 * 1024


def signature(message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of the Standard Webhooks scheme, version 1."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def tell(path: str, content: dict[str, Any], message_id: str) -> dict[str, Any]:
    """Call Guanxi, signed; call again with the same id when in doubt, it is stored once."""
    body, timestamp = json.dumps(content).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(message_id, timestamp, body),
    }
    with urllib.request.urlopen(urllib.request.Request(f"{CHANNEL}/{path}", body, headers), timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def is_from_guanxi(headers: Any, body: bytes) -> bool:
    """Whether a call is signed with the channel's secret and fresh."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > OLDEST_SECONDS:
        return False
    wanted = signature(message_id, timestamp, body)
    return any(hmac.compare_digest(one, wanted) for one in headers.get("webhook-signature", "").split())


def send(number: str, text: str) -> None:
    """Hand an answer to the provider: here it is printed."""
    print(f"to {number}: {text}", flush=True)


class Connector(BaseHTTPRequestHandler):
    """The two entrances."""

    sent: set[str] = set()

    def do_POST(self) -> None:
        """A message of the provider, or an answer of Guanxi."""
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(min(length, LARGEST))
        if self.path == "/sms":
            given = json.loads(body)
            sender = {"kind": "phone", "value": given["from"], "name": given.get("name", "")}
            number = given.get("id") or str(uuid.uuid4())
            self.answer(200, tell("in", {"id": number, "from": sender, "text": given["text"]}, number))
        elif self.path == "/answers" and is_from_guanxi(self.headers, body):
            message = json.loads(body)
            if message["id"] not in self.sent:  # a call that came twice is sent once
                send(message["to"]["value"], message["text"])
                self.sent.add(message["id"])
            self.answer(200, {})
            tell("state", {"id": message["id"], "state": "delivered"}, f"{message['id']}-delivered")
        else:
            self.answer(403, {"error": "not signed by Guanxi"})

    def answer(self, status: int, content: dict[str, Any]) -> None:
        """Answer with JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8100), Connector).serve_forever()
