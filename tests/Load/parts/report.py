"""Ratios, tables, and the figures in docs/performance.md."""
import os
import re
import statistics
import subprocess

from . import material

PAGE = os.path.join(material.ROOT, "docs", "performance.md")
MARKS = {False: ("<!-- figures: written by tests/Load/run --record -->", "<!-- end of figures -->"),
         True: ("<!-- figures: written by tests/Load/run --tls --record -->", "<!-- end of figures with TLS -->")}
NAMES = {"floor": "floor: generator straight into the sink", "postfix": "Postfix relaying unsigned",
         "card": "SmtpServer, MimeKit, Bouncy Castle, MailKit, signing RSA-2048", "card-native": "the same with the framework's signature",
         "passing": "gateway passing through",
         "signing-rsa2048": "gateway signing, RSA-2048", "signing-p256": "gateway signing, ECDSA P-256",
         "encrypting": "gateway encrypting, RSA-2048", "sign-encrypt": "gateway signing and encrypting, RSA-2048",
         "triple": "gateway wrapping in three layers, RSA-2048"}


def first_line(*command):
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        return (run.stdout or run.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return "not found"


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read()).group(1))
    return {"cores": os.cpu_count(), "processor": model.group(1) if model else "unknown", "memoryGb": round(memory / 1024 / 1024),
            "kernel": os.uname().release, "dotnet": first_line("dotnet", "--version"), "openssl": first_line("openssl", "version"),
            "postfix": first_line("postconf", "-d", "-h", "mail_version")}


def add_ratios(result):
    load = result["load"]
    for figures in load.values():
        if "postfix" in load:
            # Round by round, then the median: legs of one round stand beside each other in time, and machines drift.
            pairs = zip(figures["rounds"], load["postfix"]["rounds"])
            figures["againstPostfix"] = statistics.median(rate / postfix for rate, postfix in pairs)
    for name, figures in load.items():
        if name + "-before" in load:
            pairs = zip(figures["rounds"], load[name + "-before"]["rounds"])
            figures["againstBefore"] = statistics.median(rate / before for rate, before in pairs)
    if "floor" in load and "signing-rsa2048" in load:
        signature = result["signatureMilliseconds"] / 1000
        limit = 1 / (1 / load["floor"]["delivered"] + signature / result["machine"]["cores"])
        result["limit"] = limit
        shares = [rate / (1 / (1 / floor + signature / result["machine"]["cores"]))
                  for rate, floor in zip(load["signing-rsa2048"]["rounds"], load["floor"]["rounds"])]
        result["shareOfLimit"] = statistics.median(shares)


def title(name):
    return NAMES[name] if name in NAMES else NAMES[name.removesuffix("-before")] + ", version before"


def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}"


def rows(result):
    """Tables as lists of rows; the first row of each is its head."""
    tables = []
    if "load" in result:
        table = [["contender", "delivered/s", "accepted/s", "x Postfix", "x before", "CPU s per 1,000", "peak MB", "rounds"]]
        for name, figures in result["load"].items():
            table.append([title(name), number(figures["delivered"]), number(figures["accepted"]), number(figures.get("againstPostfix"), 2),
                          number(figures.get("againstBefore"), 2),
                          number(figures["cpuPerThousand"] or None, 2), number(figures["peakMemoryMb"]),
                          " ".join(str(rate) for rate in figures["rounds"])])
        tables.append(table)
    table = [["figure", "value"], ["one RSA-2048 signature (openssl speed)", number(result["signatureMilliseconds"], 3) + " ms"]]
    if "shareOfLimit" in result:
        table.append(["limit: 1 / (1 / floor + signature / cores)", number(result["limit"]) + " messages/s"])
        table.append(["share of the limit, signing RSA-2048", number(100 * result["shareOfLimit"]) + " %"])
    for name in ("large", "idle", "start", "rules"):
        table.extend(result.get(name, []))
    tables.append(table)
    return tables


def table(result):
    machine = result["machine"]
    lines = [", ".join(f"{key} {value}" for key, value in machine.items()), ""]
    for content in rows(result):
        widths = [max(len(row[column]) for row in content) for column in range(len(content[0]))]
        for row in content:
            lines.append("  ".join(cell.ljust(width) if not index else cell.rjust(width)
                                   for index, (cell, width) in enumerate(zip(row, widths))).rstrip())
        lines.append("")
    return "\n".join(lines)


def markdown(result):
    machine = result["machine"]
    lines = [f"Machine: {machine['cores']} cores ({machine['processor']}), {machine['memoryGb']} GB, Linux {machine['kernel']}, "
             f".NET SDK {machine['dotnet']}, {machine['openssl']}, Postfix {machine['postfix']}.", ""]
    for content in rows(result):
        lines.append("| " + " | ".join(content[0]) + " |")
        lines.append("|---|" + "---:|" * (len(content[0]) - 1))
        lines.extend("| " + " | ".join(row) + " |" for row in content[1:])
        lines.append("")
    return "\n".join(lines)


def record(result, tls):
    begin, end = MARKS[tls]
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(f"{head}{begin}\n\n{markdown(result)}\n{end}{tail}")
    return os.path.relpath(PAGE, material.ROOT)
