"""Keys, certificates and configurations for the measured gateways, made with openssl alone."""
import json
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
GATEWAY = os.path.join(ROOT, "artifacts", "bin", "SmimeGateway.Host", "release", "smimegateway")
PEERS = os.path.join(ROOT, "artifacts", "bin", "LoadPeers", "release", "loadpeers")
CARD_STACK = os.path.join(ROOT, "artifacts", "bin", "CardStack", "release", "cardstack")
EXTENSIONS = ("basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
              "extendedKeyUsage=emailProtection\nsubjectAltName=email:{0}\n")
KEYS = {"rsa2048": ["rsa:2048"], "p256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}


def openssl(*arguments, folder=None):
    return subprocess.run(["openssl", *arguments], check=True, cwd=folder, capture_output=True, text=True).stdout


def rsa_signature_milliseconds():
    """One RSA-2048 signature on one core, by openssl's own measure."""
    speed = openssl("speed", "-seconds", "3", "rsa2048")
    return 1000 / float(re.search(r"rsa\s+2048 bits\s+\S+\s+\S+\s+([0-9.]+)", speed).group(1))


def free_port():
    """Below the range of client ports: whoever knocks there before the server is up must not be connected to itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Store:
    """A folder on a real disk (never tmpfs: durability costs what it costs) that is gone at the end."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="smimegateway-load-", dir="/var/tmp")
        os.chmod(self.path, 0o755)
        self._make_authority()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def folder(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        return path

    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _make_authority(self):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "30",
                "-subj", "/CN=Load Root", folder=self.path)

    def server_certificate(self):
        """What every server shows, contenders and sink alike: RSA-2048, as PEM (with its key) and as PKCS #12. Returns the path without ending."""
        target = os.path.join(self.path, "server")
        if not os.path.exists(target + ".p12"):
            openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost",
                    folder=self.path)
            extensions = self.write("server.ext", "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n")
            openssl("x509", "-req", "-in", "server.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "20",
                    "-extfile", extensions, "-out", "server.crt", folder=self.path)
            openssl("pkcs12", "-export", "-in", "server.crt", "-inkey", "server.key", "-passout", "pass:", "-out", target + ".p12",
                    folder=self.path)
            with open(target + ".pem", "w", encoding="ascii") as both:
                for name in ("server.crt", "server.key"):
                    with open(os.path.join(self.path, name), encoding="ascii") as part:
                        both.write(part.read())
        return target

    def _issue(self, name, kind, address):
        """Makes name.key and name.pem, a certificate for mail with a key of that kind."""
        openssl("req", "-new", "-newkey", *KEYS[kind], "-nodes", "-keyout", name + ".key", "-out", name + ".csr",
                "-subj", "/CN=" + address.partition("@")[0].capitalize(), folder=self.path)
        extensions = self.write(name + ".ext", EXTENSIONS.format(address))
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                "-days", "20", "-extfile", extensions, "-out", name + ".pem", folder=self.path)

    def certificate(self, kind, address="alice@example.com"):
        """A PKCS #12 file with one certificate; its password stands beside it."""
        target = os.path.join(self.path, kind + ".p12")
        if not os.path.exists(target):
            self._issue(kind, kind, address)
            openssl("pkcs12", "-export", "-in", kind + ".pem", "-inkey", kind + ".key", "-certfile", "root.pem",
                    "-passout", "pass:load", "-out", target, folder=self.path)
            self.write("load.password", "load\n")
        return target

    def partners(self, address="bob@example.net"):
        """A source with the one certificate that mail of the contenders is encrypted to, RSA-2048."""
        folder = self.folder("partners")
        if not os.listdir(folder):
            self._issue("partner", "rsa2048", address)
            shutil.copy(os.path.join(self.path, "partner.pem"), folder)
        return {"name": "partners", "folder": folder}

    def configuration(self, name, next_hop, own=(), rules=(), message_size="50MB", clients_limit=2000, tls=False, partners=()):
        """Writes a gateway configuration; everything not named here is at its default. Returns the file and the port."""
        port = free_port()
        data = self.folder("data-" + name)
        content = {
            "hostName": "gateway.example.com",
            "dataFolder": data,
            "listeners": [{"name": "internal", "endpoint": f"127.0.0.1:{port}", "clients": ["127.0.0.0/8"],
                           "limits": {"messageSize": message_size, "connections": clients_limit,
                                      "connectionsPerClient": clients_limit}}],
            "senders": [{"address": "*@example.com", "clients": ["127.0.0.0/8"]}],
            "certificates": {"own": list(own), "partners": list(partners), "trust": {"roots": [os.path.join(self.path, "root.pem")]}},
            "rules": list(rules),
            "otherwise": "pass",
            "routes": [{"recipients": ["*"], "hosts": [f"127.0.0.1:{next_hop}"]}],
        }
        if tls:
            content["listeners"][0]["tls"] = {"mode": "required", "certificate": self.server_certificate() + ".pem"}
            content["routes"][0].update({"tls": "required", "trust": {"roots": [os.path.join(self.path, "root.pem")]}})
        return self.write(f"conf-{name}/smimegateway.json", json.dumps(content, indent=2)), port

    def own(self, kind):
        return {"name": "own", "pkcs12": self.certificate(kind), "password": {"file": os.path.join(self.path, "load.password")}}

    @staticmethod
    def signing_rule(sender="*@example.com", name="sign"):
        return {"name": name, "when": {"sender": sender}, "sign": {"with": ["own"], "whenMissing": "reject"}}

    @staticmethod
    def encrypting_rule(**further):
        """Encrypts to the recipient alone."""
        return {"name": "encrypt", "when": {"sender": "*@example.com"},
                "encrypt": {"to": ["partners"], "includeSender": False, "whenMissing": "reject"}, **further}

    def sign_and_encrypt_rule(self, **further):
        return self.encrypting_rule(sign=self.signing_rule()["sign"], **further)
