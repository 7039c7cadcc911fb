"""Verifies every DKIM signature of messages with Debian's dkimpy: records as a JSON object on the first line, then a message in base64 a line."""
import base64
import json
import sys

import dkim

records = json.loads(sys.stdin.readline())


def look_up(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    text = records.get(name.rstrip("."))
    return text.encode() if text else None


for line in sys.stdin:
    message = base64.b64decode(line)
    verdicts = []
    try:
        verifier = dkim.DKIM(message)
        count = sum(1 for name, _ in verifier.headers if name.strip().lower() == b"dkim-signature")
        for index in range(count):
            try:
                verdicts.append("good" if dkim.DKIM(message).verify(idx=index, dnsfunc=look_up) else "bad")
            except Exception as trouble:
                verdicts.append(f"{type(trouble).__name__}: {trouble}")
    except Exception as trouble:
        verdicts.append(f"{type(trouble).__name__}: {trouble}")
    print(json.dumps(verdicts), flush=True)
