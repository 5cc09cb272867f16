"""Runs the files of docs/stacks/django.md: `send` mails, `serve` receives webhooks."""
import os
import sys

import django
from django.conf import settings

sys.path.insert(0, os.getcwd())
settings.configure(
    ALLOWED_HOSTS=["*"],
    EMAIL_BACKEND="mail.backend.BouncedBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["SMTP_PORT"]),
    ROOT_URLCONF=__name__,
    SECRET_KEY="test",
)
django.setup()

from django.core.mail import EmailMessage, get_connection  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from mail import views  # noqa: E402

views.stop_sending_to = lambda address, explanation: print(address, explanation, flush=True)
urlpatterns = [path("bounced", views.bounced_event)]

if sys.argv[1] == "send":
    fine, gone = os.environ["FINE"], os.environ["GONE"]
    campaign = {"X-Campaign": "spring"}
    sender = "News <news@shop.example>"
    messages = [EmailMessage("Hello", "Hello.", sender, to, headers=campaign) for to in ([fine], [gone], [fine, gone])]
    get_connection().send_messages(messages)
else:
    from wsgiref.simple_server import make_server

    make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application()).serve_forever()
