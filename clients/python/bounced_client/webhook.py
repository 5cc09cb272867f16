"""Signatures of webhooks (shape `native`)."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any, Mapping


class WebhookError(ValueError):
    """Not signed with this secret, or more than five minutes ago."""


def verify_webhook(
    secret: str, headers: Mapping[str, str], body: bytes, *, tolerance: float = 300, now: float | None = None
) -> dict[str, Any]:
    """The payload of a request that bounced signed; `body` as it came, before anything parsed it."""
    given = {name.lower(): value for name, value in headers.items()}
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    message_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    at = time.time() if now is None else now
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(at - int(timestamp)) > tolerance:
        raise WebhookError("too old, or no timestamp")
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # Several while a secret is being replaced.
    signatures = given.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(expected, each) for each in signatures):
        raise WebhookError("wrong signature")
    return json.loads(body)
