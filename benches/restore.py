#!/usr/bin/env python3
"""A point made under load, put back on a bare folder and compared.

    benches/restore.py DATA [--files 500] [--answers 300]      (benches/run --restore does all of it)

DATA  a folder with flights.csv, a million rows (shared/bench/mkdata.py makes it)

Three workspaces share the million rows, the files and the surveys. While the point is made people write rows and answer
in each of them. Then the point goes into an empty folder, and what is there is held against the manifest, which is
opened with the tools of Debian (age, zstd) and not with Onsight: rows of every table people made, respondents, and the
SHA-256 of every file. What did not change while the point was made is also compared with the instance it came from.
"""
import argparse, csv, hashlib, json, os, re, subprocess, sys, tempfile, threading, time
from pathlib import Path

import ratios

SURVEY = """format = 1
id = "SURVEY"
title = "Load"
langs = ["en"]

[[page]]
id = "first"

[[page.ask]]
id = "age"
type = "number"
text = "How old are you?"

[[page.ask]]
id = "why"
type = "text"
text = "Why?"
"""
SHARES = (500_000, 300_000, 200_000)


class Place:
    """A workspace, and its admin signed in."""

    def __init__(self, site, number, cookie):
        self.site, self.number, self.cookie = site, number, cookie
        self.survey, self.written, self.answered = f"load{number}", 0, 0

    def ask(self, method, path, body=None, headers=()):
        # The others ask at the same time.
        return self.site.ask(method, path, body, {"cookie": self.cookie, **dict(headers)})

    def do(self, path, fields, wanted=(200, 303)):
        status, headers, text = self.ask("POST", path, fields)
        assert status in wanted, (path, status, re.sub(rb"<[^>]*>", b" ", text)[-1500:])
        return dict(headers), text

    def send(self, path, name, content):
        cut = "a-line-no-file-has"
        body = (f"--{cut}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").encode() + content
        status, headers, text = self.ask("POST", path, body + f"\r\n--{cut}--\r\n".encode(),
                                         {"content-type": f"multipart/form-data; boundary={cut}"})
        assert status == 303, (path, status, re.sub(rb"<[^>]*>", b" ", text)[-1500:])
        return dict(headers)["location"]

    def settled(self, path):
        while re.search(rb"data-(poll|done)=|nobody has read it|was cut off", text := self.ask("GET", path)[2]):
            time.sleep(0.1)
        return text

    def answer(self, number):
        headers, _ = self.do(f"/s/{self.survey}", {"lang": "en"})
        shown = self.ask("GET", headers["location"])[2].decode()
        hidden = dict(re.findall(r'name="(\.(?:page|turn|nonce|lang))" value="([^"]*)"', shown))
        self.do(headers["location"], {**hidden, "age": 18 + number % 70, "why": f"because of {number}"}, (303,))

    def furnish(self, rows, files, answers):
        look = self.send("/data/import", "flights.csv", rows)
        fields = ratios.Form(self.settled(look), "order").fields
        self.do(f"{look}/start", {**fields, "name": "flights", "title": "Flights"})
        assert b"rows are in flights" in self.settled(look)
        self.do("/data/new", {"title": "Notes", "column": "Note", "type": "text"})
        for number in range(files):
            self.send("/data/import", f"file{number}.csv", f"n,text\n{number},{os.urandom(4000).hex()}\n".encode())
        self.send("/surveys/import", "load.toml", SURVEY.replace("SURVEY", self.survey).encode())
        page = self.ask("GET", f"/surveys/{self.survey}/publish")[2].decode()
        seen = page.split('name="draft_at" value="')[1].split('"')[0]
        self.do(f"/surveys/{self.survey}/publish", {"note": "First", "draft_at": seen}, (303,))
        for number in range(answers):
            self.answer(number)

    def work(self, ends):
        """Writes until told to stop."""
        while not ends.is_set():
            self.do("/data/notes/rows/new", {"v.note": f"note {self.written}"}, (303,))
            self.written += 1
            self.answer(self.answered)
            self.answered += 1

    def sums(self):
        """What has to be the same wherever this workspace is: SHA-256 of what stands still, rows of what does not."""
        flights = self.ask("GET", "/data/flights/export.csv")[2]
        notes = self.ask("GET", "/data/notes/export.csv")[2].decode()
        answers = self.ask("GET", f"/surveys/{self.survey}/exports/csv?lang=en&which=all")[2].decode()
        return {"flights": hashlib.sha256(flights).hexdigest(), "rows": flights.count(b"\n") - 1,
                "notes": len(list(csv.reader(notes.splitlines()))) - 1, "answers": len(list(csv.reader(answers.splitlines()))) - 1}


def shared(source):
    """The million rows in three files, each with the heading."""
    with source.open("rb") as file:
        head = file.readline()
        for share in SHARES:
            yield head + b"".join(next(file) for _ in range(share))


def places(site):
    """The demo's own workspace, and two more with an admin each."""
    own = site.cookie
    all = [Place(site, 0, own)]
    for number in (1, 2):
        _, text = site.do("/workspaces", {"name": f"Branch {number}", "email": f"ben{number}@example.org", "admin": "Ben"})
        link = re.search(rb"/link/[A-Za-z0-9_-]+", text).group().decode()
        headers, _ = site.do(link, {"name": "Ben", "password": "correct horse battery staple"})
        site.cookie = next(v.split(";")[0] for k, v in headers if k == "set-cookie" and "session" in v)
        ratios.second_factor(site)
        all.append(Place(site, number, site.cookie))
        site.cookie = own
    return all


def opened(identity, sealed):
    """What age and zstd make of a sealed text."""
    plain = subprocess.run(["age", "-d", "-i", identity, sealed], capture_output=True, check=True).stdout
    return json.loads(subprocess.run(["zstd", "-dc"], input=plain, capture_output=True, check=True).stdout)


def make(site, folder, all):
    """Makes a point under load; gives its folder, what opens it, and how long it took."""
    words = subprocess.run([ratios.ONSIGHT, "backup", "identity"], capture_output=True, text=True, check=True).stdout
    identity, copies = folder / "identity", folder / "copies"
    identity.write_text(words)
    copies.mkdir()
    site.cli("backup", "recipient", words.split("public key: ")[1].split()[0], "--name", "bench")
    site.cli("backup", "destination", str(copies), "--name", "copies")
    ends = threading.Event()
    threads = [threading.Thread(target=place.work, args=(ends,)) for place in all]
    for thread in threads:
        thread.start()
    time.sleep(1)
    before, begun = sum(place.written + place.answered for place in all), time.perf_counter()
    site.do("/backup/now", {})
    while b"being made" in (text := site.ask("GET", "/backup")[2]) or not list(copies.glob("points/*/manifest.age")):
        assert b"failed" not in text, re.sub(rb"<[^>]*>", b" ", text)
        time.sleep(0.2)
    took = time.perf_counter() - begun
    written = sum(place.written + place.answered for place in all) - before
    ends.set()
    for thread in threads:
        thread.join()
    return copies, identity, took, written


def compared(manifest, data, all, sums):
    """Holds what was put back against the manifest. Gives how many of each."""
    items = {(item["kind"], item["name"]): item for item in manifest["items"]}
    for place, (before, after) in zip(all, sums):
        workspace = next(name for kind, name in items if kind == "databases" and f"{name}.{place.survey}" in
                         {other for _, other in items})
        tables = dict(items["databases", workspace]["tables"])
        answers = dict(items["databases", f"{workspace}.{place.survey}"]["tables"])["respondent"]
        assert after["flights"] == before["flights"], f"flights of workspace {place.number} are others"
        assert (tables["flights"], tables["notes"], answers) == (after["rows"], after["notes"], after["answers"]), (
            place.number, tables["flights"], tables["notes"], answers, after)
        # It was made while they wrote: what came later is not in it.
        assert 0 < after["notes"] <= before["notes"] and 0 < after["answers"] <= before["answers"], (before, after)
    files = 0
    for (kind, name), item in items.items():
        for file in item["files"] if kind == "uploads" else ():
            found = next(data.rglob(file["path"].rsplit("/", 1)[-1]), None)
            assert found, f"{file['path']} of {name} is not there"
            assert hashlib.sha256(found.read_bytes()).hexdigest() == file["sha256"], f"{file['path']} is another"
            files += 1
    return {"rows people brought": sum(after["rows"] for _, after in sums), "rows under load": sum(after["notes"] for _, after in sums),
            "respondents": sum(after["answers"] for _, after in sums), "files": files, "databases": sum(kind == "databases" for kind, _ in items)}


def megabytes(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("data", type=Path)
    parse.add_argument("--files", type=int, default=500)
    parse.add_argument("--answers", type=int, default=300)
    wanted = parse.parse_args()
    with tempfile.TemporaryDirectory(prefix="onsight-restore-", dir=os.environ.get("ONSIGHT_BENCH_FOLDER")) as name:
        folder = Path(name)
        site = ratios.Site(str(folder / "data"), ratios.PORT)
        try:
            all = places(site)
            for place, rows in zip(all, shared(wanted.data / "flights.csv")):
                share = (place.number < wanted.files % 3) + wanted.files // 3
                place.furnish(rows, share, wanted.answers)
            copies, identity, made, written = make(site, folder, all)
            before = [place.sums() for place in all]
        finally:
            site.stop()
        [sealed] = copies.glob("points/*/manifest.age")
        manifest = json.loads(opened(identity, sealed)["manifest"])
        bare, begun = folder / "bare", time.perf_counter()
        done = subprocess.Popen([ratios.ONSIGHT, "--data", bare, "restore", "--from", copies, "--identity", identity],
                                stdout=subprocess.PIPE, text=True)
        said = done.stdout.read()
        _, status, used = os.wait4(done.pid, 0)
        took, peak = time.perf_counter() - begun, used.ru_maxrss / 1024
        assert status == 0, said
        print(said.splitlines()[0], file=sys.stderr)
        site.data = str(bare)
        site.start()
        try:
            counts = compared(manifest, bare, all, list(zip(before, [place.sums() for place in all])))
        finally:
            site.stop()
        live, stored = megabytes(folder / "data"), megabytes(copies)
    for what, count in counts.items():
        print(f"| {what}, as the manifest says | {count:,} |")
    print(f"| the instance, MB | {live:.0f} |\n| the point, MB | {stored:.0f} |")
    print(f"| made under load, s | {made:.1f} |\n| rows and answers written meanwhile | {written} |")
    print(f"| put back and compared, s | {took:.1f} |\n| memory of putting it back, MB | {peak:.0f} |")


if __name__ == "__main__":
    main()
