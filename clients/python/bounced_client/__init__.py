"""The HTTP API of bounced, with Python's standard library alone."""
from .client import API_VERSION, Client
from .transport import Problem
from .webhook import WebhookError, verify_webhook

__all__ = ["API_VERSION", "Client", "Problem", "WebhookError", "verify_webhook"]
