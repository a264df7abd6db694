"""Those who work with the server while it is ended: each does one kind of thing, again and again.

A client is a generator: it does one piece of work between two `yield`s. What breaks its connection ends it.
"""
import random, re, threading, time, uuid
from html.parser import HTMLParser

from onsight import BROKEN, Line, plain

SURVEY = """format = 1
id = "load"
title = "Load"
langs = ["en"]

[entry.pid]
unique = true

[[page]]
id = "first"

[[page.ask]]
id = "age"
type = "number"
text = "How old are you?"

[[page]]
id = "second"

[[page.ask]]
id = "why"
type = "text"
text = "Why?"
"""
IMPORTED = 150


class Order(HTMLParser):
    """The fields of the form that starts an import, as a browser sends them untouched."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.inside, self.select = {}, False, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.inside = at.get("id") == "order"
        elif tag == "select":
            self.select = at.get("name", "")
        elif self.inside and tag == "option" and "selected" in at:
            self.fields[self.select] = at["value"]
        elif self.inside and tag == "input" and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.fields[at["name"]] = at.get("value", "on")


def forms(line, ledger, _name, dice):
    """Rows by the form of an app."""
    while True:
        # What a form offers for the other columns is a list; the weight is anything.
        key = mass = str(ledger.next_number())
        ledger.ask("row by form", key, mass)
        sent = line.post("/apps/penguins/run/add", {
            "_page": "new", "_widget": "form", "_at": "", "_once": uuid.UUID(int=dice.getrandbits(128)).hex,
            "species": "Adelie", "island": "Dream", "body_mass_g": mass, "year": 3000})
        if sent.status == 303:
            ledger.ack("row by form", key)
        else:
            ledger.busy("row by form", sent, plain(sent.text))
        yield


def hands(line, ledger, name, dice):
    """Rows by the page of the table."""
    number = 0
    while True:
        number += 1
        key, mass = f"{name}-{number}", str(dice.randrange(1, 1 << 40))
        ledger.ask("row by hand", key, mass)
        sent = line.post("/data/penguins/rows/new", {
            "v.species": key, "v.island": "Torgersen", "v.bill_length_mm": "", "v.bill_depth_mm": "",
            "v.flipper_length_mm": "", "v.body_mass_g": mass, "v.sex": "", "v.year": 3001})
        if sent.status == 303:
            ledger.ack("row by hand", key)
        else:
            ledger.busy("row by hand", sent, plain(sent.text))
        yield


def respondents(line, ledger, name, dice):
    """People who answer the survey, two pages each; some stop after the first."""
    number = 0
    while True:
        number += 1
        pid = f"{name}-{number}"
        ledger.may_become("respondent", pid, "there")
        begun = line.post(f"/s/load?pid={pid}", {"lang": "en"})
        if begun.status != 303:
            ledger.busy("respondent", begun, plain(begun.text))
            yield
            continue
        ledger.became("respondent", pid, "there", "respondent begun")
        pages = [("age", str(dice.randrange(18, 99))), ("why", f"because {dice.randrange(1 << 30)}")]
        for variable, value in pages[:1 if dice.random() < 0.2 else 2]:
            shown = line.get(begun.location)
            hidden = dict(re.findall(r'name="(\.(?:page|turn|nonce|lang))" value="([^"]*)"', shown.text))
            ledger.ask("survey page", (pid, variable), value)
            sent = line.post(begun.location, {**hidden, variable: value})
            if sent.status == 303:
                ledger.ack("survey page", (pid, variable))
            else:
                ledger.busy("survey page", sent, plain(sent.text))
            yield
        ledger.values["through"][pid] = True


def settled(line, path):
    """The page of an import once nothing goes on there."""
    for _ in range(1000):
        page = line.get(path)
        if not re.search("data-(poll|done)=", page.text):
            break
        time.sleep(0.02)
    return page


def imports(line, ledger, name, dice):
    """Files that become tables."""
    number = 0
    while True:
        number += 1
        table = f"t_{name.replace('-', '_')}_{number}"
        numbers = [dice.randrange(1 << 30) for _ in range(IMPORTED)]
        sent = line.send_file("/data/import", f"{table}.csv", "n\n" + "\n".join(map(str, numbers)))
        if sent.status != 303:
            ledger.busy("import", sent, plain(sent.text))
            yield
            continue
        looked = settled(line, sent.location)
        with ledger.lock:
            ledger.values["table"][table] = sum(numbers)
        ledger.may_become("table", table, "there")
        started = line.post(f"{sent.location}/start", {**Order(looked.text).fields, "name": table, "title": table})
        if started.status != 303:
            ledger.became("table", table, "absent", "import refused")
            ledger.busy("import", started, plain(started.text))
            yield
            continue
        done = settled(line, sent.location)
        if f"{IMPORTED} rows are in {table}" in plain(done.text):
            ledger.became("table", table, "there", "table imported")
        else:
            ledger.busy("import", done, plain(done.text))
        yield


def deleters(line, ledger, _name, dice):
    """Tables go and, mostly, come back."""
    while True:
        tables = ledger.surely("table", "there")
        if not tables:
            time.sleep(0.05)
            yield
            continue
        table = dice.choice(tables)
        ledger.may_become("table", table, "hidden")
        gone = line.post(f"/delete/table/{table}", {"typed": table})
        if gone.status != 303:
            # Refused is not done: it stays as it is.
            ledger.became("table", table, "there", "deletion refused")
            ledger.busy("deletion", gone, plain(gone.text))
            yield
            continue
        ledger.became("table", table, "hidden", "table deleted")
        if dice.random() < 0.75:
            yield from undo(line, ledger, table)
        yield


def undo(line, ledger, table):
    rows = re.split(r"<tr\b", line.get("/deleting").text)
    at = next((row for row in rows if f">{table}<" in row and "/undo" in row), None)
    found = re.search(r'action="(/deleting/[^"]*/undo)"', at or "")
    if not found:
        ledger.fault(f"{table} was deleted and is not among what can be had back")
        return
    yield
    ledger.may_become("table", table, "there")
    back = line.post(found.group(1), {})
    if back.status == 303:
        ledger.became("table", table, "there", "deletion undone")
    else:
        ledger.became("table", table, "hidden", "undo refused")
        ledger.busy("undo", back, plain(back.text))


def erasers(line, ledger, _name, dice):
    """Respondents are forgotten."""
    while True:
        time.sleep(dice.uniform(0.1, 0.4))
        # Not somebody who is still at it.
        there = [pid for pid in ledger.surely("respondent", "there") if pid in ledger.values["through"]]
        if there:
            pid = dice.choice(there)
            found = line.post("/surveys/load/keeping/find", {"known": pid})
            number = re.search(r'name="respondent" value="(\d+)"', found.text)
            if not number:
                ledger.fault(f"{pid} was acknowledged and is not found: {found.status}")
                return
            ledger.may_become("respondent", pid, "erased")
            gone = line.post("/surveys/load/keeping/erase", {"respondent": number.group(1)})
            if gone.status == 303:
                ledger.became("respondent", pid, "erased", "respondent erased")
            else:
                ledger.busy("erasure", gone, plain(gone.text))
        yield


def admins(line, ledger, name, dice):
    """Groups are made: what the accounts database holds."""
    number = 0
    while True:
        number += 1
        group = f"{name}-{number}"
        ledger.ask("group", group)
        made = line.post("/groups", {"name": group})
        if made.status == 303:
            ledger.ack("group", group)
        else:
            ledger.busy("group", made, plain(made.text))
        time.sleep(dice.uniform(0.02, 0.1))
        yield


def makers(line, ledger, _name, dice):
    """Points are begun."""
    while True:
        time.sleep(dice.uniform(0.1, 1.5))
        made = line.post("/backup/now", {})
        if made.status == 303:
            ledger.counts["point made or begun"] += 1
        else:
            ledger.busy("point", made, plain(made.text))
        yield


def changers(line, ledger, _name, dice):
    """Keys are changed now and then."""
    while True:
        time.sleep(dice.uniform(0.3, 2.0))
        if dice.random() < 0.4:
            page = line.get("/security/keys").text
            what = dice.choice(re.findall(r'name="what" value="([^"]*)"', page) or ["all"])
            asked = line.post("/security/keys/change", {"what": what})
            if asked.status == 303:
                ledger.counts["change of keys asked for"] += 1
            else:
                ledger.busy("change of keys", asked, plain(asked.text))
        yield


CREW = [forms] * 5 + [hands] * 2 + [respondents] * 4 + [imports] * 2 + [deleters, erasers, admins, makers, changers]


class Crowd:
    """All of them at work, until the server is gone or they are told to stop."""

    def __init__(self, server, cookie, ledger, seed):
        self.ends = threading.Event()
        self.threads = []
        for number, work in enumerate(CREW):
            name = f"{seed.replace('/', '-')}-{number}"
            args = (work, Line(server, cookie), ledger, name, random.Random(f"{seed}/{number}"))
            self.threads.append(threading.Thread(target=self.work, args=args, daemon=True))
        for thread in self.threads:
            thread.start()

    def work(self, work, line, ledger, name, dice):
        try:
            for _ in work(line, ledger, name, dice):
                if self.ends.is_set():
                    return
        except BROKEN:
            pass
        except Exception as error:
            ledger.fault(f"{work.__name__}: {error!r}")
        finally:
            line.close()

    def over(self):
        self.ends.set()
        for thread in self.threads:
            thread.join(90)
            assert not thread.is_alive(), "a client got no answer in a minute and a half"
