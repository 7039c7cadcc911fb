"""The real executable with a rule for every combination."""
import json
import os
import re
import socket
import subprocess
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", ".."))
BUILT = os.path.join(ROOT, "artifacts", "bin", "SmimeGateway.Host", "release", "smimegateway")
PATIENCE = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    def __init__(self, executable, folder, next_hop, combinations, people):
        self.port = free_port()
        self._executable = executable
        self._data = os.path.join(folder, "var")
        self._configuration = os.path.join(folder, "smimegateway.json")
        self._console = os.path.join(folder, "console")
        with open(self._configuration, "w", encoding="utf-8") as file:
            json.dump(self._configure(next_hop, combinations, people), file, indent=2)

    def _configure(self, next_hop, combinations, people):
        return {
            "hostName": "gateway.example.com",
            "dataFolder": self._data,
            "listeners": [{"name": "internal", "endpoint": f"127.0.0.1:{self.port}", "clients": ["127.0.0.0/8"]}],
            "senders": [{"address": "*@example.com", "clients": ["127.0.0.0/8"]}],
            "certificates": {"partners": [{"name": "folder", "folder": people.published}], "trust": {"roots": [people.root]}},
            "rules": [{"name": combination["subject"], "when": {"subject": combination["subject"]},
                       "encrypt": {"to": ["folder"], "whenMissing": combination["whenMissing"], "blindCopies": combination["blindCopies"]}}
                      for combination in combinations],
            "otherwise": "reject",
            "routes": [{"recipients": ["*"], "hosts": [f"127.0.0.1:{next_hop}"]}],
            "log": {"level": "debug"},
        }

    def __enter__(self):
        with open(self._console, "w", encoding="utf-8") as console:
            self._process = subprocess.Popen([self._executable, "run", "--config", self._configuration],
                                             stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT)
        try:
            self._wait_for_greeting()
        except BaseException:
            self._process.kill()
            raise
        return self

    def __exit__(self, *trouble):
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        if trouble[0]:
            print(self.log())

    def log(self):
        with open(self._console, encoding="utf-8") as console:
            return console.read()

    def queue(self):
        """What waits: subject, state and recipients of each message, without the domains."""
        run = subprocess.run([self._executable, "queue", "list", "--json", "--config", self._configuration],
                             capture_output=True, text=True, check=True)
        return [{"subject": self._subject(entry["id"]), "state": entry["state"],
                 "recipients": sorted(recipient["address"].partition("@")[0] for recipient in entry["recipients"])}
                for entry in json.loads(run.stdout)["messages"]]

    def wait_for_queue(self, count):
        """Until so many messages wait, and returns them."""
        limit = time.monotonic() + PATIENCE
        while len(waiting := self.queue()) != count:
            if time.monotonic() > limit:
                raise SystemExit(f"{len(waiting)} messages wait instead of {count}:\n" + self.log())
            time.sleep(0.1)
        return waiting

    def files_with(self, secrets):
        """The files below the data folder, log included, that hold one of the words."""
        found = []
        for folder, _, names in os.walk(self._data):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        content = file.read()
                        if any(secret.encode() in content for secret in secrets):
                            found.append(os.path.relpath(path, self._data))
        return found

    def _subject(self, queue_id):
        run = subprocess.run([self._executable, "queue", "show", queue_id, "--json", "--config", self._configuration],
                             capture_output=True, text=True, check=True)
        found = re.search(r"^Subject: (.*)$", "\n".join(json.loads(run.stdout)["header"]), re.MULTILINE)
        return found.group(1) if found else ""

    def _wait_for_greeting(self):
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(3) == b"220":
                        return
            except OSError:
                pass
            if self._process.poll() is not None or time.monotonic() > limit:
                raise SystemExit("the gateway does not start:\n" + self.log())
            time.sleep(0.02)
