#!/usr/bin/env python3
"""What the issue on speed promises, measured beside the bare limit in one run.

    benches/ratios.py DATA LIMIT [--rounds 3] [--seconds 5] [--only W1,W4]      (benches/run does all of it)

DATA   a folder with flights.csv and flights.db, a million rows (shared/bench/mkdata.py makes it)
LIMIT  the executable of the bare limit (shared/bench/limit, cargo build --release)

Onsight runs with TLS, session, access check, encryption at rest and the whole page; the limit is a bare
handler over plain HTTP on a plain file. Each round visits both in turn; the median over the rounds is quoted.
CPU is user plus system time of the server per answered request, from /proc. Needs wrk, h2load and sqlite3.
The executable measured is the release build, or what ONSIGHT names.
"""
import argparse, base64, hmac, http.client, json, os, random, re, resource, shutil, signal, sqlite3, ssl, struct, subprocess, sys, tempfile, time
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "benches"
ONSIGHT = os.environ.get("ONSIGHT", ROOT / "target/x86_64-unknown-linux-gnu/release/onsight")
TICK = os.sysconf("SC_CLK_TCK")
EVERY_TLS = ssl._create_unverified_context()
PORT, LIMIT_PORT, LIMIT_TLS = 8650, 8651, 8652
DESTS = "ATL ORD LAX BOS MCO CLT SFO FLL MIA DCA DTW DFW RDU TPA DEN IAH MSP PBI BNA LAS".split()


def cpu(pid):
    """Seconds of user plus system time the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(pid, key):
    """MB of VmHWM, VmRSS or RssAnon."""
    return int(re.search(key + r":\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def forget_peak(pid):
    Path(f"/proc/{pid}/clear_refs").write_text("5")


class Site:
    """A running Onsight, and somebody signed in."""

    def __init__(self, data, port):
        self.data, self.port = data, port
        self.start()
        line = self.cli("user", "link", "demo@example.org").strip()
        _, headers, _ = self.ask("POST", line[line.index("/link/"):], {})
        self.cookie = next(v.split(";")[0] for k, v in headers if k == "set-cookie" and "session" in v)

    def cli(self, *words):
        done = subprocess.run([ONSIGHT, "--data", self.data, *words], stdout=subprocess.PIPE, text=True)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self, command="demo"):
        begun = time.perf_counter()
        self.process = subprocess.Popen([ONSIGHT, "--data", self.data, "--listen", f"127.0.0.1:{self.port}", command],
                                        stdout=subprocess.DEVNULL)
        self.pid, self.cookie = self.process.pid, getattr(self, "cookie", "")
        while True:
            try:
                status, _, _ = self.ask("GET", "/sign-in")
                if status in (200, 303):
                    return time.perf_counter() - begun
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit("onsight did not start")
            time.sleep(0.001)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def open(self, method, path, body=None, headers=()):
        line = http.client.HTTPSConnection("127.0.0.1", self.port, context=EVERY_TLS, timeout=900)
        sent = {"cookie": self.cookie, **dict(headers)}
        if isinstance(body, dict):
            body, sent["content-type"] = urlencode(body), "application/x-www-form-urlencoded"
        line.request(method, path, body, sent)
        return line, line.getresponse()

    def ask(self, method, path, body=None, headers=()):
        line, answer = self.open(method, path, body, headers)
        text = answer.read()
        found = [(k.lower(), v) for k, v in answer.getheaders()]
        line.close()
        return answer.status, found, text

    def do(self, path, fields):
        """A form that has to be taken."""
        status, headers, text = self.ask("POST", path, fields)
        assert status in (200, 303), (path, status, re.sub(rb"<[^>]*>", b" ", text)[:2000])
        return headers, text

    def url(self, path):
        return f"https://127.0.0.1:{self.port}{path}"


class Limit:
    """The bare limit on a copy of its file."""

    def __init__(self, program, data, folder):
        self.file = Path(folder) / "limit.db"
        shutil.copy(data / "flights.db", self.file)
        command = [program, "serve", self.file, str(LIMIT_PORT), str(LIMIT_TLS), "FULL"]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid
        while self.process.poll() is None:
            try:
                return self.open("/hello")[0].close()
            except OSError:
                time.sleep(0.01)
        sys.exit("the limit did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def open(self, path):
        line = http.client.HTTPConnection("127.0.0.1", LIMIT_PORT, timeout=900)
        line.request("GET", path)
        return line, line.getresponse()

    def url(self, path):
        return f"http://127.0.0.1:{LIMIT_PORT}{path}"


def load(pid, url, connections, seconds, headers=(), script=None):
    """Closed loop by wrk. Gives requests a second, CPU ms a request, p99 ms, bad answers."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    command += (["-s", script] if script else []) + [url]
    forget_peak(pid)
    before = cpu(pid)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = cpu(pid) - before
    count = int(re.search(r"(\d+) requests in", said).group(1))
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    p99 = float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    seconds = float(re.search(r"requests in ([\d.]+)s", said).group(1))
    return {"count": count, "rps": count / seconds, "cpu_ms": used * 1000 / count, "p99": p99, "bad": int(bad.group(1)) if bad else 0}


def steady(server, paths, rate, seconds, folder, cookie):
    """Open loop by h2load over HTTP/1.1. Gives p99 ms and what went wrong."""
    clients, log, inputs = 25, Path(folder) / "h2load.log", Path(folder) / "h2load.in"
    inputs.write_text("\n".join(server.url(path) for path in paths))
    log.unlink(missing_ok=True)
    subprocess.run(["h2load", "--h1", "-c", str(clients), "-n", str(rate * seconds), f"--rps={rate / clients}",
                    f"--log-file={log}", "-H", f"cookie: {cookie}", "-i", str(inputs)], capture_output=True, check=True)
    rows = [line.split() for line in log.read_text().splitlines()]
    times = sorted(int(row[2]) / 1000 for row in rows)
    wrong = rate * seconds - len(rows) + sum(row[1] != "200" for row in rows)
    return {"p99": times[int(len(times) * 0.99)], "bad": wrong}


def script(folder, name, paths=None, post=None):
    """A Lua script for wrk: random pages, or a form with a number that never comes twice."""
    file = Path(folder) / f"{name}.lua"
    if paths:
        listed = ",".join(json.dumps(path) for path in paths)
        file.write_text(f"local paths = {{{listed}}}\nmath.randomseed({random.getrandbits(30)})\n"
                        "request = function() return wrk.format('GET', paths[math.random(#paths)]) end\n")
    else:
        path, body = post
        file.write_text(f"local n = 0\nwrk.headers['content-type'] = 'application/x-www-form-urlencoded'\n"
                        f"request = function()\n  n = n + 1\n"
                        f"  return wrk.format('POST', '{path}', nil, string.format({json.dumps(body)}, n))\nend\n")
    return str(file)


class Form(HTMLParser):
    """The fields of the form with that id, as a browser would send them untouched."""

    def __init__(self, text, id):
        super().__init__()
        self.fields, self.id, self.inside, self.select = {}, id, False, None
        self.feed(text.decode())

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.inside = at.get("id") == self.id
        if not self.inside:
            return
        if tag == "select":
            self.select = at["name"]
        elif tag == "option" and "selected" in at:
            self.fields[self.select] = at["value"]
        elif tag == "input" and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.fields[at["name"]] = at.get("value", "on")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


def upload(site, csv):
    """Sends the file as a person would, and gives the address of what was found in it."""
    boundary = "a-boundary-no-flight-has"
    head = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"flights.csv\"\r\n"
            "Content-Type: text/csv\r\n\r\n").encode()
    tail = f"\r\n--{boundary}--\r\n".encode()

    def body():
        yield head
        with csv.open("rb") as file:
            while piece := file.read(1 << 16):
                yield piece
        yield tail

    status, headers, text = site.ask("POST", "/data/import", body(), {
        "content-type": f"multipart/form-data; boundary={boundary}",
        "content-length": str(len(head) + csv.stat().st_size + len(tail))})
    assert status in (201, 303), (status, text[:400])
    return dict(headers)["location"]


def settled(site, path):
    """The page once the work it tells of is done, and the most anonymous memory meanwhile."""
    anon = 0
    while True:
        _, _, text = site.ask("GET", path)
        anon = max(anon, memory(site.pid, "RssAnon"))
        # Over is not yet written down: a browser asks for the page once more.
        if not re.search(rb"data-(poll|done)=", text):
            return text, anon
        time.sleep(0.1)


def import_million(site, csv, name):
    """Uploads, looks through, imports; gives CPU seconds of all of it and the peaks in MB."""
    forget_peak(site.pid)
    before = cpu(site.pid)
    place = upload(site, csv)
    text, anon = settled(site, place)
    looked = cpu(site.pid)
    fields = Form(text, "order").fields
    site.do(f"{place}/start", {**fields, "name": name, "title": name.title()})
    text, more = settled(site, place)
    assert f"1,000,000 rows are in {name}".encode() in text, re.sub(rb"<[^>]*>", b" ", text)[:2000]
    return {"cpu": cpu(site.pid) - before, "look": looked - before, "peak": memory(site.pid, "VmHWM"), "anon": max(anon, more)}


def import_sqlite(data, folder):
    """`sqlite3 .import` into the same columns. Not STRICT, which would refuse every row with an empty number."""
    file = Path(folder) / "shell.db"
    file.unlink(missing_ok=True)
    schema = sqlite3.connect(data / "flights.db").execute("select sql from sqlite_master where name = 'flights'").fetchone()[0]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["sqlite3", file, schema, ".mode csv", f".import --skip 1 {data / 'flights.csv'} flights"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    file.unlink()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def export(server, answer):
    """Reads a file to its end; gives CPU seconds, MB/s and by how many MB anonymous memory grew."""
    anon, before, begun = memory(server.pid, "RssAnon"), cpu(server.pid), time.perf_counter()
    line, answer = answer()
    most, lines, size = anon, 0, 0
    while piece := answer.read(1 << 18):
        most, lines, size = max(most, memory(server.pid, "RssAnon")), lines + piece.count(b"\n"), size + len(piece)
    line.close()
    assert answer.status == 200 and lines == 1_000_001, (answer.status, lines)
    return {"cpu": cpu(server.pid) - before, "mbs": size / 1e6 / (time.perf_counter() - begun), "anon": most - anon}


def one_by_one(folder):
    """Durable rows a second when each is its own commit."""
    file = Path(folder) / "single.db"
    db = sqlite3.connect(file, isolation_level=None)
    db.executescript("pragma journal_mode=wal; pragma synchronous=full; create table a (id integer primary key, name, email, score, comment)")
    begun = time.perf_counter()
    for n in range(200):
        db.execute("insert into a (name, email, score, comment) values ('Ada Lovelace', 'ada@example.org', 7, ?)", (f"Quite good {n}",))
    took = time.perf_counter() - begun
    db.close()
    file.unlink()
    return 200 / took


def second_factor(site):
    """What is asked of an admin where it is no demo: an authenticator app, here RFC 6238 in four lines."""
    _, _, text = site.ask("GET", "/account/factors")
    seed = re.search(rb'id="seed">([A-Z2-7]+)<', text).group(1)
    tag = hmac.digest(base64.b32decode(seed + b"=" * (-len(seed) % 8)), struct.pack(">Q", int(time.time()) // 30), "sha1")
    code = struct.unpack_from(">I", tag, tag[19] & 15)[0] & 0x7fffffff
    headers, _ = site.do("/account/factors/app", {"code": f"{code % 1_000_000:06}"})
    site.cookie = next((v.split(";")[0] for k, v in headers if k == "set-cookie" and "session" in v), site.cookie)


def make_app(site):
    """The app that is measured, on the table of flights."""
    site.do("/data/flights/indexes", {"column": "dest"})
    columns = [("Name", "text"), ("Email", "text"), ("Score", "integer"), ("Comment", "text"), ("Created", "datetime")]
    site.do("/data/new", urlencode([("title", "Answers")] + [pair for title, kind in columns for pair in (("column", title), ("type", kind))]))
    site.cli("app", "import", str(HERE / "flights.toml"), "--publish")


def furnish(site):
    second_factor(site)
    make_app(site)
    _, text = site.do("/account/keys", {"name": "bench"})
    return re.search(rb"onsight_[A-Za-z0-9_-]+", text).group().decode()


def pages(count=500):
    """The same random pages for both: where to, and where from."""
    some = [(random.choice(DESTS), random.randrange(500) * 1000) for _ in range(count)]
    place = [urlencode({"dest": dest, "after": f"[51,{after},{after}]"}) for dest, after in some]
    return place, [f"dest={dest}&after={after}" for dest, after in some]


SIX = ("busy", "carriers", "months", "hours", "planes", "flights")


class Round:
    def __init__(self, number, wanted, running, key, folder, data):
        self.number, (self.site, self.limit), self.key = number, running, key
        self.folder, self.data = folder, data
        self.wanted, self.seconds = wanted, wanted.seconds
        self.place, self.plain = pages()

    def cookie(self):
        return f"cookie: {self.site.cookie}"

    def bearer(self):
        return f"authorization: Bearer {self.key}"

    def api(self, rest):
        line, answer = self.site.open("GET", f"/api/v1/apps/flights/queries/{rest}", headers={"authorization": f"Bearer {self.key}", "cookie": ""})
        text = answer.read()
        line.close()
        assert answer.status == 200, text
        return json.loads(text)["rows"]

    def several(self, paths, header):
        """CPU seconds of these answers, one after the other over one connection."""
        line = http.client.HTTPSConnection("127.0.0.1", self.site.port, context=EVERY_TLS, timeout=900)
        line.request("GET", paths[0], headers=header)
        line.getresponse().read()
        before = cpu(self.site.pid)
        for path in paths:
            line.request("GET", path, headers=header)
            answer = line.getresponse()
            text = answer.read()
            assert answer.status == 200 and b"could not be loaded" not in text, (path, answer.status)
        line.close()
        return cpu(self.site.pid) - before

    def six(self):
        """A page of six widgets beside its six queries asked one by one, as programs ask them."""
        some = [random.choice(DESTS) for _ in range(20 * self.seconds)]
        pages = [f"/apps/flights/p/six?dest={dest}" for dest in some]
        _, _, text = self.site.ask("GET", pages[0])
        assert text.count(b"data-v=") == len(SIX), text.count(b"data-v=")
        queries = [f"/api/v1/apps/flights/queries/{name}?dest={dest}" for dest in some for name in SIX]
        page = self.several(pages, {"cookie": self.site.cookie})
        apart = self.several(queries, {"authorization": f"Bearer {self.key}"})
        return {"ours": page * 1000 / len(some), "apart": apart * 1000 / len(some)}

    def reading(self, ours, theirs, header):
        """Both loaded with the same pages, one after the other."""
        got = {}
        for name, server, paths in (("ours", self.site, [ours + p for p in self.place]), ("limit", self.limit, [theirs + p for p in self.plain])):
            lua = script(self.folder, name, paths)
            got[name] = load(server.pid, server.url("/"), 16, self.seconds, [header] if name == "ours" else [], lua)
            assert got[name]["bad"] == 0, got
        return got

    def w1(self):
        _, _, text = self.site.ask("GET", "/apps/flights?" + self.place[0])
        assert text.count(b"<tr") == 51, text.count(b"<tr")
        return self.reading("/apps/flights?", "/flights?", self.cookie())

    def w2(self):
        assert len(self.api("flights?" + self.place[0])) == 50
        return self.reading("/api/v1/apps/flights/queries/flights?", "/flights.json?", self.bearer())

    def w8(self):
        ours = steady(self.site, ["/apps/flights?" + p for p in self.place], 500, 10, self.folder, self.site.cookie)
        return {"ours": ours, "limit": steady(self.limit, ["/flights?" + p for p in self.plain], 500, 10, self.folder, "-")}

    def w4(self):
        count = lambda: next(iter(self.api("stored")[0].values()))
        fields = "name=Ada+Lovelace&email=ada%%40example.org&score=7&comment=Quite+good%%3B+the+lamp+was+too+bright+%d"
        own = f"_page=answer&_widget=form&_at=&_once={random.getrandbits(64):016x}%016x&" + fields
        lua = script(self.folder, "ours", post=("/apps/flights/run/answer", own.replace("%d", "1")))
        before = count()
        ours = load(self.site.pid, self.site.url("/"), 64, self.seconds, [self.cookie()], lua)
        stored = count() - before
        lua = script(self.folder, "limit", post=("/answers", fields))
        limit = load(self.limit.pid, self.limit.url("/"), 64, self.seconds, [], lua)
        assert ours["bad"] == 0 and 0 <= stored - ours["count"] <= 64, (ours, stored)
        return {"ours": ours, "limit": limit, "single": one_by_one(self.folder)}

    def w5(self):
        ours = export(self.site, lambda: self.site.open("GET", "/apps/flights/export/list/rows/csv"))
        return {"ours": ours, "limit": export(self.limit, lambda: self.limit.open("/export.csv"))}

    def w6(self):
        """On a server just started, so that the peak is the import's and not that of pages seen before."""
        self.site.stop()
        self.site.start("serve")
        ours = import_million(self.site, self.data / "flights.csv", f"again{self.number}")
        return {"ours": ours, "shell": import_sqlite(self.data, self.folder)}

    def w7(self):
        self.site.stop()
        took = self.site.start("serve")
        time.sleep(2)
        return {"start": took * 1000, "idle": memory(self.site.pid, "VmRSS"), "anon": memory(self.site.pid, "RssAnon")}


def deep(all, *path):
    """The median over the rounds of the figure at that place."""
    def at(one):
        for word in path:
            one = one[word]
        return one
    return median(at(one) for one in all)


def table(found):
    """Workload, ours, limit, ratio or figure, bar, whether it holds."""
    def row(name, ours, limit, figure, bar, is_most=True, unit=""):
        holds = figure <= bar if is_most else figure >= bar
        sign = "≤" if is_most else "≥"
        print(f"| {name} | {ours} | {limit} | {figure:.2f}{unit} | {sign} {bar}{unit} | {'yes' if holds else '**no**'} |")
    print("| Workload | Onsight | Limit | Figure | Bar | Holds |\n|---|---|---|---|---|---|")
    for word, name, bar in (("w1", "W1 page of 50 rows, CPU ms", 2.0), ("w2", "W2 the same as JSON, CPU ms", 1.5)):
        if all := found.get(word):
            ours, limit = deep(all, "ours", "cpu_ms"), deep(all, "limit", "cpu_ms")
            row(name, f"{ours:.3f}", f"{limit:.3f}", ours / limit, bar, unit="x")
    if all := found.get("six"):
        ours, apart = deep(all, "ours"), deep(all, "apart")
        row("page of six widgets, CPU ms (its queries one by one)", f"{ours:.2f}", f"{apart:.2f}", ours / apart, 1.3, unit="x")
    if all := found.get("w8"):
        p99 = deep(all, "ours", "p99")
        row("W8 500 pages/s, p99 ms", f"{p99:.1f}", f"{deep(all, 'limit', 'p99'):.1f}", p99, 20)
        wrong = max(one["ours"]["bad"] for one in all)
        row("W8 errors", wrong, max(one["limit"]["bad"] for one in all), wrong, 0)
    if all := found.get("w4"):
        ours, limit, single = deep(all, "ours", "rps"), deep(all, "limit", "rps"), deep(all, "single")
        row("W4 rows/s by form, 64 clients", f"{ours:.0f}", f"{limit:.0f}", ours / limit, 0.7, False, "x")
        row("W4 against a commit for each row", f"{ours:.0f}", f"{single:.0f}", ours / single, 20, False, "x")
    if all := found.get("w5"):
        ours, limit = deep(all, "ours", "cpu"), deep(all, "limit", "cpu")
        row("W5 CSV of the million, CPU s", f"{ours:.2f}", f"{limit:.2f}", ours / limit, 1.5, unit="x")
        grown = max(one["ours"]["anon"] for one in all)
        row("W5 memory it takes, MB", f"{grown:.1f}", f"{deep(all, 'limit', 'anon'):.1f}", grown, 8)
    if all := found.get("w6"):
        ours, shell = deep(all, "ours", "cpu"), deep(all, "shell")
        row("W6 import of the million, CPU s (`sqlite3 .import`)", f"{ours:.2f}", f"{shell:.2f}", ours / shell, 1.3, unit="x")
        peak = max(one["ours"]["peak"] for one in all)
        row(f"W6 peak, MB (anonymous {max(one['ours']['anon'] for one in all):.0f})", f"{peak:.0f}", "", peak, 60)
    if all := found.get("w7"):
        row("W7 start to first answer, ms", f"{deep(all, 'start'):.0f}", "", deep(all, "start"), 60)
        row(f"W7 idle, MB (anonymous {deep(all, 'anon'):.0f})", f"{deep(all, 'idle'):.0f}", "", deep(all, "idle"), 25)


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("data", type=Path)
    said.add_argument("limit", type=Path)
    said.add_argument("--rounds", type=int, default=3)
    said.add_argument("--seconds", type=int, default=5)
    said.add_argument("--only", type=lambda text: text.lower().split(","), default=["w1", "w2", "six", "w4", "w8", "w5", "w6", "w7"])
    said = said.parse_args()
    folder, running, found = tempfile.mkdtemp(prefix="onsight-bench-"), [], {}
    try:
        running.append(site := Site(f"{folder}/data", PORT))
        first = import_million(site, said.data / "flights.csv", "flights")
        print(f"imported: {first}", file=sys.stderr, flush=True)
        key = furnish(site)
        site.stop()
        site.start("serve")
        running.append(limit := Limit(said.limit, said.data, folder))
        for number in range(said.rounds):
            this = Round(number, said, (site, limit), key, folder, said.data)
            for word in said.only:
                got = getattr(this, word)()
                found.setdefault(word, []).append(got)
                print(f"round {number + 1} {word}: {got}", file=sys.stderr, flush=True)
        table(found)
    finally:
        for server in running:
            server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
