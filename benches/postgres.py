#!/usr/bin/env python3
"""A page of rows of a PostgreSQL beside the bare driver that reads the same rows.

    benches/postgres.py CROWD [--rows 500] [--times 200] [--rounds 3]      (benches/run --postgres)

CROWD  the client, benches/crowd, built: `crowd driver` is the bare driver

A PostgreSQL of its own on loopback, without TLS on that way, with 20,000 rows of flights. Onsight is asked over one
connection with TLS, and answers with the whole page; the driver reads every value of the same rows and drops them. Both
in turn, in each round; the median of the CPU per answer over the rounds counts. Needs postgresql and openssl.
`report` says what is asked of Onsight: today the desk of queries.
"""
import argparse, os, subprocess, sys, tempfile, time
import http.client
from pathlib import Path
from statistics import median

import ratios

PORT = 8654
BAR = 1.3
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

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


class Report:
    """What Onsight is asked: a statement on that database at the desk of queries."""

    def __init__(self, site, sql):
        place = {"name": "Bench", "kind": "postgres", "host": "127.0.0.1", "port": PORT, "database": "bench", "user": "reader",
                 "password": "reader", "tls": "off", "ca": "", "reason": "one machine", "connections": 4, "seconds": 30, "rows": 20000}
        headers, _ = site.do("/sources", place)
        source = dict(headers)["location"].rsplit("/", 1)[1]
        self.site, self.body = site, ratios.urlencode({"source": source, "sql": sql})
        self.headers = {"cookie": site.cookie, "content-type": "application/x-www-form-urlencoded"}
        self.line = http.client.HTTPSConnection("127.0.0.1", site.port, context=ratios.EVERY_TLS, timeout=60)

    def ask(self):
        self.line.request("POST", "/queries/run", self.body, self.headers)
        answer = self.line.getresponse()
        text = answer.read()
        assert answer.status == 200, (answer.status, text[:1000])
        return text

    def cpu(self, times):
        """CPU milliseconds of an answer."""
        before = ratios.cpu(self.site.pid)
        for _ in range(times):
            self.ask()
        return (ratios.cpu(self.site.pid) - before) * 1000 / times


class Driver:
    def __init__(self, crowd, sql, times):
        command = [crowd, "driver", str(PORT), "bench", sql, str(times)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.rows, self.times = int(self.process.stdout.readline()), times

    def cpu(self):
        before = ratios.cpu(self.process.pid)
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().startswith("done"), "the driver ended"
        return (ratios.cpu(self.process.pid) - before) * 1000 / self.times

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("crowd", type=Path)
    said.add_argument("--rows", type=int, default=500)
    said.add_argument("--times", type=int, default=200)
    said.add_argument("--rounds", type=int, default=3)
    said = said.parse_args()
    sql = f"select {COLUMNS} from flights where id > 1000 order by id limit {said.rows}"
    with tempfile.TemporaryDirectory(prefix="onsight-bench-") as folder:
        # PostgreSQL does not run as root, and looks in here.
        os.chmod(folder, 0o755)
        config = Path(folder) / "onsight.toml"
        config.write_text(f'[egress]\nallow = ["127.0.0.1:{PORT}"]\n')
        os.environ["ONSIGHT_CONFIG"] = str(config)
        running = [Postgres(folder)]
        try:
            running.append(site := ratios.Site(f"{folder}/data", ratios.PORT))
            ratios.second_factor(site)
            site.stop()
            site.start("serve")
            report = Report(site, sql)
            running.append(driver := Driver(said.crowd, sql, said.times))
            shown = report.ask().count(b"<tr")
            assert driver.rows == said.rows <= shown, (driver.rows, shown)
            ours, bare = [], []
            for number in range(said.rounds):
                ours.append(report.cpu(said.times))
                bare.append(driver.cpu())
                print(f"round {number + 1}: {ours[-1]:.3f} and {bare[-1]:.3f} ms", file=sys.stderr, flush=True)
            ours, bare = median(ours), median(bare)
            print("| Workload | Onsight | Driver | Figure | Bar | Holds |\n|---|---|---|---|---|---|")
            print(f"| {said.rows} rows of PostgreSQL as a page, CPU ms | {ours:.3f} | {bare:.3f} | {ours / bare:.2f}x | ≤ {BAR}x "
                  f"| {'yes' if ours <= BAR * bare else '**no**'} |")
        finally:
            for server in reversed(running):
                server.stop()


if __name__ == "__main__":
    main()
