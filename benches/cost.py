#!/usr/bin/env python3
"""What authorisation and the audit trail add to a page and to a row, from samples of the running server.

    benches/cost.py DATA [--seconds 8]      (benches/run --cost does all of it)

DATA   a folder with flights.csv, a million rows (shared/bench/mkdata.py makes it)

The executable is a release build that kept its symbols: benches/run makes one beside the usual one. The same loads
as W1 and W4 of ratios.py run while perf takes stacks. Each sample belongs to the innermost function of ours on its
stack: to authorisation, to the audit trail, or to the rest. What the disk and SQLite do for a record is the record's.
The thread that writes the system's file does nothing else in these loads than carry records into the chain, so all
of it is the audit trail's. The figure is (authorisation + audit) / the rest: what they add.
Needs wrk and perf (Debian: linux-perf), and leave to sample (root, or kernel.perf_event_paranoid at 1).
"""
import argparse, random, re, shutil, signal, subprocess, sys, tempfile, time
from collections import Counter
from pathlib import Path

import ratios

AUTHORISATION = ("people::pages::identify", "people::sessions", "people::actions::keys", "people::sql::places",
                 "web::guard", "web::access", "web::surface", "running::", "apps::sharing", "workspaces::",
                 "store::policy", "store::asking", "store::whose")
AUDIT = ("journal::", "audit::")
# Floors everybody stands on: whose work it is, the next function out says.
SHARED = ("base::", "store::", "site::")
CHAIN = "write onsight"
BARS = {"report page": 15, "one-row insert": 20}


def whose(thread, stack):
    """`stack` names functions, innermost first."""
    if thread.startswith(CHAIN):
        return "audit"
    for name in stack:
        ours = re.search(r"onsight::([a-z_:]+)", name)
        if not ours:
            # The next layer of the request: nothing outside of it asked for this.
            if name.startswith(("axum", "<axum", "tower", "<tower", "hyper", "<hyper")):
                return "rest"
            continue
        place = ours.group(1)
        if place.startswith(AUTHORISATION):
            return "authorisation"
        if place.startswith(AUDIT):
            return "audit"
        if not place.startswith(SHARED):
            return "rest"
    return "rest"


def sampled(pid, seconds, load, folder):
    """Samples by whom they belong to, while `load` runs."""
    file = Path(folder) / "perf.data"
    perf = subprocess.Popen(["perf", "record", "-q", "-F", "499", "--call-graph", "dwarf,16384", "-o", file, "-p", str(pid)],
                            stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    answers = load(seconds)
    perf.send_signal(signal.SIGINT)
    perf.wait(60)
    assert answers["bad"] == 0, answers
    text = subprocess.Popen(["perf", "script", "-i", file, "--no-inline", "-F", "comm,tid,ip,sym"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace")
    found, thread, stack = Counter(), "", []
    for line in text.stdout:
        if not line.strip():
            if stack:
                found[whose(thread, stack)] += 1
            stack = []
        elif line[0].isspace() and re.match(r"\s+[0-9a-f]+ ", line):
            stack.append(line.split(None, 1)[1].strip())
        else:
            thread = re.sub(r"\s+\d+\s*$", "", line.strip())
    text.wait()
    file.unlink()
    return found, answers


def row(name, found, answers):
    rest = found["rest"]
    share = {kind: 100 * found[kind] / rest for kind in ("authorisation", "audit")}
    added, bar = sum(share.values()), BARS[name]
    print(f"| {name} | {answers['cpu_ms']:.3f} | {share['authorisation']:.1f} % | {share['audit']:.1f} % | {added:.1f} % "
          f"| ≤ {bar} % | {'yes' if added <= bar else '**no**'} | {sum(found.values())} |")


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("data", type=Path)
    said.add_argument("--seconds", type=int, default=8)
    said = said.parse_args()
    folder, site = tempfile.mkdtemp(prefix="onsight-cost-"), None
    try:
        site = ratios.Site(f"{folder}/data", ratios.PORT)
        ratios.import_million(site, said.data / "flights.csv", "flights")
        ratios.furnish(site)
        site.stop()
        site.start("serve")
        cookie = [f"cookie: {site.cookie}"]
        place, _ = ratios.pages()
        page = ratios.script(folder, "page", ["/apps/flights?" + p for p in place])
        once = f"{random.getrandbits(64):016x}%016x"
        fields = f"_page=answer&_widget=form&_at=&_once={once}&name=Ada&email=ada%%40example.org&score=7&comment=Good"
        form = ratios.script(folder, "form", post=("/apps/flights/run/answer", fields))
        print("| | CPU ms, sampled | authorisation | audit | together | bar | holds | samples |\n|---|---|---|---|---|---|---|---|")
        for name, connections, lua in (("report page", 16, page), ("one-row insert", 64, form)):
            load = lambda seconds: ratios.load(site.pid, site.url("/"), connections, seconds, cookie, lua)
            load(3)
            row(name, *sampled(site.pid, said.seconds, load, folder))
    finally:
        if site:
            site.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
