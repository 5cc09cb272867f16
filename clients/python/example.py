"""python3 example.py: suppresses an address, asks before sending, prints the last hard bounces."""
import os

from bounced_client import Client

client = Client(os.environ.get("BOUNCED_URL", "http://127.0.0.1:8025"), token=os.environ["BOUNCED_TOKEN"])
client.suppress("left@example.org", note="asked by phone")
print(client.check_suppression("left@example.org")["suppressed"])
for event in client.search_events(severity=["hard"], limit=10)["events"]:
    print(event["recipient"]["mailed"], event["reason"])
