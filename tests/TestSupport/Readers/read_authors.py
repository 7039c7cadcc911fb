"""Reads the authors of messages with both policies of Python's email package. One message in base64 per line in, one JSON object per line out."""
import base64
import email
import email.policy
import json
import sys
from email.header import decode_header, make_header
from email.utils import getaddresses


def tried(read):
    try:
        return [address.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\\ufffd", "\ufffd") for address in read()]
    except Exception:  # What a reader breaks on, it shows to nobody.
        return []


def compat(octets):
    fields = [str(value) for value in email.message_from_bytes(octets, policy=email.policy.compat32).get_all("From", [])]
    return [address for _, address in getaddresses(fields)]


def compat_decoded(octets):
    fields = email.message_from_bytes(octets, policy=email.policy.compat32).get_all("From", [])
    return [address for _, address in getaddresses([str(make_header(decode_header(str(value)))) for value in fields])]


def compat_names(octets):
    fields = [str(value) for value in email.message_from_bytes(octets, policy=email.policy.compat32).get_all("From", [])]
    return [str(make_header(decode_header(name))) for name, _ in getaddresses(fields)]


def default_names(octets):
    fields = email.message_from_bytes(octets, policy=email.policy.default).get_all("From", [])
    return [address.display_name for field in fields for address in field.addresses]


def default(octets):
    fields = email.message_from_bytes(octets, policy=email.policy.default).get_all("From", [])
    return [address.addr_spec for field in fields for address in field.addresses]


for line in sys.stdin:
    octets = base64.b64decode(line)
    print(json.dumps({
        "Python compat32": tried(lambda: compat(octets)),
        "Python default": tried(lambda: default(octets)),
        "name: Python compat32": tried(lambda: compat_names(octets)),
        "name: Python default": tried(lambda: default_names(octets)),
        "decoding first: Python": tried(lambda: compat_decoded(octets)),
    }))
