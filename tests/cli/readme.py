"""README.md as data for readme.moto.bats.

    readme.py layout README            what is wrong with its shape, a line each
    readme.py session README DIR       the commands of its console blocks
    readme.py compare DIR              what they printed, beside what is shown
    readme.py update README DIR        puts what they printed into README
    readme.py blocks README KIND DIR   blocks of a kind, a file each
    readme.py mentions README          `teamcache ...` in running text
    readme.py steps FILE KIND DIR      the shell steps of a CI example, checked:
                                       DIR/env has its variables, DIR/step.N a step
    readme.py units FILE DIR           the unit files in a block of systemd

DIR of a session has for each command N.command, N.shown and, when it has run,
N.printed; N.before has the test's own steps, from a comment in front of the
block: <!-- test: STEP -->. A block's kind is the word behind its fence.

A line "[... 7 lines]" of a console block stands for so many lines, whatever
they say, and "[... 7 checks]" for so many findings of doctor or verify-bucket,
however many lines each has; any other line is what is printed, byte for byte, once the few things
that no two runs share have been given fixed values (VOLATILE).
"""

import difflib
import os
import re
import sys

LINES = 300
KINDS = {"console", "sh install", "dockerfile", "crontab", "ini systemd",
         "yaml github", "yaml gitlab", "yaml buildkite"}
LEFT_OUT = re.compile(r"\[\.\.\. (\d+) (line|check)s?\]")
CHECK = re.compile(r"\[.\] ")
STEP = re.compile(r"<!-- test: (.*) -->")
VOLATILE = (
    # the name of a probe object
    (re.compile(r"(?<=/probe/)[0-9a-f]{16,32}"), "f3a9c1d27b604e58"),
    # the addresses of the servers, and how far their clock is
    (re.compile(r"http://127\.0\.0\.1:\d+"), "https://s3.example.com"),
    (re.compile(r"within \d s of"), "within 1 s of"),
    # the second at which something was bought or will end
    (re.compile(r"(?<=\dT\d\d:\d\d:)\d\dZ"), "00Z"),
    (re.compile(r"\[request TEST0000REQUEST0\]"), "[request 4442587FB7D0A2F9]"),
)


class Block:
    def __init__(self, kind, first, steps):
        self.kind = kind
        self.first = first  # the index of the first line inside
        self.steps = steps
        self.lines = []


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def write(directory, name, text):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write(text)


def blocks_of(lines):
    found, block, steps = [], None, []
    for number, line in enumerate(lines):
        if block is not None:
            if line == "```":
                block = None
            else:
                block.lines.append(line)
        elif line.startswith("```"):
            block = Block(line[3:], number + 1, steps)
            steps = []
            found.append(block)
        elif STEP.fullmatch(line):
            steps.append(STEP.fullmatch(line)[1])
    return found


def layout(path):
    lines = read(path)
    if len(lines) - 1 > LINES:
        yield f"{len(lines) - 1} lines, {LINES} are the limit"
    fenced = False
    for number, line in enumerate(lines, 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and re.match(r" {4}|\t| {0,3}~~~| +```", line):
            yield f"line {number}: a block without a fence is not tested"
        if not fenced and "test:" in line and not STEP.fullmatch(line):
            yield f"line {number}: this step is not understood"
    if fenced:
        yield "a fence is not closed"
    for block in blocks_of(lines):
        if block.kind not in KINDS:
            yield f"line {block.first}: nobody tests a block of '{block.kind}'"
        if block.kind == "console" and not block.lines[:1][0].startswith("$ "):
            yield f"line {block.first}: this block begins with no command"
        if block.steps and block.kind != "console":
            yield f"line {block.first}: steps are for console blocks"


def commands_of(lines):
    """Command, its steps, and the place of what is shown: first, end."""
    for block in blocks_of(lines):
        if block.kind != "console":
            continue
        steps, command, shown = block.steps, None, block.first
        at = block.first
        for line in block.lines + ["$ "]:
            continues = command is not None and command.endswith("\\")
            if continues:
                command = command[:-1] + line.removeprefix("> ")
                shown = at + 1
            elif line.startswith("$ "):
                if command is not None:
                    yield command, steps, shown, at
                    steps = []
                command, shown = line[2:], at + 1
            at += 1


def session(path, directory):
    lines = read(path)
    for number, (command, steps, first, end) in enumerate(commands_of(lines)):
        name = f"{number:03}"
        write(directory, name + ".command", command)
        write(directory, name + ".before", "".join(s + "\n" for s in steps))
        write(directory, name + ".shown", "\n".join(lines[first:end]))


def printed(directory, name):
    with open(os.path.join(directory, name + ".printed"), newline="",
              encoding="utf-8") as file:
        text = file.read().replace("\r\n", "\n").rstrip("\n")
    for pattern, value in VOLATILE:
        text = pattern.sub(value, text)
    home = os.environ["HOME"]
    return text.replace(home, "~").split("\n") if text else []


def after(lines, at, count, what):
    """The index behind so many of them; None where there are fewer."""
    for _ in range(count):
        if at >= len(lines) or what == "check" and not CHECK.match(lines[at]):
            return None
        at += 1
        while what == "check" and at < len(lines) and (
                lines[at] == "" or lines[at].startswith("    ")):
            at += 1
    return at


def laid_over(shown, lines):
    """What is printed, as README would show it."""
    result, at = [], 0
    for line in shown:
        gap = LEFT_OUT.fullmatch(line)
        end = gap and after(lines, at, int(gap[1]), gap[2])
        if end:
            result.append(line)
            at = end
        elif at < len(lines):
            result.append(lines[at])
            at += 1
    return result + lines[at:]


def names_of(directory):
    return sorted(n[:-8] for n in os.listdir(directory)
                  if n.endswith(".command"))


def compare(directory):
    for name in names_of(directory):
        with open(os.path.join(directory, name + ".command"),
                  encoding="utf-8") as file:
            command = file.read()
        with open(os.path.join(directory, name + ".shown"),
                  encoding="utf-8") as file:
            shown = file.read()
        shown = shown.split("\n") if shown else []
        lines = laid_over(shown, printed(directory, name))
        if shown != lines:
            yield f"$ {command}"
            yield from difflib.unified_diff(
                shown, lines, "README.md", "printed", lineterm="", n=1)


def update(path, directory):
    lines = read(path)
    places = list(commands_of(lines))
    for number in reversed(range(len(places))):
        _, _, first, end = places[number]
        lines[first:end] = laid_over(
            lines[first:end], printed(directory, f"{number:03}"))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def blocks(path, kind, directory):
    found = [b for b in blocks_of(read(path)) if b.kind == kind]
    for number, block in enumerate(found):
        write(directory, f"{kind.split()[-1]}.{number}",
              "\n".join(block.lines) + "\n")
    if not found:
        yield f"there is no block of '{kind}'"


def mentions(path):
    """Commands in running text and in tables, one a line."""
    fenced, text = False, ""
    for line in read(path):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            text += line.strip() + " "
    for span in re.findall(r"`([^`]+)`", text):
        if re.match(r"teamcache [a-z]", span):
            yield span


# What each of the three takes, as far as it is used or may be mistaken.
WORKFLOW = {
    "": {"on", "name", "permissions", "env", "jobs"},
    "job": {"name", "runs-on", "container", "env", "steps", "permissions"},
    "step": {"id", "name", "run", "uses", "with", "env"},
}
GITLAB_JOB = {"image", "id_tokens", "variables", "script", "artifacts", "rules"}
BUILDKITE = {
    "": {"env", "steps"},
    "step": {"label", "env", "commands", "artifact_paths"},
}


def strange(what, mapping, known):
    for key in mapping:
        if key not in known:
            yield f"{what} has no '{key}'"


def github_steps(document):
    # YAML 1.1 takes the word for a truth.
    if True in document:
        document["on"] = document.pop(True)
    yield from strange("a workflow", document, WORKFLOW[""])
    if document["permissions"].get("id-token") != "write":
        yield "there is no permission to ask for an identity token"
    for trigger in document["on"].get("schedule", ()):
        yield from crontab_fields(trigger["cron"])
    for job in document["jobs"].values():
        yield from strange("a job", job, WORKFLOW["job"])
        if "runs-on" not in job:
            yield "a job without runs-on"
        yield job.get("env", {})
        for step in job["steps"]:
            yield from strange("a step", step, WORKFLOW["step"])
            yield [step["run"]]


def gitlab_steps(document):
    for job in document.values():
        yield from strange("a job", job, GITLAB_JOB)
        for token in job["id_tokens"].values():
            if token["aud"] != "sts.amazonaws.com":
                yield "an identity token for somebody else"
        yield job["variables"]
        yield job["script"]


def buildkite_steps(document):
    yield from strange("a pipeline", document, BUILDKITE[""])
    yield document.get("env", {})
    for step in document["steps"]:
        yield from strange("a step", step, BUILDKITE["step"])
        yield step.get("env", {})
        for command in step["commands"]:
            if "$" in command:
                yield "the upload of a pipeline expands what begins with $"
        yield step["commands"]


def steps(path, kind, directory):
    sys.path.append("/usr/lib/python3/dist-packages")
    import yaml

    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    variables, commands = {}, []
    for found in globals()[kind + "_steps"](document):
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            variables.update(found)
        else:
            commands += found
    write(directory, "env", "".join(
        f"export {name}='{value}'\n" for name, value in variables.items()))
    for number, command in enumerate(commands):
        write(directory, f"step.{number}",
              "#!/bin/bash\nset -eo pipefail\n" + command.rstrip("\n") + "\n")
    if not commands:
        yield "there is no step"


LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def crontab_fields(line):
    """What is wrong with the first five fields."""
    fields = line.split()[:5]
    if len(fields) < 5:
        yield f"five fields were expected: {line}"
    for field, (least, most) in zip(fields, LIMITS):
        for part in field.split(","):
            parsed = re.fullmatch(r"(\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
            numbers = parsed and [int(n) for n in parsed.groups()[1:3] if n]
            if not parsed or any(not least <= n <= most for n in numbers):
                yield f"'{field}' is not from {least} to {most}"


def crontab(path, directory):
    """Checks the lines, and writes the command of each to a file."""
    number = 0
    for line in read(path):
        if not line or line.startswith("#"):
            continue
        yield from crontab_fields(line)
        command = line.split(None, 5)[5]
        if "%" in command:
            yield f"cron takes % for the end of the line: {command}"
        write(directory, f"cron.{number}", command + "\n")
        number += 1


def units(path, directory):
    name = None
    for line in read(path):
        heading = re.fullmatch(r"# /etc/systemd/system/(teamcache\.[a-z]+)", line)
        if heading:
            name = heading[1]
        elif name is None:
            if line:
                yield f"this belongs to no unit: {line}"
        else:
            with open(os.path.join(directory, name), "a",
                      encoding="utf-8") as file:
                file.write(line + "\n")


def main(command, *arguments):
    lines = globals()[command](*arguments)
    failed = False
    for line in lines or ():
        print(line)
        failed = True
    return int(failed and command != "mentions")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
