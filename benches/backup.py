#!/usr/bin/env python3
"""What making a point costs those who work meanwhile.

    benches/backup.py DATA [--copies 1] [--rate 200] [--seconds 10] [--rounds 3] [--folder DIR] [--prepare]
                                                                          (benches/run --backup does all of it)

DATA      a folder with flights.csv, a million rows (shared/bench/mkdata.py makes it)
--copies  how often that table is imported: 1 is about 90 MB, 115 about the 10 GB of the promise
--folder  where the instance is kept, so that it is made once; what is there is added to until it has enough tables
--prepare makes it and measures nothing: importing 115 tables takes half an hour

The same pages at the same rate: without, then with a point being made (everything, to two folders, read back), then
without again on a server just started, because machines change from minute to minute. A point is begun again as soon
as one is done. The median of the rounds counts: p99 with by p99 without, and the most anonymous memory the server had.
Needs h2load (Debian: nghttp2-client).
"""
import argparse, contextlib, os, shutil, statistics, subprocess, sys, tempfile, threading, time
from pathlib import Path

import ratios

BAR_P99, BAR_MB = 1.2, 100
# How many tables are there, in the folder that is kept.
TABLES = "tables"


def prepare(site, folder, data, copies):
    """Makes what is missing, and notes how far it came."""
    note = folder / TABLES
    there = int(note.read_text()) if note.exists() else 0
    for copy in range(there, copies):
        ratios.import_million(site, data / "flights.csv", "flights" if copy == 0 else f"flights{copy}")
        if copy == 0:
            # Without a second factor, so that a link is enough to come in again.
            ratios.make_app(site)
            destinations(site, folder)
        note.write_text(str(copy + 1))
        print(f"{copy + 1} of {copies} tables", file=sys.stderr, flush=True)


def destinations(site, folder):
    words = subprocess.run([ratios.ONSIGHT, "backup", "identity"], capture_output=True, text=True, check=True).stdout
    public = words.split("public key: ")[1].split()[0]
    site.cli("backup", "recipient", public, "--name", "bench")
    for name in ("one", "two"):
        (folder / name).mkdir()
        site.cli("backup", "destination", str(folder / name), "--name", name)


class Maker(threading.Thread):
    """Makes points until told to stop; watches the server's memory."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.ends, self.begun, self.most = site, threading.Event(), 0, 0.0

    def run(self):
        while not self.ends.is_set():
            # Answers when the point is made, or after a while: then it is still being made, which is 409.
            status, _, text = self.site.ask("POST", "/backup/now", {})
            assert status in (303, 409), (status, text[:500])
            self.begun += status == 303
            time.sleep(0.2)

    def watch(self):
        while not self.ends.is_set():
            self.most = max(self.most, ratios.memory(self.site.pid, "RssAnon"))
            time.sleep(0.05)


def is_making(site):
    return any(word == "making" for line in site.cli("backup", "list").splitlines() for word in line.split()[1:2])


def quiet(site, wanted, folder):
    """The p99 of each round in which nothing else is done, the first left out."""
    return rounds(site, wanted, folder, wanted.rounds + 1)[1:]


def rounds(site, wanted, folder, count):
    place, _ = ratios.pages()
    paths = ["/apps/flights?" + one for one in place]
    found = [ratios.steady(site, paths, wanted.rate, wanted.seconds, folder, site.cookie) for _ in range(count)]
    bad = [one["bad"] for one in found]
    assert not any(bad), f"pages that failed, by round: {bad}"
    return [one["p99"] for one in found]


def busy(site, wanted, folder):
    """The p99 of each round while a point is made, and the memory that takes."""
    rest = ratios.memory(site.pid, "RssAnon")
    maker = Maker(site)
    maker.start()
    watcher = threading.Thread(target=maker.watch, daemon=True)
    watcher.start()
    while not is_making(site):
        time.sleep(0.05)
    found = rounds(site, wanted, folder, wanted.rounds)
    was_making = is_making(site) or maker.begun > 1
    maker.ends.set()
    watcher.join()
    assert was_making, "the point was made before the measuring ended: more --copies"
    return found, maker.most - rest


def stop(site):
    # A point that is still being made when all is measured is of no use to anybody.
    site.process.kill()
    site.process.wait()


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("data", type=Path)
    for name, usual in (("copies", 1), ("rate", 200), ("seconds", 10), ("rounds", 3)):
        parse.add_argument(f"--{name}", type=int, default=usual)
    parse.add_argument("--folder", type=Path)
    parse.add_argument("--prepare", action="store_true")
    wanted = parse.parse_args()
    with contextlib.ExitStack() as stack:
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onsight-backup-")))
        folder.mkdir(exist_ok=True)
        site = ratios.Site(str(folder / "data"), ratios.PORT)
        stack.callback(lambda: stop(site))
        prepare(site, folder, wanted.data, wanted.copies)
        if wanted.prepare:
            return
        without = quiet(site, wanted, folder)
        made, memory = busy(site, wanted, folder)
        stop(site)
        site = ratios.Site(str(folder / "data"), ratios.PORT)
        without += quiet(site, wanted, folder)
    for points in folder.glob("*/points") if wanted.folder else ():
        shutil.rmtree(points)
    size = sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()) / 1e9 if wanted.folder else 0
    ratio = statistics.median(made) / statistics.median(without)
    print(f"| tables of a million rows{f', {size:.1f} GB' if size else ''} | {wanted.copies} |  |")
    print(f"| page p99 without a backup, ms | {statistics.median(without):.1f} |  |")
    print(f"| page p99 while one is made, ms | {statistics.median(made):.1f} |  |")
    print(f"| the ratio | {ratio:.2f}x | ≤ {BAR_P99}x {'yes' if ratio <= BAR_P99 else '**no**'} |")
    print(f"| memory it takes, MB | {memory:.1f} | ≤ {BAR_MB} {'yes' if memory <= BAR_MB else '**no**'} |")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
