"""Reads delivery reports with Python's email package and prints what it understood, as one JSON object with an entry per file."""

import email
import email.policy
import json
import pathlib
import sys

# RFC 6533 is younger than the package, which would take its types for whole messages; they are text in a transfer encoding.
UNKNOWN = {
    b"message/global-delivery-status": b"text/global-delivery-status; charset=utf-8",
    b"message/global-headers": b"text/global-headers; charset=utf-8",
}


def text_of(part):
    payload = part.get_payload(decode=True)
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.decode("latin-1")


def fields_of(part):
    blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else [
        email.message_from_string(block, policy=email.policy.default) for block in text_of(part).strip().split("\r\n\r\n")]
    return [{name.lower(): str(value) for name, value in block.items()} for block in blocks]


def read(path):
    octets = path.read_bytes()
    known = octets
    for name, stand_in in UNKNOWN.items():
        known = known.replace(b"Content-Type: " + name, b"Content-Type: " + stand_in)
    report = email.message_from_bytes(known, policy=email.policy.default)
    parts = report.get_payload()
    returned = parts[2]
    lines = octets.split(b"\r\n")
    return {
        "type": report.get_content_type(),
        "reportType": report["content-type"].params["report-type"],
        "defects": [f"{part.get_content_type()}: {defect!r}" for part in report.walk() for defect in part.defects]
        + [f"{name}: {defect!r}" for name in ("date", "from", "subject", "message-id", "content-type") for defect in report[name].defects]
        + (["bare line feed or carriage return"] if any(b"\n" in line or b"\r" in line for line in lines) else []),
        "longestLine": max(map(len, lines)),
        "eightBitLines": [line.decode("utf-8") for line in lines if not line.isascii()],
        "parts": [part.get_content_type().replace("text/global", "message/global") for part in parts],
        "fields": fields_of(parts[1]),
        "returned": returned.get_payload(0).as_bytes().decode("ascii").replace("\r\n", "\n").replace("\n", "\r\n")
        if returned.get_content_type() == "message/rfc822" else text_of(returned),
    }


print(json.dumps({pathlib.Path(name).stem: read(pathlib.Path(name)) for name in sys.argv[1:]}))
