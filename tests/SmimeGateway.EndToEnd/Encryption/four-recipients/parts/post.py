"""Both ends of the way: the client that submits, and the next hop that takes what leaves."""
import email
import smtplib
import socketserver
import threading
import time

PATIENCE = 60
ENVELOPE = ["anna@partner.example", "bert@partner.example", "carl@partner.example", "dora@partner.example", "emil@partner.example"]


def submit(port, subject, secret):
    """From alice to all five, of whom dora and emil are in the envelope alone. Returns the reply that ended the transaction."""
    message = ("From: Alice <alice@example.com>\r\nTo: anna@partner.example, carl@partner.example\r\nCc: Bert <bert@partner.example>\r\n"
               f"Subject: {subject}\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{subject.replace(' ', '.')}@example.com>\r\n"
               f"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{secret}\r\n")
    with smtplib.SMTP("127.0.0.1", port, "client.example.com", timeout=PATIENCE) as client:
        client.ehlo()
        client.mail("alice@example.com")
        for recipient in ENVELOPE:
            client.rcpt(recipient)
        code, text = client.data(message)
        return f"{code} {text.decode()}"


class Message:
    """What the next hop took: for whom, and the octets."""

    def __init__(self, sender, recipients, content):
        self.sender = sender
        self.recipients = sorted(recipient.partition("@")[0] for recipient in recipients)
        self.content = content
        self.header = email.message_from_bytes(content)
        self.subject = self.header.get("Subject", "")
        if self.header.get_content_type() == "multipart/report":
            # A report quotes the header of the message it is about.
            self.subject = email.message_from_bytes(self.header.get_payload()[-1].get_payload(decode=True) or b"").get("Subject", "")


class Sink:
    """A next hop that takes all mail and remembers it."""

    def __enter__(self):
        self.messages = []
        sink = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                sink._serve(self.rfile, self.wfile)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, subject, people):
        """Until each of these people has received something about the subject."""
        limit = time.monotonic() + PATIENCE
        while True:
            reached = {person for message in list(self.messages) if message.subject == subject for person in message.recipients}
            if people <= reached:
                return
            if time.monotonic() > limit:
                raise SystemExit(f"'{subject}' did not reach {', '.join(sorted(people - reached))}")
            time.sleep(0.01)

    def _serve(self, read, write):
        def say(text):
            write.write(text.encode() + b"\r\n")
            write.flush()

        sender, recipients = None, []
        say("220 sink ESMTP")
        while line := read.readline().decode("ascii", "replace").strip():
            verb = line[:4].upper()
            if verb == "EHLO":
                say("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8")
            elif verb == "MAIL":
                sender, recipients = line.partition("<")[2].partition(">")[0], []
                say("250 2.1.0 ok")
            elif verb == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
                say("250 2.1.5 ok")
            elif verb == "DATA":
                say("354 go on")
                lines = []
                while (content := read.readline()) not in (b".\r\n", b""):
                    lines.append(content[1:] if content.startswith(b".") else content)
                self.messages.append(Message(sender, recipients, b"".join(lines)))
                say("250 2.0.0 taken")
            elif verb == "QUIT":
                say("221 2.0.0 bye")
                return
            else:
                say("250 2.0.0 ok")
