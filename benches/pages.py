#!/usr/bin/env python3
"""Open pages that follow: what a thousand of them take while a row changes every second.

    benches/pages.py CROWD [--pages 1000] [--seconds 30]      (benches/run --pages)

CROWD  the client, benches/crowd, built

Each page has a connection of its own, over HTTP/2 and TLS, from one of 200 addresses of the loopback network, and is one
of 40 that its reader has open. It reads the page, listens from the place that stands in it, and with each change asks
for the widgets that were named. One row is sent with the app's form every second. Counted are the most memory the server
had and whether every page heard up to the last row. The client runs on the same cores.
"""
import argparse, json, os, random, resource, subprocess, sys, tempfile, time
from pathlib import Path

import ratios
from survey import Watch

BAR_MB = 300
# As many as one person may have open.
EACH = 40


class Stage:
    """A server with the app, and people who may open it."""

    def __init__(self, folder, people):
        self.folder = Path(folder)
        self.site = ratios.Site(str(self.folder / "data"), ratios.PORT)
        ratios.second_factor(self.site)
        columns = [("title", "News"), ("column", "Said"), ("type", "text"), ("column", "Score"), ("type", "integer")]
        self.site.do("/data/new", ratios.urlencode(columns))
        self.site.cli("app", "import", str(ratios.HERE / "follow.toml"), "--publish")
        self.site.stop()
        # As people run it: no demo.
        self.site.start("serve")
        self.cookies = self.folder / "cookies"
        self.cookies.write_text("".join(self.reader(number) + "\n" for number in range(people)))

    def reader(self, number):
        """Somebody who signed in by a link; gives the cookie of their session."""
        email = f"reader{number}@example.org"
        said = self.site.cli("user", "add", email, "--name", f"Reader {number}", "--role", "user").strip()
        said = said if "/link/" in said else self.site.cli("user", "link", email).strip()
        path = "/link/" + said.split("/link/")[1].split()[0]
        _, headers, text = self.site.ask("POST", path, {}, {"cookie": ""})
        found = [value.split(";")[0] for name, value in headers if name == "set-cookie" and "session" in value]
        assert found, text[:400]
        return found[0]

    def tell(self, number):
        fields = {"_page": "tell", "_widget": "form", "_at": "", "_once": f"{random.getrandbits(128):032x}",
                  "said": f"Row {number}", "score": number % 11}
        self.site.do("/apps/news/run/tell", fields)


def follow(crowd, wanted):
    with tempfile.TemporaryDirectory(prefix="onsight-bench-") as folder:
        stage = Stage(folder, -(-wanted.pages // EACH))
        site = stage.site
        try:
            idle = ratios.memory(site.pid, "VmRSS")
            # The last row has some seconds to be heard by all.
            lasts = wanted.seconds + 5
            words = ("follow", site.port, "/apps/news", stage.cookies, wanted.pages, lasts)
            client = subprocess.Popen([crowd, *map(str, words)], stdout=subprocess.PIPE, text=True)
            assert client.stdout.readline() == "ready\n", "the client ended"
            watch = Watch(site)
            watch.start()
            before, begun = ratios.cpu(site.pid), time.time()
            for number in range(wanted.seconds):
                stage.tell(number)
                time.sleep(max(0, begun + number + 1 - time.time()))
            used, took = ratios.cpu(site.pid) - before, time.time() - begun
            said = json.loads(client.communicate()[0])
            watch.ends.set()
            watch.join()
            # A stop waits for no page that follows.
            return {**said, "idle": idle, "mb": watch.all, "anon": watch.anon, "cpu": used / took}
        finally:
            site.stop()


def main():
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("crowd", type=Path)
    said.add_argument("--pages", type=int, default=1000)
    said.add_argument("--seconds", type=int, default=30)
    said = said.parse_args()
    # A connection each, on both sides.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * said.pages + 1000), most))
    found = follow(said.crowd, said)
    print(found, file=sys.stderr, flush=True)
    yes = lambda holds: "yes" if holds else "**no**"
    print("| Open pages that follow | Figure | Bar | Holds |\n|---|---|---|---|")
    print(f"| {found['pages']} pages, memory at most, MB (anonymous {found['anon']:.0f}, idle before {found['idle']:.0f}) "
          f"| {found['mb']:.0f} | ≤ {BAR_MB} | {yes(found['mb'] <= BAR_MB)} |")
    print(f"| pages that heard up to the last row | {found['up_to_date']} | {found['pages']} | {yes(found['up_to_date'] == found['pages'])} |")
    print(f"| lines or widgets that failed | {found['bad']} {found['first_bad']} | 0 | {yes(found['bad'] == 0)} |")
    print(f"| changes heard by a page, fewest and most, of {said.seconds} | {found['least']} to {found['most']} | | |")
    print(f"| widgets asked for again; processors the server took | {found['drawn']}; {found['cpu']:.2f} | | |")


if __name__ == "__main__":
    main()
