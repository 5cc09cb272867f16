"""Reads events from the Redis stream as one member of a consumer group: each event goes to one member.

    REDIS_URL=redis://127.0.0.1:6379 python3 examples/stream.py [GROUP] [CONSUMER]

Needs redis-py (Debian: python3-redis) and, in bounced.yaml, `stream: { enabled: true }`.
"""
import json
import os
import signal
import socket
import sys

import redis

STREAM = os.environ.get("STREAM", "bounced:events")
GROUP = sys.argv[1] if len(sys.argv) > 1 else "crm"
CONSUMER = sys.argv[2] if len(sys.argv) > 2 else socket.gethostname()
# What another member took and did not finish in this time is ours.
CLAIM_AFTER_MS = int(os.environ.get("CLAIM_AFTER_MS", "60000"))

running = True


def stop(*_):
    global running
    running = False


def handle(event):
    """Yours. May be called twice for the same event["id"]; what raises comes again."""
    print(event["id"], event["kind"], event["severity"], event["recipient"]["address"], flush=True)


def main():
    client = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
    try:
        # From "0": also what was on the stream before the group existed. "$" would skip it.
        client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    except redis.ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise
    while running:
        # The reply of XAUTOCLAIM: where to go on, the entries, and from Redis 7 on the ids that are gone.
        entries = client.xautoclaim(STREAM, GROUP, CONSUMER, min_idle_time=CLAIM_AFTER_MS, count=100)[1]
        if not entries:
            reply = client.xreadgroup(GROUP, CONSUMER, {STREAM: ">"}, count=100, block=1000)
            entries = reply[0][1] if reply else []
        for entry_id, fields in entries:
            try:
                handle(json.loads(fields["event"]))
            except Exception as error:
                print(f"{entry_id}: {error}", file=sys.stderr, flush=True)
                continue
            client.xack(STREAM, GROUP, entry_id)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    main()
