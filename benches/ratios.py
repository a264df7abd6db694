#!/usr/bin/env python3
"""What the issue on speed promises, measured beside the bare limit in one run.

    benches/ratios.py DATA LIMIT [--rounds 3] [--seconds 5] [--only W1,W4]

DATA   a folder with flights.csv and flights.db, a million rows (shared/bench/mkdata.py makes it)
LIMIT  the executable of the bare limit (shared/bench/limit, cargo build --release)

Onsight runs with TLS, session, access check, encryption at rest and the whole page; the limit is a bare
handler over plain HTTP on a plain file. Each round visits both in turn; the median over the rounds is quoted.
CPU is user plus system time of the server per answered request, from /proc. Needs wrk, h2load and sqlite3.
"""
import argparse, http.client, json, os, re, shutil, signal, sqlite3, ssl, statistics, subprocess, sys, tempfile, time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
ONSIGHT = ROOT / "target/x86_64-unknown-linux-gnu/release/onsight"
TICK = os.sysconf("SC_CLK_TCK")
EVERY_TLS = ssl._create_unverified_context()


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
        line = subprocess.run([ONSIGHT, "--data", data, "user", "link", "demo@example.org"],
                              capture_output=True, text=True, check=True).stdout.strip()
        _, headers, _ = self.ask("POST", line[line.index("/link/"):])
        self.cookie = next(v.split(";")[0] for k, v in headers if k == "set-cookie" and "session" in v)

    def start(self, command="demo"):
        begun = time.perf_counter()
        self.process = subprocess.Popen([ONSIGHT, "--data", self.data, "--listen", f"127.0.0.1:{self.port}", command],
                                        stdout=subprocess.DEVNULL)
        self.pid, self.cookie = self.process.pid, ""
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

    def ask(self, method, path, body=None, headers=()):
        line = http.client.HTTPSConnection("127.0.0.1", self.port, context=EVERY_TLS, timeout=900)
        sent = {"cookie": self.cookie, **dict(headers)}
        if isinstance(body, dict):
            body, sent["content-type"] = urlencode(body), "application/x-www-form-urlencoded"
        line.request(method, path, body, sent)
        answer = line.getresponse()
        text = answer.read()
        found = [(k.lower(), v) for k, v in answer.getheaders()]
        line.close()
        return answer.status, found, text

    def url(self, path):
        return f"https://127.0.0.1:{self.port}{path}"


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
    return {"rps": count / seconds, "cpu_ms": used * 1000 / count, "p99": p99, "bad": int(bad.group(1)) if bad else 0}


def steady(url, rate, seconds, cookie):
    """Open loop by h2load over HTTP/1.1. Gives p99 ms and failures."""
    clients = 25
    log = tempfile.NamedTemporaryFile(delete=False).name
    subprocess.run(["h2load", "--h1", "-c", str(clients), "-n", str(rate * seconds), f"--rps={rate / clients}",
                    f"--log-file={log}", "-H", f"cookie: {cookie}", url], capture_output=True, check=True)
    rows = [line.split() for line in Path(log).read_text().splitlines()]
    os.unlink(log)
    times = sorted(int(row[2]) / 1000 for row in rows)
    return {"p99": times[int(len(times) * 0.99)], "bad": sum(row[1] != "200" for row in rows), "count": len(rows)}


def import_million(site, csv):
    """Uploads and imports as a person would; gives CPU seconds and the peak in MB."""
    boundary = "a-boundary-no-flight-has"
    head = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"flights.csv\"\r\n"
            "Content-Type: text/csv\r\n\r\n").encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    size = len(head) + csv.stat().st_size + len(tail)

    def body():
        yield head
        with csv.open("rb") as file:
            while piece := file.read(1 << 16):
                yield piece
        yield tail

    forget_peak(site.pid)
    before, begun = cpu(site.pid), time.perf_counter()
    status, headers, text = site.ask("POST", "/data/import", body(), {
        "content-type": f"multipart/form-data; boundary={boundary}", "content-length": str(size)}.items())
    assert status in (201, 303), (status, text[:400])
    place = dict(headers)["location"]
    wait_for(site, place, b"data-done")
    return place, before, begun


def wait_for(site, path, mark):
    while True:
        status, headers, text = site.ask("GET", path)
        if b"data-poll" not in text or mark in text:
            return text
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit("run benches/run")
