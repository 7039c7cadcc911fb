"""What is mutated, and which tests judge it. Tests mirror the sources, so that only what differs from that is written here."""
import hashlib
import os
import re
import subprocess

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

# The parts whose scores docs/mutation.md tells.
PARTS = {
    "Deciding": "src/SmimeGateway/Deciding",
    "Protecting": "src/SmimeGateway/Protecting",
    "Queueing": "src/SmimeGateway/Queueing",
    "Mime": "src/SmimeGateway.Mime",
    "Cms": "src/SmimeGateway.Cms",
}

# Left out, for a mutant that survives runs every test that reaches it, and each of these takes from five seconds to a minute: they ask other
# programs, try all there is, or measure memory. For the same reason only the tests of its own folder judge a stage: those that send messages
# through all stages would run for every mutant. A score without them is lower than the true one, never higher.
SLOW = {
    "SmimeGateway.Mime.Tests": ["AuthorFieldReadersTests", "HardeningJudgesTests", "FieldNameLengthTests"],
    "SmimeGateway.Cms.Tests": ["EncryptedReadByOthersTests", "OursReadByOthersTests", "costs_no_memory", "DER_whatever_its_length"],
    "SmimeGateway.Tests": [
        "AddressFormTests", "ComparedTextTests.Every_part_is_found", "TriggerRemovalTests.Words_are_found", "stands_many_times_at_any_place",
        "NothingLostTests", "OctetAccountTests.Text_without", "Queueing.KillTests", "QueueModelTests", "RouteModelTests", "ConcurrencyTests",
        "FailPointTests", "DurabilityTests.What_was_confirmed", "SmallDiskTests", "DamageTests.Of_a_thousand",
    ],
}


class Room:
    """A part of one project: its files are mutated together and judged by the same tests."""

    def __init__(self, name, project, tests, wanted):
        self.name, self.project, self.tests = name, project, tests
        kept = ["FullyQualifiedName!~" + each for each in SLOW.get(tests, [])]
        mirrored = "(" + "|".join(f"FullyQualifiedName~{tests}.{each}" for each in wanted) + ")" if wanted else ""
        self.filter = "&".join(([mirrored] if mirrored else []) + kept)


def room_of(path):
    """The room of a source file, seen from the root, or None where no test project mirrors it."""
    match = re.match(r"src/(SmimeGateway(?:\.\w+)?)/(?:(\w+)/)?", path)
    if not match:
        return None
    project, stage = match.groups()
    tests = project + ".Tests"
    if not os.path.isdir(os.path.join(ROOT, "tests", tests)):
        return None
    if project != "SmimeGateway":
        return Room(project.removeprefix("SmimeGateway."), project, tests, [])
    return Room(stage or "path", project, tests, [stage + "."] if stage else ["MessagePath", "DeliveryLoop", "Held."])


def sources(folder):
    listed = git("ls-files", "-co", "--exclude-standard", "--", folder).split("\n")
    return sorted(path for path in listed if path.endswith(".cs") and os.path.isfile(os.path.join(ROOT, path)))


def changed(reference):
    """The source files that differ from where this branch left REFERENCE, what is not committed among them."""
    base = git("merge-base", reference, "HEAD").strip()
    different = git("diff", "--name-only", base, "--", "src") + git("ls-files", "-o", "--exclude-standard", "--", "src")
    return [path for path in sources("src") if path in different.split("\n")]


def sample(paths, count, seed):
    """COUNT of the files, the same ones for the same seed on every machine; a file that comes or goes moves no other."""
    return sorted(sorted(paths, key=lambda path: hashlib.sha256(f"{seed}/{path}".encode()).digest())[:count])


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout
