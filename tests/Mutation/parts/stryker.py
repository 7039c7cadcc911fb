"""Runs Stryker over files of one room, in a copy of the tree, and reads what it found."""
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time

from . import rooms

PLACE = os.path.join(rooms.ROOT, "artifacts", "mutation")
TREE = os.path.join(PLACE, "tree")

# Words for people: a log line, a sentence of a report, the reason in an exception. No test asserts each of them, and a blank OID or field name
# is found by the first test that reads it: what is left without strings is harder to kill, so that the score is not the better for it.
UNTOUCHED = ["string"]

# Calls that do nothing which a test could see: where a task goes on, and what a programmer handed over, which the compiler sees to.
SILENT = ["ConfigureAwait", "ThrowIfNull", "*Log.*", "*Exception.ctor"]

ENVIRONMENT = {
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1", "LC_ALL": "C.UTF-8",
    # The analysers have nothing to say of a mutant, and the compiler server halves the time until the first.
    "RunAnalyzers": "false", "UseSharedCompilation": "true",
}


def take_place():
    """Keeps other runs out of the folder for as long as the file is open, which the caller sees to."""
    os.makedirs(PLACE, exist_ok=True)
    lock = open(os.path.join(PLACE, "lock"), "w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another run is at work in artifacts/mutation")
    return lock


def copy_tree():
    """A copy of what git knows or would take, so that neither builds nor edits in the checkout meet the mutants."""
    wanted = {path for path in rooms.git("ls-files", "-co", "--exclude-standard").split("\n")
              if path and os.path.isfile(os.path.join(rooms.ROOT, path))}
    for folder, folders, files in os.walk(TREE):
        folders[:] = [each for each in folders if os.path.join(folder, each) != os.path.join(TREE, "artifacts")]
        for each in files:
            there = os.path.join(folder, each)
            if os.path.relpath(there, TREE) not in wanted:
                os.remove(there)
    for path in wanted:
        source, target = os.path.join(rooms.ROOT, path), os.path.join(TREE, path)
        with open(source, "rb") as file:
            content = file.read()
        # A file that did not change keeps its time, so that only what changed is built.
        if os.path.isfile(target):
            with open(target, "rb") as file:
                if file.read() == content:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
        os.chmod(target, os.stat(source).st_mode & 0o777)


def run(room, paths, options, say):
    """The mutants of each file. What Stryker said stays in artifacts/mutation/NAME.log, its report beside it."""
    project = os.path.join("src", room.project)
    output = os.path.join(PLACE, room.name)
    os.makedirs(output, exist_ok=True)
    configuration = os.path.join(output, "stryker-config.json")
    with open(configuration, "w", encoding="utf-8") as file:
        json.dump({"stryker-config": {
            "project": room.project + ".csproj",
            "configuration": "Release",
            "coverage-analysis": "perTest",
            "test-runner": "vstest",
            "test-case-filter": room.filter,
            "concurrency": options.workers,
            # A busy machine is no endless loop, and would be counted as having noticed the mutant.
            "additional-timeout": 30_000,
            "reporters": ["json", "dots"],
            "mutate": [os.path.relpath(path, project) for path in paths],
            "ignore-mutations": UNTOUCHED,
            "ignore-methods": SILENT,
        }}, file, indent=2)
    command = ["nice", "-n", "19", "dotnet", "stryker", "-f", configuration, "-O", output, "--skip-version-check"]
    where = os.path.join(TREE, "tests", room.tests)
    report = os.path.join(output, "reports", "mutation-report.json")
    if os.path.exists(report):
        os.remove(report)
    if not watch(command, where, output + ".log", room.name, say) or not os.path.exists(report):
        sys.exit(f"{room.name}: Stryker ended without a report (log: {os.path.relpath(output, rooms.ROOT)}.log)")
    with open(report, encoding="utf-8") as file:
        files = json.load(file)["files"]
    wanted = set(paths)
    found = {}
    for path, facts in files.items():
        name = os.path.relpath(path, TREE)
        if name in wanted:
            found[name] = (facts["source"].splitlines(), facts["mutants"])
    return found


def watch(command, where, log, name, say):
    """Runs it and says how far it is: what it is at, and how many of the mutants have met their tests."""
    process = subprocess.Popen(command, cwd=where, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        follow(process, log, name, say)
        return process.wait() == 0
    finally:
        # Whoever ends this run ends the builds and test hosts under it as well.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)


def follow(process, log, name, say):
    due, tested, wanted, text, begun = time.monotonic() + 30, 0, None, "", time.monotonic()
    with open(log, "wb") as file:
        while chunk := os.read(process.stdout.fileno(), 65536):
            file.write(chunk)
            file.flush()
            text += chunk.decode("utf-8", "replace")
            lines = text.split("\n")
            text = lines.pop()
            for line in lines:
                line = re.sub(r"\x1b\[[0-9;]*m", "", line)
                if stage := re.search(r"INF\] (Building test project|Number of tests found.*?(?= for)|Capture mutant coverage|\d+ mutants created)", line):
                    say(f"{name}: {int(time.monotonic() - begun)} s, {stage.group(1)}")
                if count := re.search(r"(\d+) +total mutants will be tested", line):
                    wanted = int(count.group(1))
                    say(f"{name}: {int(time.monotonic() - begun)} s, {wanted} mutants to test")
            if wanted is not None and re.fullmatch(r"[.ST]*", text):
                tested = len(text)
                if time.monotonic() > due:
                    due = time.monotonic() + 30
                    say(f"{name}: {int(time.monotonic() - begun)} s, {tested} of {wanted} tested")
