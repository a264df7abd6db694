"""What has to hold after the last end: what was acknowledged is there, each thing has its record, all is whole."""
import csv, io, json, re, shutil, tempfile, time
from collections import Counter
from pathlib import Path

from onsight import Line, Server, plain

WELL = {"green", "unknown"}
# Open because of what the clients do, as it should be: much is deleted, and pages are asked for that are gone.
OF_THE_CLIENTS = {"alerts"}


class Wrong(list):
    """What does not hold, in sentences."""

    def unless(self, holds, said):
        if not holds:
            self.append(said)

    def none_of(self, names, said):
        names = sorted(map(str, names))
        self.unless(not names, f"{len(names)} {said}: {', '.join(names[:8])}")


def rows_of(line, path):
    got = line.get(path)
    assert got.status == 200, f"{path}: {got.status} {plain(got.text)[:300]}"
    return list(csv.DictReader(io.StringIO(got.text)))


def rows(line, ledger, wrong):
    """Rows by form and by hand. Gives how many of each there are."""
    all, counts = rows_of(line, "/data/penguins/export.csv"), {}
    kinds = (("row by form", "3000", "Dream", "body_mass_g"), ("row by hand", "3001", "Torgersen", "species"))
    for kind, year, island, name in kinds:
        found = [row for row in all if row["year"] == year]
        there = {row[name]: row for row in found}
        asked = ledger.asked[kind]
        wrong.none_of(ledger.acked[kind] - there.keys(), f"acknowledged, a {kind}, and not there")
        wrong.none_of(there.keys() - asked.keys(), f"{kind} that nobody asked for")
        wrong.unless(len(found) == len(there), f"{len(found) - len(there)} came twice, {kind}")
        half = [key for key, row in there.items() if row["island"] != island or row["body_mass_g"] != asked.get(key)]
        wrong.none_of(half, f"not as it was sent, {kind}")
        counts[kind] = len(found)
    return counts


def survey(line, ledger, wrong):
    all = rows_of(line, "/surveys/load/exports/csv?lang=en&which=all&personal=yes")
    there = {row["pid"]: row for row in all}
    wrong.unless(len(all) == len(there), "a respondent came twice")
    states = ledger.states["respondent"]
    wrong.none_of([pid for pid in ledger.surely("respondent", "there") if pid not in there], "respondents lost")
    erased = ledger.surely("respondent", "erased")
    wrong.none_of([pid for pid in erased if pid in there], "respondents erased and there again")
    wrong.none_of(there.keys() - states.keys(), "respondents nobody sent")
    asked, acked = ledger.asked["survey page"], ledger.acked["survey page"]
    for pid, variable in acked:
        if pid in there and there[pid][variable] != asked[pid, variable]:
            wrong.append(f"{pid} answered {variable} with {asked[pid, variable]!r}; there is {there[pid][variable]!r}")
    for pid, row in there.items():
        for variable in ("age", "why"):
            known = {"", asked.get((pid, variable), "")}
            wrong.unless(row[variable] in known, f"{pid} never answered {variable} with {row[variable]!r}")
    # Erased without anybody knowing: the answer was on its way when the server was ended.
    return sum(pid not in there for pid, may in states.items() if "erased" in may)


def tables(line, ledger, wrong):
    """Imported tables, hidden and there. Gives the names of each."""
    hidden_page, next_page = "", "/deleting"
    while next_page:
        page = line.get(next_page).text
        hidden_page += page
        older = re.search(r'rel="next" href="(/deleting\?going=[^"#]*)', page)
        next_page = older and older[1]
    there, hidden = set(), set()
    for name, may in ledger.states["table"].items():
        got = line.get(f"/data/{name}/export.csv")
        state = "there" if got.status == 200 else "hidden" if f">{name}<" in hidden_page else "absent"
        wrong.unless(state in may, f"table {name} is {state}; it was {' or '.join(sorted(may))}")
        if state == "there":
            numbers = [int(row["n"]) for row in csv.DictReader(io.StringIO(got.text))]
            wrong.unless(sum(numbers) == ledger.values["table"][name], f"table {name} holds other rows than were sent")
            there.add(name)
        elif state == "hidden":
            hidden.add(name)
    return there, hidden


def groups(line, ledger, wrong):
    there = set(re.findall(r'href="/groups/[^"]*">([^<]*)<', line.get("/groups").text))
    wrong.none_of(ledger.acked["group"] - there, "groups lost")
    wrong.none_of(there - ledger.asked["group"].keys(), "groups nobody made")
    return there


def trail(line):
    """The records of the workspace, once no more arrive in the chain."""
    before = -1
    while True:
        lines = line.get("/audit/export/ndjson").text.splitlines()
        found = [row for row in map(json.loads, lines) if row["row"] == "record" and row["result"] == "ok"]
        # Each export makes a record itself.
        real = [row for row in found if row["action"] != "audit.exported"]
        if len(real) == before:
            return real
        before = len(real)
        time.sleep(1)


def records(line, found, wrong):
    """Every effect has its record and every record its effect, whether or not it was acknowledged."""
    (counts, erased, (there, hidden), made) = found
    all = trail(line)
    by = Counter((row["action"], row["object"]) for row in all)
    of = Counter(row["action"] for row in all)
    sequence = [row["seq"] for row in all]
    wrong.unless(len(set(sequence)) == len(sequence), "a number of the chain came twice")
    form = sum(count for (_, object), count in by.items() if object == "penguins/add")
    wrong.unless(form == counts["row by form"], f"{form} records of {counts['row by form']} rows by form")
    wrong.unless(of["row.added"] == counts["row by hand"], f"{of['row.added']} records of {counts['row by hand']} rows by hand")
    wrong.unless(of["respondent.erased"] == erased, f"{of['respondent.erased']} records of {erased} respondents erased")
    recorded = {object for action, object in by if action == "group.made"}
    wrong.unless(recorded == made, f"groups and their records: {sorted(recorded ^ made)[:5]}")
    for name in there | hidden:
        counted = [by[action, name] for action in (
            "table.imported", "table.deletion_asked", "table.deletion_undone", "table.hidden", "table.restored")]
        imported, asked, undone, was_hidden, restored = counted
        is_hidden = int(name in hidden)
        wrong.unless(imported == 1 and asked - undone == was_hidden - restored == is_hidden,
                     f"table {name}, hidden {is_hidden}: imported, asked, undone, hidden, restored {counted}")
    wrong.none_of({object for action, object in by if action == "table.imported"} - there - hidden - {"penguins"},
                  "imports recorded and not there")
    return len(all)


def points(server, places, identity, wrong):
    """No half point is offered as one, every copy is what was written, and one can be put back."""
    listed = {line.split()[0]: line.split()[1] for line in server.do("backup", "list").splitlines()
              if re.match(r"\d{8}T\d{6}Z-", line)}
    wrong.none_of([id for id, state in listed.items() if state == "making"], "points are being made by nobody")
    whole = {id for id, state in listed.items() if state in ("whole", "degraded")}
    status, said, _ = server.run("backup", "verify")
    wrong.unless(status == 0, f"copies are not what was written: {said}")
    for place in places:
        said = server.do("backup", "points", "--from", place, "--identity", identity).splitlines()
        offered = {line.split()[0] for line in said if "never whole" not in line}
        wrong.none_of(whole - offered, f"points listed and not at {place}")
        for id in sorted(offered - whole):
            # Ended between its last byte and its row in the list: it is whole, or it must not be offered.
            wrong.unless(can_be_put_back(server, place, identity, id), f"half a point is offered: {id} at {place}")
        for id in sorted(offered)[-1:]:
            wrong.unless(can_be_put_back(server, place, identity, id), f"{id} at {place} cannot be put back")
    return Counter(listed.values())


def can_be_put_back(server, place, identity, point):
    with tempfile.TemporaryDirectory(prefix="onsight-back-") as folder:
        other = Server(Path(folder) / "data", Path(folder) / "log")
        status, *_ = other.run("restore", "--from", place, "--identity", identity, "--point", point)
        return status == 0 and other.run("check")[0] == 0


def left_over(data):
    """Files that only a change of keys or a point cut off would leave."""
    left = [str(path.relative_to(data)) for path in (data / "backup").glob("making/*")]
    for folder in {path.parent for path in data.rglob("*.db")}:
        stems = Counter(re.sub(r"(\.\d+)?\.db$", "", path.name) for path in folder.glob("*.db"))
        left += [f"{folder.relative_to(data)}/{stem} {count} times" for stem, count in stems.items() if count > 1]
    return left


def half_brought(server, places):
    """What was on its way to a place when the process ended, once another point was made."""
    server.do("backup", "now")
    return [str(path) for place in places for path in place.rglob("*.part")]


def prove(server, ledger, places, identity, health):
    """Starts once more and looks at everything. Gives what is wrong, and figures."""
    wrong = Wrong(ledger.faults)
    server.start()
    line = Line(server, server.sign_in())
    # What was cut off between two files is gone on with, and told to the chain.
    trail(line)
    found = (rows(line, ledger, wrong), survey(line, ledger, wrong), tables(line, ledger, wrong), groups(line, ledger, wrong))
    count = records(line, found, wrong)
    line.close()
    server.stop()
    said = server.do("audit", "verify")
    wrong.unless("whole up to record" in said, f"the chain: {said}")
    status, said, _ = server.run("check")
    wrong.unless(status == 0, f"onsight check: {said}")
    # The next point clears away what the one cut off left.
    wrong.none_of(half_brought(server, places), "files were half brought and are still there")
    wrong.none_of(left_over(server.data), "files were left over")
    kept = points(server, places, identity, wrong)
    # Whatever a change of keys was cut off at, the next one goes to its end.
    status, said, error = server.run("keys", "rotate", "all")
    wrong.unless(status == 0, f"keys cannot be changed any more: {said}{error}")
    wrong.unless(server.run("check")[0] == 0, "after another change of keys something is not whole")
    for check, (level, said) in server.health().items():
        before = health.get(check, ("green", ""))[0]
        if level not in WELL and level != before and check not in OF_THE_CLIENTS:
            wrong.append(f"the doctor found {check} {before} before and {level} now: {said}")
    return wrong, {"records": count, **{f"points {state}": n for state, n in kept.items()}}


def keep(folder, wrong):
    """Where what is left of a failure lies, to be looked at."""
    kept = Path(tempfile.mkdtemp(prefix="onsight-kills-"))
    shutil.copytree(folder, kept, dirs_exist_ok=True)
    (kept / "wrong").write_text("\n".join(wrong) + "\n")
    return kept
