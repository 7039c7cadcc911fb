"""Reads entities from standard input (four octets of length, then the entity, each) and writes one line for each: what Python's email
package reads in it, as a JSON list of texts. Blanks at the ends of header lines are no part of what is read, in parts that are headers
too."""
import email
import email.header
import email.message
import email.utils
import hashlib
import json
import re
import struct
import sys

STATUS = ("message/delivery-status", "message/disposition-notification", "message/feedback-report", "message/tracking-status")


def text_of(value):
    octets = value.encode("ascii", "surrogateescape") if value.isascii() or any("\udc80" <= c <= "\udcff" for c in value) else value.encode()
    try:
        decoded = octets.decode("utf-8")
    except UnicodeDecodeError:
        decoded = octets.decode("latin-1")
    return re.sub(r"[ \t]*(\r\n|\r|\n)", "", decoded).strip()


WORDS = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?]*\?=(?:\s+=\?[^?\s]+\?[bqBQ]\?[^?]*\?=)*")


def decoded_words(value):
    def decode(words):
        try:
            return str(email.header.make_header(email.header.decode_header(words.group())))
        except (LookupError, ValueError):
            return words.group()

    return " ".join(WORDS.sub(decode, value).split())


def raw_field(entity, name):
    for key, value in entity._headers:
        if key.lower() == name:
            return text_of(value)
    return None


def parameters(entity, name):
    value = raw_field(entity, name)
    if value is None:
        return None
    alone = email.message.Message()
    alone[name] = value
    read = alone.get_params(header=name, unquote=True) or []
    return sorted([key.lower(), email.utils.collapse_rfc2231_value(text)] for key, text in read)


def mailboxes(entity, name):
    values = [text_of(value) for key, value in entity._headers if key.lower() == name]
    return [[decoded_words(shown), address] for shown, address in email.utils.getaddresses(values)]


def leaf(entity):
    encoding = raw_field(entity, "content-transfer-encoding")
    if encoding is not None:
        del entity["content-transfer-encoding"]
        entity["Content-Transfer-Encoding"] = encoding
    octets = entity.get_payload(decode=True) or b""
    # Of a part that it takes for a multipart and finds no boundary for, Python does not leave out the line end before the delimiter.
    if entity.get_content_maintype() == "multipart":
        octets = octets.rstrip(b"\r\n")
    if entity.get_content_type() == "text/rfc822-headers":
        octets = re.sub(rb"[ \t]+(?=\r\n|$)", b"", octets)
    return hashlib.sha256(octets).hexdigest()


def fields(entity):
    return [key.lower() + ": " + " ".join(text_of(value).split()) for key, value in entity._headers]


def read(entity, place, found, in_status=False):
    if in_status:
        found.append(place + " " + json.dumps(fields(entity)))
        return
    kind = entity.get_content_type()
    found.append("%s %s %s" % (place, kind, json.dumps(parameters(entity, "content-type"))))
    found.append("%s disposition %s" % (place, json.dumps(parameters(entity, "content-disposition"))))
    found.append("%s about %s" % (place, json.dumps([raw_field(entity, "content-id"), decoded_words(raw_field(entity, "content-description") or "")])))
    if entity.is_multipart():
        parts = entity.get_payload()
        for number, part in enumerate(parts, 1):
            if entity.get_content_maintype() == "message" and kind not in STATUS:
                for name in ("from", "sender", "reply-to", "to", "cc"):
                    found.append("%s %s %s" % (place, name, json.dumps(mailboxes(part, name))))
                found.append("%s subject %s" % (place, json.dumps([decoded_words(raw_field(part, name) or "") for name in ("subject", "x-note")])))
                found.append("%s trace %s" % (place, json.dumps([raw_field(part, name) for name in ("message-id", "references", "received", "date")])))
            read(part, "%s.%d" % (place, number), found, kind in STATUS)
    else:
        found.append("%s octets %s" % (place, leaf(entity)))


def main():
    source = sys.stdin.buffer
    while True:
        length = source.read(4)
        if len(length) < 4:
            return
        entity = email.message_from_bytes(source.read(struct.unpack(">I", length)[0]))
        found = []
        read(entity, "1", found)
        print(json.dumps(found))


main()
