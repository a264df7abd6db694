#!/usr/bin/env python3
"""Reports over a PostgreSQL beside the bare driver that reads the same rows.

    benches/postgres.py CROWD [--times 300] [--rounds 3]      (benches/run --postgres)

CROWD  the client, benches/crowd, built: `crowd driver` is the bare driver

A PostgreSQL of its own on loopback, without TLS on that way, with 20,000 rows of flights, and an app over it
(`report.toml`). Onsight is asked over one connection with TLS: for a page with a report of 500 rows, for the same rows as
JSON, for a page with a report that has the server group all rows. The driver asks the same statement, reads every value
and drops them. All in turn, in each round; the median of the CPU per answer over the rounds counts: of the process alone,
which the bar is for, and of the process and the server of the database together. Needs postgresql and openssl.
"""
import argparse, os, re, subprocess, sys, tempfile, time
import http.client
from pathlib import Path
from statistics import median

import ratios

PORT = 8654
BAR = 1.3
ROWS = 500
SETUP = """create role reader login password 'reader';
create database bench;
\\connect bench
create table flights (id bigint primary key, year int, month int, day int, delay double precision, carrier text, dest text, tailnum text);
insert into flights select n, 2013, n % 12 + 1, n % 28 + 1, (n * 7919 % 1000) / 10.0, 'C' || n % 16, 'D' || n % 100, 'N' || n % 4000
    from generate_series(1, 20000) as n;
analyze flights;
grant select on flights to reader;
"""
COLUMNS = "id, year, month, day, delay, carrier, dest, tailnum"
LIST = f"select {COLUMNS} from flights where id > 1000 order by id limit {ROWS + 1}"
GROUPED = """select carrier, month, count(*) as flights, avg(delay) as late, max(delay) as worst
from flights group by carrier, month order by carrier, month"""
# What is asked, where, by what statement of the driver, and what each row leaves in the answer.
CASES = [("a page of 500 rows", "/apps/flown", LIST, b"<tr>"),
         ("500 rows as JSON", "/api/v1/apps/flown/queries/flown", LIST, b'"tailnum"'),
         ("a page of all rows grouped", "/apps/flown/p/carriers", GROUPED, b"<tr>")]


def spent(pid):
    """Milliseconds of CPU of a process, exactly: its clock by the kernel's number for it."""
    return time.clock_gettime(~int(pid) << 3 | 2) * 1000


class Postgres:
    """A server of its own, gone with this process."""

    def __init__(self, folder):
        folder = Path(folder)
        cert, key, setup = folder / "cert.pem", folder / "key.pem", folder / "setup.sql"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-keyout", key, "-out", cert], check=True, capture_output=True)
        setup.write_text(SETUP)
        command = [ratios.ROOT / "tests/it/sources/server.sh", "postgres", str(PORT), cert, key, setup]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", "PostgreSQL did not start"

    def spent(self):
        """Milliseconds of CPU of the processes that have a question of ours."""
        asked = (path for path in Path("/proc").iterdir() if path.name.isdigit() and serves(path))
        return {path.name: spent(path.name) for path in asked}

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


def serves(process):
    """Is it one of PostgreSQL's that serve our reader?"""
    try:
        return (process / "cmdline").read_bytes().startswith(b"postgres: reader bench")
    except OSError:
        return False


class Onsight:
    """A server with an app over that database."""

    def __init__(self, site):
        place = {"name": "Bench", "kind": "postgres", "host": "127.0.0.1", "port": PORT, "database": "bench", "user": "reader",
                 "password": "reader", "tls": "off", "ca": "", "reason": "one machine", "connections": 4, "seconds": 30, "rows": 20000}
        site.do("/sources", place)
        site.cli("app", "import", str(ratios.HERE / "report.toml"), "--publish")
        _, text = site.do("/account/keys", {"name": "bench"})
        key = re.search(rb"onsight_[A-Za-z0-9_-]+", text).group().decode()
        self.site, self.headers = site, {"cookie": site.cookie, "authorization": f"Bearer {key}"}
        self.line = http.client.HTTPSConnection("127.0.0.1", site.port, context=ratios.EVERY_TLS, timeout=60)

    def ask(self, path):
        # A key opens no page, and a session no API.
        name = "authorization" if path.startswith("/api") else "cookie"
        self.line.request("GET", path, headers={name: self.headers[name]})
        answer = self.line.getresponse()
        text = answer.read()
        assert answer.status == 200, (answer.status, text[:1000])
        return text

    def times(self, path, times):
        for _ in range(times):
            self.ask(path)


class Driver:
    def __init__(self, crowd, sql, times):
        command = [crowd, "driver", str(PORT), "bench", sql, str(times)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.rows, self.pid = int(self.process.stdout.readline()), self.process.pid

    def ask(self):
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().startswith("done"), "the driver ended"

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


def cost(server, pid, times, work):
    """CPU milliseconds of an answer: of that process, and of it and the server."""
    before, there = spent(pid), server.spent()
    work()
    own = spent(pid) - before
    whole = own + sum(now - there.get(name, 0) for name, now in server.spent().items())
    return own / times, whole / times


def measured(server, onsight, driver, path, said):
    """The medians of ours and of the driver's."""
    ours, bare = [], []
    for number in range(said.rounds):
        ours.append(cost(server, onsight.site.pid, said.times, lambda: onsight.times(path, said.times)))
        bare.append(cost(server, driver.pid, said.times, driver.ask))
        print(f"round {number + 1}, {path}: {ours[-1][0]:.3f} and {bare[-1][0]:.3f} ms", file=sys.stderr, flush=True)
    return [[median(each[at] for each in all) for at in (0, 1)] for all in (ours, bare)]


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("crowd", type=Path)
    said.add_argument("--times", type=int, default=300)
    said.add_argument("--rounds", type=int, default=3)
    said = said.parse_args()
    with tempfile.TemporaryDirectory(prefix="onsight-bench-") as folder:
        # PostgreSQL does not run as root, and looks in here.
        os.chmod(folder, 0o755)
        config = Path(folder) / "onsight.toml"
        config.write_text(f'[egress]\nallow = ["127.0.0.1:{PORT}"]\n')
        os.environ["ONSIGHT_CONFIG"] = str(config)
        running = [server := Postgres(folder)]
        try:
            running.append(site := ratios.Site(f"{folder}/data", ratios.PORT))
            ratios.second_factor(site)
            site.stop()
            site.start("serve")
            onsight = Onsight(site)
            print("| CPU ms of | Onsight | Driver | Figure | Bar | Holds | With the server | Driver | Figure |\n"
                  "|---|---|---|---|---|---|---|---|---|")
            for title, path, sql, mark in CASES:
                running.append(driver := Driver(said.crowd, sql, said.times))
                shown = onsight.ask(path).count(mark)
                assert shown >= driver.rows - 1 > 40, (path, shown, driver.rows)
                ours, bare = measured(server, onsight, driver, path, said)
                print(f"| {title} | {ours[0]:.3f} | {bare[0]:.3f} | {ours[0] / bare[0]:.2f}x | ≤ {BAR}x "
                      f"| {'yes' if ours[0] <= BAR * bare[0] else '**no**'} | {ours[1]:.3f} | {bare[1]:.3f} | {ours[1] / bare[1]:.2f}x |",
                      flush=True)
                running.pop().stop()
        finally:
            for each in reversed(running):
                each.stop()


if __name__ == "__main__":
    main()
