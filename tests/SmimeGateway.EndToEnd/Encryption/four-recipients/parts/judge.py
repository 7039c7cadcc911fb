"""People with their keys, and what openssl makes of a message with each of them."""
import email
import os
import re
import subprocess
import tempfile

EXTENSIONS = "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=emailProtection\nsubjectAltName=email:{0}\n"


def openssl(*arguments, folder=None):
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=True).stdout


class People:
    """Everybody has a key and a certificate; published are those the gateway may know."""

    NAMES = ["alice", "anna", "bert", "carl", "dora", "emil"]

    def __init__(self, folder):
        self._folder = os.path.join(folder, "people")
        self.published = os.path.join(folder, "partners")
        self.root = os.path.join(self._folder, "root.pem")
        self.serials = {}
        os.mkdir(self._folder)
        os.mkdir(self.published)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "30",
                "-subj", "/CN=Everybody's root", folder=self._folder)
        for name in self.NAMES:
            self._issue(name)
            if name != "carl":
                self.publish(name)

    def publish(self, name):
        with open(self.file(name, "pem"), "rb") as certificate:
            content = certificate.read()
        # Under another name first, so that nobody sees half of it.
        with open(os.path.join(self.published, name + ".new"), "wb") as file:
            file.write(content)
        os.rename(os.path.join(self.published, name + ".new"), os.path.join(self.published, name + ".pem"))

    def file(self, name, kind):
        return os.path.join(self._folder, f"{name}.{kind}")

    def _issue(self, name):
        address = name + ("@example.com" if name == "alice" else "@partner.example")
        with open(self.file(name, "ext"), "w", encoding="ascii") as file:
            file.write(EXTENSIONS.format(address))
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", f"/CN={name}",
                folder=self._folder)
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "20",
                "-extfile", name + ".ext", "-out", name + ".pem", folder=self._folder)
        serial = openssl("x509", "-in", name + ".pem", "-noout", "-serial", folder=self._folder)
        self.serials[int(serial.decode().partition("=")[2], 16)] = name


def describe(message, people, secret):
    """The facts about a message that left: for whom, of what kind, who can read it, whom it names where."""
    facts = {"to": message.recipients, "from": message.sender, "kind": kind(message, secret),
             "names": [name for name in People.NAMES if name.encode() + b"@" in message.content.lower()]}
    if facts["kind"] == "encrypted":
        with tempfile.NamedTemporaryFile(suffix=".eml") as file:
            file.write(message.content)
            file.flush()
            facts["recipientInfos"] = recipient_infos(file.name, people)
            facts["readers"] = [name for name in People.NAMES if decrypts(file.name, name, people, secret)]
    if facts["kind"] == "report":
        facts["failed"], facts["statuses"] = report(message)
    return facts


def kind(message, secret):
    if secret.encode() in message.content:
        return "plain"
    if message.header.get_content_type() == "multipart/report":
        return "report"
    return "encrypted" if message.header.get_content_type() == "application/pkcs7-mime" else "unknown"


def recipient_infos(file, people):
    """Whom the message names as recipients, by the serial numbers that openssl prints of them."""
    printed = openssl("cms", "-cmsout", "-print", "-in", file).decode()
    infos = printed.partition("recipientInfos:")[2].partition("encryptedContentInfo:")[0]
    return sorted(people.serials[int(serial, 0)] for serial in re.findall(r"serialNumber: (\S+)", infos))


def decrypts(file, name, people, secret):
    run = subprocess.run(["openssl", "cms", "-decrypt", "-in", file, "-recip", people.file(name, "pem"), "-inkey", people.file(name, "key")],
                         capture_output=True, check=False)
    return run.returncode == 0 and secret.encode() in run.stdout


def report(message):
    status = message.header.get_payload()[1].get_payload()
    groups = [group for group in status if group.get("Final-Recipient")]
    return ([group["Final-Recipient"].partition(";")[2].strip().partition("@")[0] for group in groups], [group["Status"] for group in groups])
