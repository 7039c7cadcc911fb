"""The contenders: the bare sink, a private Postfix, the gateway; and one leg of the race."""
import glob
import os
import re
import signal
import socket
import subprocess
import time

from . import material

TICKS = os.sysconf("SC_CLK_TCK")
POSTFIX_DAEMONS = "/usr/lib/postfix/sbin"
LEG_LIMIT_SECONDS = 600

# The end of the name of a contender that another build of the gateway plays, and that build.
BEFORE = "-before"
CARD_SIGNATURES = {"card": "bouncy-castle", "card-native": "framework"}
former_gateway = None


def greets(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def wait_for_greeting(port, process, what, seconds=120):
    limit = time.monotonic() + seconds
    while not greets(port):
        if process.poll() is not None:
            raise SystemExit(f"{what} ended with code {process.returncode}")
        if time.monotonic() > limit:
            raise SystemExit(f"{what} did not greet within {seconds} s")
        time.sleep(0.005)


class Sink:
    """smtp-sink -c: its running counter is the number of messages delivered. With TLS it is loadpeers, which counts in the same way."""

    def __init__(self, certificate=None):
        self.port = material.free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = ["smtp-sink", "-c", *user, f"127.0.0.1:{self.port}", "1000"]
        if certificate:
            command = [material.PEERS, "sink", str(self.port), certificate + ".p12"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        os.set_blocking(self._process.stdout.fileno(), False)
        self._tail = b""
        self._count = 0
        wait_for_greeting(self.port, self._process, "the sink")

    def count(self):
        while True:
            try:
                chunk = os.read(self._process.stdout.fileno(), 1 << 20)
            except BlockingIOError:
                break
            if not chunk:
                raise SystemExit("the sink ended")
            self._tail = (self._tail + chunk)[-200:]
        counts = re.findall(rb"mesg=(\d+)\D", self._tail)
        self._count = int(counts[-1]) if counts else self._count
        return self._count

    def close(self):
        self._process.kill()
        self._process.wait()


class Floor:
    """The generator straight into the sink: what this machine could do at best."""

    def __init__(self, certificate=None):
        self.sink = Sink(certificate)
        self.port = self.sink.port

    def cpu_seconds(self):
        return 0.0

    def peak_memory_mb(self):
        return None

    def close(self):
        self.sink.close()


class Postfix:
    """
    A private instance that relays everything, unsigned, with default durability. With TLS it demands and verifies it on both sides, and
    keeps its connections open, which it does not by default: it is to be as fast as it can be.
    """

    def __init__(self, store, certificate=None):
        self.sink = Sink(certificate)
        self.port = material.free_port()
        folder = store.folder("postfix")
        store.write("postfix/conf/main.cf", f"""compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {POSTFIX_DAEMONS}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
myhostname = relay.example.org
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_host_lookup = native
relayhost = [127.0.0.1]:{self.sink.port}
""" + (f"""smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {certificate}.key {certificate}.crt
smtp_tls_security_level = secure
smtp_tls_secure_cert_match = localhost
smtp_tls_CAfile = {store.path}/root.pem
smtp_tls_session_cache_database = btree:{folder}/data/smtp_sessions
smtp_tls_connection_reuse = yes
""" if certificate else ""))
        services = [f"127.0.0.1:{self.port} inet n - n - - smtpd", "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup",
                    "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce",
                    "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce", "proxymap unix - - n - - proxymap",
                    "smtp unix - - n - - smtp", "relay unix - - n - - smtp", "error unix - - n - - error", "retry unix - - n - - error",
                    "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd",
                    "flush unix n - n 1000? 0 flush", "verify unix - - n - 1 verify", "tlsmgr unix - - n 1000? 1 tlsmgr",
                    "tlsproxy unix - - n - 0 tlsproxy"]
        store.write("postfix/conf/master.cf", "\n".join(services) + "\n")
        for name in "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace".split():
            store.folder("postfix/queue/" + name)
        store.folder("postfix/data")
        subprocess.run(["chown", "-R", "postfix", folder + "/queue", folder + "/data"], check=True)
        subprocess.run(["chown", "root", folder + "/queue", folder + "/queue/pid"], check=True)
        self._master = subprocess.Popen([POSTFIX_DAEMONS + "/master", "-c", folder + "/conf", "-d"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_greeting(self.port, self._master, "Postfix")

    def cpu_seconds(self):
        """The master, its children, and those of its children that ended."""
        total = 0
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(path, encoding="ascii", errors="replace") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(path.split("/")[2]) == self._master.pid:
                total += sum(int(ticks) for ticks in fields[11:15])
            elif int(fields[1]) == self._master.pid:
                total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def peak_memory_mb(self):
        return None

    def close(self):
        self._master.send_signal(signal.SIGTERM)
        self._master.wait(30)
        self.sink.close()


def cpu_seconds_of(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb_of(process, field="VmHWM"):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(re.search(field + r":\s+(\d+) kB", file.read()).group(1)) / 1024


class CardStack:
    """SmtpServer, MimeKit, Bouncy Castle (or the framework's signature) and MailKit, each as its documentation shows it."""

    def __init__(self, store, name, signature):
        self.sink = Sink()
        self.port = material.free_port()
        self._console = open(os.path.join(store.path, name + ".console"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [material.CARD_STACK, str(self.port), str(self.sink.port), store.folder("spool-" + name), store.certificate("rsa2048"),
             os.path.join(store.path, "load.password"), signature],
            stdin=subprocess.DEVNULL, stdout=self._console, stderr=subprocess.STDOUT)
        wait_for_greeting(self.port, self.process, name)

    def cpu_seconds(self):
        return cpu_seconds_of(self.process)

    def peak_memory_mb(self):
        return memory_mb_of(self.process)

    def close(self):
        self.process.kill()
        self.process.wait()
        self._console.close()
        self.sink.close()


class Gateway:
    """The real executable, its console in a file, everything unmentioned at its default."""

    def __init__(self, store, name, own=(), rules=(), **settings):
        self.sink = Sink(store.server_certificate() if settings.get("tls") else None)
        self.name = name
        configuration, self.port = store.configuration(name, self.sink.port, own, rules, **settings)
        self._console = open(os.path.join(store.path, name + ".console"), "w", encoding="utf-8")
        self.started = time.monotonic()
        program = former_gateway if name.endswith(BEFORE) else material.GATEWAY
        self.process = subprocess.Popen([program, "run", "--config", configuration],
                                        stdin=subprocess.DEVNULL, stdout=self._console, stderr=subprocess.STDOUT)
        try:
            wait_for_greeting(self.port, self.process, "the gateway")
        except SystemExit as trouble:
            with open(self._console.name, encoding="utf-8") as console:
                raise SystemExit(f"{trouble}\n{console.read()[-3000:]}") from None
        self.greeted_after = time.monotonic() - self.started

    def cpu_seconds(self):
        return cpu_seconds_of(self.process)

    def memory_mb(self, field="VmHWM"):
        return memory_mb_of(self.process, field)

    def peak_memory_mb(self):
        return self.memory_mb()

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._console.close()
        self.sink.close()


def open_contender(full_name, store, tls):
    certificate = store.server_certificate() if tls else None
    name = full_name.removesuffix(BEFORE)
    if name == "floor":
        return Floor(certificate)
    if name == "postfix":
        return Postfix(store, certificate)
    if name in CARD_SIGNATURES:
        return CardStack(store, name, CARD_SIGNATURES[name])
    if name == "passing":
        return Gateway(store, full_name, tls=tls)
    if name == "encrypting":
        return Gateway(store, full_name, rules=[store.encrypting_rule()], tls=tls, partners=[store.partners()])
    if name == "sign-encrypt":
        return Gateway(store, full_name, [store.own("rsa2048")], [store.sign_and_encrypt_rule()], tls=tls, partners=[store.partners()])
    if name == "triple":
        return Gateway(store, full_name, [store.own("rsa2048")], [store.sign_and_encrypt_rule(wrap="triple")], tls=tls, partners=[store.partners()])
    return Gateway(store, full_name, [store.own(name.split("-")[1])], [store.signing_rule()], tls=tls)


def generator(contender, messages, options):
    """The command that sends so many messages and ends when the last was accepted."""
    if options.tls:
        return [material.PEERS, "source", str(contender.port), str(options.sessions), str(options.size), str(messages), options.root]
    return ["smtp-source", "-d", "-s", str(options.sessions), "-l", str(options.size), "-m", str(messages),
            "-f", "alice@example.com", "-t", "bob@example.net", f"127.0.0.1:{contender.port}"]


def leg(contender, messages, options):
    """Sends so many messages; the clock stops when the last one reached the sink, not when it was accepted."""
    before, cpu = contender.sink.count(), contender.cpu_seconds()
    start = time.monotonic()
    source = subprocess.Popen(generator(contender, messages, options), stdin=subprocess.DEVNULL)
    accepted = None
    while contender.sink.count() - before < messages:
        now = time.monotonic() - start
        if accepted is None and source.poll() is not None:
            accepted = now
            if source.returncode != 0:
                raise SystemExit(f"the generator ended with code {source.returncode}")
        if now > LEG_LIMIT_SECONDS:
            source.kill()
            raise SystemExit(f"only {contender.sink.count() - before} of {messages} messages arrived")
        time.sleep(0.004)
    delivered = time.monotonic() - start
    source.wait()
    return {"accepted": messages / (accepted or delivered), "delivered": messages / delivered,
            "cpuPerThousand": (contender.cpu_seconds() - cpu) / messages * 1000}
