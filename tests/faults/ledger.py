"""What clients asked for and what was acknowledged, kept outside of the server."""
import threading
from collections import Counter, defaultdict


class Ledger:
    """An entry is asked for before its request leaves and acknowledged when the answer is there.

    Once frozen nothing is acknowledged any more: after a power cut begins, an answer may still come for what
    no disk will have.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.frozen = False
        self.asked = defaultdict(dict)
        self.acked = defaultdict(set)
        # Things that come and go: name → the states they may be in.
        self.states = defaultdict(dict)
        self.values = defaultdict(dict)
        self.number = 0
        self.counts, self.refused, self.faults = Counter(), Counter(), []

    def next_number(self):
        with self.lock:
            self.number += 1
            return self.number

    def ask(self, kind, key, value=None):
        with self.lock:
            self.asked[kind][key] = value

    def ack(self, kind, key):
        with self.lock:
            if not self.frozen:
                self.acked[kind].add(key)
                self.counts[kind] += 1

    def may_become(self, kind, name, state):
        """A change is on its way."""
        with self.lock:
            before = self.states[kind].get(name, {"absent"})
            self.states[kind][name] = before | {state}

    def became(self, kind, name, state, counted):
        """The change was acknowledged."""
        with self.lock:
            if not self.frozen:
                self.states[kind][name] = {state}
                self.counts[counted] += 1

    def surely(self, kind, state):
        """The names of what is in that state and nothing else."""
        with self.lock:
            return sorted(name for name, states in self.states[kind].items() if states == {state})

    def busy(self, kind, answer, words):
        """Somebody else is at it, which is no fault; anything else is."""
        if answer.status not in (409, 503):
            return self.fault(f"{kind}: {answer.status} {words[:300]}")
        with self.lock:
            self.refused[f"{kind} {answer.status}"] += 1

    def fault(self, said):
        """What must not be answered; a server whose disk has just gone may say anything."""
        with self.lock:
            if not self.frozen:
                self.faults.append(said)

    def freeze(self):
        with self.lock:
            self.frozen = True

    def go_on(self):
        with self.lock:
            self.frozen = False
