"""Webhooks of shape `native`, verified with Python's standard library.

    WEBHOOK_SECRET=whsec_... PORT=8080 python3 examples/webhook.py
"""
import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300


def verify(secret: str, headers, body: bytes) -> dict:
    """The payload; raises ValueError for what we did not sign, or signed more than five minutes ago."""
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    message_id, timestamp = headers["webhook-id"] or "", headers["webhook-timestamp"] or ""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("too old, or no timestamp")
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Several while a secret is being replaced.
    if not any(hmac.compare_digest(expected, each) for each in (headers["webhook-signature"] or "").split(" ")):
        raise ValueError("wrong signature")
    return json.loads(body)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            payload = verify(os.environ["WEBHOOK_SECRET"], self.headers, body)
        except ValueError:
            self.send_response(401)
        else:
            print(payload["type"], payload["data"]["id"], flush=True)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8080))), Handler).serve_forever()
