"""Counts what became of the mutants, and writes it down: a table, JSON, the page in docs."""
import datetime
import os

from . import rooms

PAGE = os.path.join(rooms.ROOT, "docs", "mutation.md")

# A mutant that no test reaches has survived as well; one that runs into the time limit was noticed.
COUNTED = {"Killed": "killed", "Survived": "survived", "NoCoverage": "survived", "Timeout": "timeouts"}


def count(mutants):
    figures = {"mutants": 0, "killed": 0, "survived": 0, "unreached": 0, "timeouts": 0}
    for mutant in mutants:
        if mutant["status"] in COUNTED:
            figures["mutants"] += 1
            figures[COUNTED[mutant["status"]]] += 1
            figures["unreached"] += mutant["status"] == "NoCoverage"
    return scored(figures)


def scored(figures):
    noticed = figures["killed"] + figures["timeouts"]
    figures["score"] = round(100 * noticed / figures["mutants"], 1) if figures["mutants"] else None
    return figures


def total(rows):
    return scored({key: sum(row[key] for row in rows) for key in ("mutants", "killed", "survived", "unreached", "timeouts")})


def survivors(path, lines, mutants):
    """One line each: where, what stood there, what stood there instead without any test saying so."""
    for mutant in sorted(mutants, key=lambda each: (each["location"]["start"]["line"], each["location"]["start"]["column"])):
        if COUNTED.get(mutant["status"]) == "survived":
            start, end = mutant["location"]["start"], mutant["location"]["end"]
            was = lines[start["line"] - 1][start["column"] - 1:end["column"] - 1 if end["line"] == start["line"] else None]
            became = " ".join(mutant.get("replacement", "").split())
            unreached = " (unreached)" if mutant["status"] == "NoCoverage" else ""
            yield f"{path}:{start['line']}: {mutant['mutatorName']}{unreached}: {was.strip()} -> {became[:110]}"


def table(result):
    width = max([len(row["file"]) for row in result["files"]] + [5])
    lines = [f"{'file':{width}}  mutants  killed  survived  unreached  timeouts  score"]
    for name, row in [(row["file"], row) for row in result["files"]] + [("total", result["total"])]:
        lines.append(f"{name:{width}}  {row['mutants']:7}  {row['killed']:6}  {row['survived']:8}  {row['unreached']:9}  {row['timeouts']:8}  {score(row):>5}")
    return "\n".join(lines)


def score(row):
    return "-" if row["score"] is None else f"{row['score']:.1f}"


def record(result):
    """Replaces the line of the part in the page by what was measured now."""
    figures, what = result["total"], result["measured"]
    line = (f"| {what['part']} | {figures['mutants']} | {figures['killed']} | {figures['survived']} | {figures['timeouts']} | {score(figures)} "
            f"| {what['words']} | {datetime.date.today().isoformat()} |\n")
    with open(PAGE, encoding="utf-8") as file:
        lines = file.readlines()
    lines = [line if each.startswith(f"| {what['part']} |") else each for each in lines]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.writelines(lines)
    return os.path.relpath(PAGE, rooms.ROOT)
