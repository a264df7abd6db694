"""A Debian that runs beside us under its own systemd, and what the handbook's
commands are run with in it. Without one (dry) they are only claimed.
"""

import base64
import hashlib
import hmac
import re
import struct
import subprocess
import sys
import time

from chapters import PROGRAMS, bare

# Where the one who reads the handbook stands.
DESK = "/srv/desk"
CLEAN = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
         "DEBIAN_FRONTEND=noninteractive"]


def wrong(said):
    print(f"\nWRONG: {said}", file=sys.stderr)
    sys.exit(1)


# Types into the file it is given last, where systemd wants it.
EDITOR = """#!/bin/sh
for file; do :; done
sed -i '/^### Anything between/r /root/typed' "$file"
"""


class Machine:
    def __init__(self, units, init, places):
        self.units, self.init = units, init
        # What stands in the handbook for what is known only here.
        self.places = dict(places)
        self.chapter = None
        # Where the last page sent the browser on to.
        self.went = ""
        self.ran = 0

    @property
    def is_dry(self):
        return self.init is None

    # What the handbook says

    def claim(self, kind, key):
        """The next piece of this chapter that reads like that; `…` stands for anything."""
        pattern = ".*".join(re.escape(part) for part in key.split("…"))
        for unit in self.units:
            fits = re.fullmatch(pattern, bare(unit.text))
            if fits and not unit.is_claimed and (unit.chapter, unit.kind) == (self.chapter, kind):
                unit.is_claimed = True
                return unit
        return wrong(f"docs/{self.chapter}.md has no {kind} (or no further one): {key}")

    def filled(self, text):
        for place, real in self.places.items():
            text = text.replace(place, real)
        return text

    def run(self, key, says="", kind="command", **how):
        """Runs a command of the handbook as it stands there; gives what it said."""
        unit = self.claim(kind, key)
        if self.is_dry:
            return ""
        return self.told(unit, self.filled(unit.text), says, **how)

    def words(self, key, **how):
        """Runs a command that stands in a sentence."""
        return self.run(key, kind="words", **how)

    def variants(self, key, *texts, kind="command", **how):
        """One line that stands for several commands, or has words to be chosen."""
        unit = self.claim(kind, key)
        if not self.is_dry:
            return [self.told(unit, self.filled(text), "", **how) for text in texts][-1]
        return ""

    def told(self, unit, text, says, ends=(0,), user="root"):
        ended, said = self.shell(text, user)
        self.ran += 1
        if ended not in ends:
            wrong(f"{unit.place}: {text}\nends with {ended} and says:\n{said[-2000:]}{self.log()}")
        if says and not re.search(says, said):
            wrong(f"{unit.place}: {text}\nsays nothing like {says}, but:\n{said[-2000:]}")
        return said

    def block(self, key):
        """The text of a block that is no command."""
        return self.filled(self.claim("block", key).text)

    def edit(self, key, begins):
        """`systemctl edit`, with an editor that types the block which follows."""
        unit, text = self.claim("command", key), self.block(begins)
        if self.is_dry:
            return
        self.put("/root/typed", text + "\n")
        # sudo forgets $EDITOR: this one is found under its usual name.
        self.put("/usr/bin/editor", EDITOR, mode="755")
        # It wants a terminal, and ends well even if it wrote nothing.
        self.told(unit, f"script -qec '{unit.text}' /dev/null", "override.conf")
        self.do(f"grep -rqxF '{text.splitlines()[-1]}' /etc/systemd/system/*.d")

    def elsewhere(self, kind, key, file, says):
        """Another test runs it: that one has to have these words in it."""
        unit = self.claim(kind, key)
        if says not in file.read_text("utf-8"):
            wrong(f"{unit.place}: {key}\nis to be run by {file}, which does not say {says}")

    def parsed(self, kind, key, why):
        """It cannot be run here; the shell at least understands it. `why` is for the reader."""
        unit = self.claim(kind, key)
        if not why or unit.text.split()[0] not in PROGRAMS:
            wrong(f"{unit.place}: say why it cannot be run")
        read = subprocess.run(["bash", "-n", "-c", unit.text], capture_output=True, text=True, check=False)
        if read.returncode != 0:
            wrong(f"{unit.place}: the shell does not understand it: {read.stderr}")
        return unit

    def shown(self, key, why):
        """A block that is read by people, or by programs that are not here."""
        if not why or self.claim("block", key) is None:
            wrong(f"say why nobody reads {key}")

    # What is done besides

    def inside(self, *words, feed="", user="root"):
        who = ["runuser", "-u", user, "--"] if user != "root" else []
        return subprocess.run(["nsenter", "--target", self.init, "--all", *CLEAN, *who, *words],
                              input=feed, capture_output=True, text=True, check=False, timeout=300)

    def shell(self, text, user="root"):
        # Whoever is asked says yes.
        done = self.inside("bash", "-c", f"cd {DESK}\n{text}", feed="y\n" * 20, user=user)
        return done.returncode, done.stdout + done.stderr

    def do(self, text, user="root"):
        """What is no part of the handbook, but has to be so for its next command."""
        if self.is_dry:
            return ""
        ended, said = self.shell(text, user)
        if ended != 0:
            wrong(f"{text}\nends with {ended} and says:\n{said[-2000:]}{self.log()}")
        return said.strip()

    def put(self, path, text, mode="644"):
        if not self.is_dry:
            self.inside("install", "-D", "-m", mode, "/dev/stdin", path, feed=text)

    def need(self, is_so, said):
        if not self.is_dry and not is_so:
            wrong(f"docs/{self.chapter}.md: {said}{self.log()}")

    def log(self):
        said = self.inside("journalctl", "-u", "onsight", "-n", "15", "--no-pager", "-o", "cat")
        return f"\nthe journal of onsight:\n{said.stdout}"

    def answers(self, address, *more):
        """The address answers ok before long."""
        for _ in range(0 if self.is_dry else 120):
            if self.inside("curl", "-s", "--max-time", "5", *(more or ["-k"]), f"{address}/healthz").stdout.strip() == "ok":
                return
            time.sleep(0.25)
        self.need(False, f"nothing answers at {address}")

    def configured(self, key, then):
        """Writes a block of the configuration file; the service takes it, and `then` holds."""
        self.put("/etc/onsight/onsight.toml", self.block(key) + "\n")
        self.do(f"systemctl restart onsight && {then}")
        self.do("cp /root/onsight.toml /etc/onsight/onsight.toml && systemctl restart onsight")

    def emptied(self):
        """An empty host, with Onsight installed and stopped."""
        self.do("systemctl stop onsight.socket onsight && rm -rf /var/lib/onsight && "
                "install -d -o onsight -g onsight -m 700 /var/lib/onsight")

    def workspace(self, listed):
        """The id of the one workspace, from the list of keys."""
        found = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{26}\b|\b[0-9a-f]{32}\b|\b[0-9a-f-]{36}\b", listed)
        self.need(found, f"there is no workspace in: {listed}")
        return found[0] if found else "<workspace>"

    def named(self, key, why):
        """It reads like a command and is none."""
        if not why or self.claim("words", key) is None:
            wrong(f"say why {key} is no command")

    def names(self):
        """Commands that a sentence only names: there are such."""
        for unit in self.units:
            if unit.kind == "words" and not unit.is_claimed and re.fullmatch(r"onsight( [a-z-]+)+", unit.text):
                unit.is_claimed = True
                if not self.is_dry:
                    self.told(unit, f"{unit.text} --help", "Usage: ")
            # Said a second time in a sentence, it need not be run a second time.
            twin = [one for one in self.units if one.is_claimed and one.text == unit.text]
            unit.is_claimed = unit.is_claimed or (unit.kind == "words" and bool(twin))

    def undo(self, *units):
        """Takes back what the chapter had somebody change in these units."""
        paths = " ".join(f"/etc/systemd/system/{unit}.d" for unit in units)
        self.do(f"rm -rf {paths} && systemctl daemon-reload && "
                "systemctl stop onsight onsight.socket && systemctl start onsight.socket onsight")
        self.answers("https://127.0.0.1")

    # A browser

    def page(self, path, **fields):
        form = [word for name, value in fields.items() for word in ("--data-urlencode", f"{name}={value}")]
        if self.is_dry:
            return ""
        address = "https://127.0.0.1"
        got = self.inside("curl", "-sk", "--max-time", "30", "-b", "/root/cookies", "-c", "/root/cookies",
                          "-H", f"Origin: {address}", "-w", "\n%{http_code} %{redirect_url}", *form, address + path)
        page, _, end = got.stdout.rpartition("\n")
        status, _, self.went = end.partition(" ")
        self.went = self.went.removeprefix(address)
        if status not in ("200", "303"):
            wrong(f"{path} is answered with {status}:\n{page[-1500:]}{self.log()}")
        return page

    def between(self, page, before, after):
        if self.is_dry:
            return "-"
        if before not in page:
            wrong(f"there is no {before} in:\n{page[-3000:]}")
        return page.split(before, 1)[1].split(after, 1)[0]

    def enrol(self):
        """Sets up the app on the telephone, without which an admin reaches nothing."""
        seed = self.between(self.page("/account/factors"), '<code id="seed">', "<")
        if not self.is_dry:
            self.page("/account/factors/app", code=code_of(seed))
            self.page("/account")


def code_of(seed):
    """What an authenticator app shows for a seed (RFC 6238)."""
    seed = seed.replace(" ", "")
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    tag = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    number, = struct.unpack_from(">I", tag, tag[19] & 15)
    return f"{(number & 0x7fffffff) % 10**6:06}"
