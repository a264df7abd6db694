#!/usr/bin/env python3
"""What making a point costs those who work meanwhile.

    benches/backup.py DATA [--copies 1] [--rate 200] [--seconds 10] [--rounds 3]      (benches/run --backup does all of it)

DATA      a folder with flights.csv, a million rows (shared/bench/mkdata.py makes it)
--copies  how often that table is imported: 1 is about 150 MB, 60 about the 10 GB of the promise

The same pages at the same rate, without and with a point being made (everything, to two folders, read back), in turn;
a point is begun again as soon as one is done. The median of the rounds counts: p99 with by p99 without, and the most
anonymous memory the server had. Needs h2load (Debian: nghttp2-client).
"""
import argparse, statistics, subprocess, sys, tempfile, threading, time
from pathlib import Path

import ratios

BAR_P99, BAR_MB = 1.2, 100


def prepare(site, folder):
    words = subprocess.run([ratios.ONSIGHT, "backup", "identity"], capture_output=True, text=True, check=True).stdout
    public = words.split("public key: ")[1].split()[0]
    site.cli("backup", "recipient", public, "--name", "bench")
    for name in ("one", "two"):
        (Path(folder) / name).mkdir()
        site.cli("backup", "destination", str(Path(folder) / name), "--name", name)


class Maker(threading.Thread):
    """Makes points until told to stop; watches the server's memory."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.ends, self.made, self.most = site, threading.Event(), 0, 0.0

    def run(self):
        while not self.ends.is_set():
            status, _, text = self.site.ask("POST", "/backup/now", {})
            assert status in (303, 409), (status, text[:500])
            self.made += status == 303
            self.most = max(self.most, ratios.memory(self.site.pid, "RssAnon"))
            time.sleep(0.2)


def measure(site, wanted, folder):
    place, _ = ratios.pages()
    paths = ["/apps/flights?" + one for one in place]
    quiet = ratios.steady(site, paths, wanted.rate, wanted.seconds, folder, site.cookie)
    rest = ratios.memory(site.pid, "RssAnon")
    maker = Maker(site)
    maker.start()
    busy = ratios.steady(site, paths, wanted.rate, wanted.seconds, folder, site.cookie)
    maker.ends.set()
    maker.join(600)
    assert quiet["bad"] == 0 and busy["bad"] == 0 and maker.made, (quiet, busy, maker.made)
    return quiet["p99"], busy["p99"], maker.most - rest


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("data", type=Path)
    for name, usual in (("copies", 1), ("rate", 200), ("seconds", 10), ("rounds", 3)):
        parse.add_argument(f"--{name}", type=int, default=usual)
    wanted = parse.parse_args()
    with tempfile.TemporaryDirectory(prefix="onsight-backup-") as folder:
        site = ratios.Site(str(Path(folder) / "data"), ratios.PORT)
        try:
            for copy in range(wanted.copies):
                ratios.import_million(site, wanted.data / "flights.csv", "flights" if copy == 0 else f"flights{copy}")
            ratios.furnish(site)
            prepare(site, folder)
            rounds = [measure(site, wanted, folder) for _ in range(wanted.rounds)]
        finally:
            site.stop()
    quiet, busy, memory = (statistics.median(column) for column in zip(*rounds))
    ratio = statistics.median(b / q for q, b, _ in rounds)
    print(f"| page p99 without a backup, ms | {quiet:.1f} |  |")
    print(f"| page p99 while one is made, ms | {busy:.1f} |  |")
    print(f"| the ratio | {ratio:.2f}x | ≤ {BAR_P99}x {'yes' if ratio <= BAR_P99 else '**no**'} |")
    print(f"| memory it takes, MB | {memory:.1f} | ≤ {BAR_MB} {'yes' if memory <= BAR_MB else '**no**'} |")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
