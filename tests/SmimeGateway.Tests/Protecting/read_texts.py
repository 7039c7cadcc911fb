"""Reads pairs of messages from standard input, before and after, and says which words of the text of each before are missing after.

Every line of the generated messages has a word of its own, W and six digits. For each pair one line is written: the words that Python's email
finds in the text of the message before, or in its header, and not in the message after; and the words of the text before that are outside of
what is signed or encrypted after.
"""
import base64
import email
import email.policy
import re
import struct
import sys

WORD = re.compile(r"W\d{6}")


def texts(message):
    """The decoded text of every leaf, with what stands around the parts."""
    for part in message.walk():
        if part.is_multipart():
            yield (part.preamble or "").replace("=\r\n", "")
            continue
        payload = part.get_payload(decode=True)
        yield payload.decode("utf-8", "replace") if payload is not None else str(part.get_payload())


def headers(message):
    for part in message.walk():
        for name, value in part.items():
            yield f"{name}: {value}"


def words(strings):
    return set(WORD.findall("\n".join(strings)))


def coded(strings):
    """What is still readable in base64, where readers disagree on what a broken header says of its encoding."""
    for line in "\n".join(strings).split():
        try:
            yield base64.b64decode(line, validate=True).decode("latin-1")
        except ValueError:
            pass


def main():
    source = sys.stdin.buffer
    policy = email.policy.compat32
    while head := source.read(12):
        lengths = struct.unpack("<iii", head)
        before, outer, inside = (source.read(length) for length in lengths)
        before = email.message_from_bytes(before, policy=policy)
        after = email.message_from_bytes(inside, policy=policy)
        outside = outer.decode("latin-1")
        text = words(texts(before))
        # Python leaves out what continues nothing, wherever it finds a header; the octets count.
        covered = words(texts(after)) | words(coded(texts(after))) | words(headers(after)) | words([inside.decode("latin-1")])
        lost = (text | words(headers(before))) - covered - words([outside])
        bare = text - covered
        print(" ".join(sorted(lost)) + "|" + " ".join(sorted(bare)))


main()
