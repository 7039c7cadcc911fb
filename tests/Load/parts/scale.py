"""Sizes instead of speed: a large message, many certificates, many rules, many idle connections."""
import os
import socket
import subprocess
import time

from . import material, peers

MEGABYTE = 1024 * 1024


def converse(connection, command, wanted):
    if command:
        connection.sendall(command)
    reply = connection.recv(4096)
    if not reply.startswith(wanted):
        raise SystemExit(f"the gateway answered {reply!r} to {command[:40]!r}")


def send(port, message):
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
        converse(connection, b"", b"220")
        converse(connection, b"EHLO load.example.com\r\n", b"250")
        converse(connection, b"MAIL FROM:<alice@example.com>\r\n", b"250")
        converse(connection, b"RCPT TO:<bob@example.net>\r\n", b"250")
        converse(connection, b"DATA\r\n", b"354")
        connection.sendall(message)
        converse(connection, b"\r\n.\r\n", b"250")


def wait_for(sink, count):
    limit = time.monotonic() + 300
    while sink.count() < count:
        if time.monotonic() > limit:
            raise SystemExit("the message did not arrive")
        time.sleep(0.01)


def large_messages(store, say):
    """Peak memory of a fresh process that signs one message of 50 MB, and of one that signs and encrypts it."""
    signs = peers.Gateway(store, "large", [store.own("rsa2048")], [store.signing_rule()], message_size="60MB")
    rows = large_message(signs, "signed", say)
    encrypts = peers.Gateway(store, "large-encrypted", [store.own("rsa2048")], [store.sign_and_encrypt_rule()], message_size="60MB",
                             partners=[store.partners()])
    return rows + large_message(encrypts, "signed and encrypted", say)


def large_message(gateway, done, say):
    say(f"one message of 50 MB, {done}")
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n"
    head = (b"From: alice@example.com\r\nTo: bob@example.net\r\nSubject: large\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    size = 50_000_000
    message = head + line * ((size - len(head)) // len(line))
    try:
        idle = gateway.memory_mb("VmRSS")
        start = time.monotonic()
        send(gateway.port, message)
        seconds = time.monotonic() - start
        wait_for(gateway.sink, 1)
        peak = gateway.memory_mb()
        return [[f"one message of 50 MB {done}: peak memory", f"{peak:,.0f} MB"],
                ["the same, without the idle process, in sizes of the message", f"{(peak - idle) * MEGABYTE / len(message):.1f} x"],
                ["the same, until the 250", f"{seconds:.2f} s"]]
    finally:
        gateway.close()


def idle_connections(store, say, count=1000):
    say(f"{count} idle connections")
    gateway = peers.Gateway(store, "idle")
    connections = []
    try:
        # One message first, so that what the first message loads is not counted against the connections.
        send(gateway.port, b"From: alice@example.com\r\n\r\nwarm\r\n")
        before = gateway.memory_mb("VmRSS")
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=30)
            connections.append(connection)
            converse(connection, b"", b"220")
            converse(connection, b"EHLO idle.example.com\r\n", b"250")
        after = gateway.memory_mb("VmRSS")
        return [[f"{count:,} idle connections: more memory", f"{after - before:,.0f} MB"]]
    finally:
        for connection in connections:
            connection.close()
        gateway.close()


def many_certificates(store, say, count):
    """A folder of PEM files, one certificate and key each. All share one key: the gateway cannot tell, and making them takes a minute."""
    folder = store.folder("many")
    say(f"making {count} certificates")
    store.certificate("p256")
    with open(os.path.join(store.path, "p256.key"), encoding="ascii") as file:
        key = file.read()
    waiting = []
    for number in range(count):
        address = f"user{number}@example.com"
        extensions = store.write(f"many-ext/{number % 64}-{number}.ext", material.EXTENSIONS.format(address))
        target = os.path.join(folder, f"user{number}.pem")
        with open(target, "w", encoding="ascii") as file:
            file.write(key)
        with open(target, "a", encoding="ascii") as file:
            waiting.append(subprocess.Popen(
                ["openssl", "x509", "-req", "-in", "p256.csr", "-CA", "root.pem", "-CAkey", "root.key", "-days", "20",
                 "-set_serial", str(100_000 + number), "-extfile", extensions], cwd=store.path, stdout=file, stderr=subprocess.DEVNULL))
        if len(waiting) >= 4 * (os.cpu_count() or 1):
            waiting.pop(0).wait()
    for process in waiting:
        if process.wait() != 0:
            raise SystemExit("openssl x509 failed")
    return {"name": "own", "folder": folder}


def start_up(store, options, say):
    count = options.certificates
    own = many_certificates(store, say, count)
    say(f"start with {count} certificates")
    gateway = peers.Gateway(store, "start", [own], [store.signing_rule()])
    try:
        greeted = gateway.greeted_after
    finally:
        gateway.close()
    plain = peers.Gateway(store, "start-plain", [store.own("p256")], [store.signing_rule()])
    try:
        return [[f"start to greeting with {count:,} certificates", f"{greeted:.2f} s"],
                ["start to greeting with one", f"{plain.greeted_after:.2f} s"]]
    finally:
        plain.close()


def many_rules(store, options, say, rules=1000):
    """1,000 rules and 10,000 certificates against one and one: the same sender, matched by the last rule."""
    certificates = options.certificates
    folder = os.path.join(store.path, "many")
    own = {"name": "own", "folder": folder} if os.path.isdir(folder) else many_certificates(store, say, certificates)
    store.certificate("p256")
    with open(os.path.join(folder, "alice.pem"), "w", encoding="ascii") as file:
        for name in ("p256.key", "p256.pem"):
            with open(os.path.join(store.path, name), encoding="ascii") as part:
                file.write(part.read())
    others = [store.signing_rule(f"*@tenant{number}.example", f"tenant {number}") for number in range(rules - 1)]
    many = peers.Gateway(store, "many-rules", [own], [*others, store.signing_rule()])
    one = peers.Gateway(store, "one-rule", [store.own("p256")], [store.signing_rule()])
    try:
        rates = {"many": [], "one": []}
        for gateway in (many, one):
            peers.leg(gateway, 4000, options)
            count = int(peers.leg(gateway, 4000, options)["delivered"] * options.seconds)
        for number in range(options.rounds):
            for name, gateway in (("many", many), ("one", one)) if number % 2 else (("one", one), ("many", many)):
                rates[name].append(peers.leg(gateway, count, options)["delivered"])
                say(f"round {number + 1}: {name} {rates[name][-1]:.0f} messages/s")
        middle = {name: sorted(values)[len(values) // 2] for name, values in rates.items()}
        return [[f"{rules:,} rules, {certificates:,} certificates", f"{middle['many']:,.0f} messages/s"],
                ["one rule, one certificate", f"{middle['one']:,.0f} messages/s"],
                ["the first against the second", f"{100 * middle['many'] / middle['one']:.0f} %"]]
    finally:
        many.close()
        one.close()
