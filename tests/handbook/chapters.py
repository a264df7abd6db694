"""The operator's handbook as what a test can do something with: its commands, the
other blocks in it (files to write, mostly), and commands within sentences.
"""

import dataclasses
import pathlib
import re

CHAPTERS = ["operator", "tenants", "security", "trust", "telemetry", "backup", "deletion", "deploy"]
# What a command begins with. Another first word makes a block a block of text,
# which nobody claims: so a new program does not go unnoticed.
PROGRAMS = """
    age age-keygen apt apt-get cargo chmod chown curl debian/images debian/reproduce
    debian/repository docker gpg install journalctl man onsight restorecon runuser
    semanage skopeo sqlite3 ss sudo systemctl systemd-analyze timedatectl wg wg-quick
""".split()
FENCE = re.compile(r"^ *```")
INDENTED = re.compile(r"^( {4,})\S")
LISTED = re.compile(r"^ +([-*]|\d+\.) ")


@dataclasses.dataclass
class Unit:
    """A piece of the handbook that somebody has to claim."""
    chapter: str
    line: int
    kind: str  # "command", "block", or "words" for a command within a sentence
    text: str
    is_claimed: bool = False

    @property
    def place(self):
        return f"docs/{self.chapter}.md:{self.line}"


def is_command(line):
    words = line.split()
    return bool(words) and words[0] in PROGRAMS


def bare(command):
    """Without the remark behind it, and with single spaces."""
    return " ".join(re.sub(r"\s{2,}#\s.*$", "", command).split())


def blocks(lines):
    """Each block of code: the number of its first line, and its lines."""
    block, start, is_fenced, was_blank = [], 0, False, True
    for number, line in enumerate(lines, 1):
        if FENCE.match(line):
            is_fenced = not is_fenced
        is_code = not FENCE.match(line) and (is_fenced or (
            INDENTED.match(line) and (block or (was_blank and not LISTED.match(line)))))
        if is_code or (block and not line.strip()):
            start = start if block else number
            block.append(line)
        elif block:
            yield start, block
            block = []
        was_blank = not line.strip()
    if block:
        yield start, block


def commands(lines, number):
    """Logical lines: continued ones together, and what is fed to one with it."""
    text, start, end = "", number, None
    for line in lines:
        text, start = (text + "\n" + line, start) if text else (line, number)
        number += 1
        if end is None and (heard := re.search(r"<< (\w+)$", line)):
            end = heard[1]
        if line.endswith("\\") or (end and line != end):
            continue
        yield start, text
        text, end = "", None
    if text:
        yield start, text


def units_of_block(chapter, start, lines):
    depth = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    parts, number = [], start
    for line in [*lines, ""]:
        line = line[depth:].rstrip()
        if not line:
            parts.append(None)
        elif parts and parts[-1]:
            parts[-1][1].append(line)
        else:
            parts.append((number, [line]))
        number += 1
    text = []
    for number, part in filter(None, parts):
        if is_command(part[0]):
            for at, command in commands(part, number):
                yield Unit(chapter, at, "command", command)
        else:
            text.append((number, "\n".join(part)))
    if text:
        # Paragraphs of one file belong together.
        yield Unit(chapter, text[0][0], "block", "\n\n".join(part for _, part in text))


def units_of_sentences(chapter, lines, is_code):
    prose = "\n".join("" if number in is_code or FENCE.match(line) else line
                      for number, line in enumerate(lines, 1))
    for span in re.finditer(r"`([^`]+)`", prose):
        text = " ".join(span[1].split())
        if is_command(text) and " " in text:
            yield Unit(chapter, prose[:span.start()].count("\n") + 1, "words", text)


def read(folder, chapter):
    lines = (pathlib.Path(folder) / f"{chapter}.md").read_text("utf-8").split("\n")
    found, is_code = [], set()
    for start, block in blocks(lines):
        is_code.update(range(start, start + len(block)))
        found += units_of_block(chapter, start, block)
    found += units_of_sentences(chapter, lines, is_code)
    return sorted(found, key=lambda unit: (unit.line, unit.kind))


def handbook(folder):
    return [unit for chapter in CHAPTERS for unit in read(folder, chapter)]


if __name__ == "__main__":
    for unit in handbook(pathlib.Path(__file__).resolve().parents[2] / "docs"):
        print(f"{unit.place:28} {unit.kind:8} {unit.text.splitlines()[0]}")
