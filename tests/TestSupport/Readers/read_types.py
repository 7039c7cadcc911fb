"""Reads the media types of all parts of messages with Python's email package. One message in base64 per line in, one JSON list per line out."""
import base64
import email
import email.policy
import json
import sys

for line in sys.stdin:
    octets = base64.b64decode(line)
    found = set()
    for policy in (email.policy.compat32, email.policy.default):
        try:
            found.update(part.get_content_type() for part in email.message_from_bytes(octets, policy=policy).walk())
        except Exception:  # What a reader breaks on, it shows to nobody.
            pass
    print(json.dumps(sorted(found)))
