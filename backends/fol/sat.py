"""A small conflict-driven clause-learning SAT solver that writes down what it learns.

Not trusted: what it learns is re-checked by ``rup.py``, a model it finds by ``evaluate.py``. It is here because
questions put in words ground to some hundreds of clauses, where calling out costs more than solving.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

__all__ = ["Gave", "Result", "solve"]


class Gave(Exception):  # noqa: N818 - a limit
    """The limit was reached."""


@dataclass
class Result:
    """``model`` maps numbers to truth values; without one, ``lemmas`` refute and ``core`` indexes clauses used."""

    model: dict[int, bool] | None
    lemmas: list[tuple[int, ...]] = field(default_factory=list)
    core: set[int] = field(default_factory=set)


class _Solver:
    def __init__(self, clauses: Sequence[Sequence[int]], limit: int, expired: Callable[[], bool]) -> None:
        self.clauses: list[list[int]] = []
        self.ancestors: list[tuple[int, ...]] = []
        """For learned clauses, the indices of the clauses resolved."""
        self.inputs = 0
        self.limit = limit
        self.expired = expired
        self.watches: dict[int, list[int]] = {}
        self.value: dict[int, bool] = {}
        self.level: dict[int, int] = {}
        self.reason: dict[int, int] = {}
        self.trail: list[int] = []
        self.limits: list[int] = []
        self.head = 0
        self.activity: dict[int, float] = {}
        self.phase: dict[int, bool] = {}
        self.bump = 1.0
        self.heap: list[tuple[float, int]] = []
        self.empty: int | None = None
        for c in clauses:
            self.add(list(c), ())
        self.inputs = len(self.clauses)

    def add(self, lits: list[int], ancestors: tuple[int, ...]) -> int:
        index = len(self.clauses)
        self.clauses.append(lits)
        self.ancestors.append(ancestors)
        for lit in lits:
            v = abs(lit)
            if v not in self.activity:
                self.activity[v] = 0.0
                heapq.heappush(self.heap, (0.0, v))
        if not lits:
            self.empty = index
        elif len(lits) > 1:
            self.watches.setdefault(lits[0], []).append(index)
            self.watches.setdefault(lits[1], []).append(index)
        return index

    def truth(self, lit: int) -> bool | None:
        v = self.value.get(abs(lit))
        return None if v is None else v == (lit > 0)

    def enqueue(self, lit: int, reason: int) -> None:
        v = abs(lit)
        self.value[v] = lit > 0
        self.level[v] = len(self.limits)
        self.reason[v] = reason
        self.trail.append(lit)

    def propagate(self) -> int | None:
        """The index of a falsified clause, or None."""
        while self.head < len(self.trail):
            false = -self.trail[self.head]
            self.head += 1
            watching = self.watches.get(false)
            if not watching:
                continue
            kept: list[int] = []
            for n, index in enumerate(watching):
                c = self.clauses[index]
                if c[0] == false:
                    c[0], c[1] = c[1], c[0]
                first = self.truth(c[0])
                if first:
                    kept.append(index)
                    continue
                for k in range(2, len(c)):
                    if self.truth(c[k]) is not False:
                        c[1], c[k] = c[k], c[1]
                        self.watches.setdefault(c[1], []).append(index)
                        break
                else:
                    kept.append(index)
                    if first is False:
                        kept += watching[n + 1 :]
                        self.watches[false] = kept
                        return index
                    self.enqueue(c[0], index)
            self.watches[false] = kept
        return None

    def analyse(self, conflict: int) -> tuple[list[int], int, tuple[int, ...]]:
        """The first unique implication point: learned clause, level to return to, clauses resolved."""
        seen: set[int] = set()
        learned: list[int] = []
        used = [conflict]
        counter = 0
        index = len(self.trail) - 1
        here = len(self.limits)
        clause: Sequence[int] = self.clauses[conflict]
        skip = 0
        while True:
            for lit in clause:
                v = abs(lit)
                if lit == skip or v in seen:
                    continue
                seen.add(v)
                if self.level[v] == 0:
                    used.append(-v)  # resolved later, by the reasons at level 0
                    continue
                self.touch(v)
                if self.level[v] == here:
                    counter += 1
                else:
                    learned.append(lit)
            while abs(self.trail[index]) not in seen or self.level[abs(self.trail[index])] != here:
                index -= 1
            skip = self.trail[index]
            index -= 1
            counter -= 1
            if counter == 0:
                break
            reason = self.reason[abs(skip)]
            used.append(reason)
            clause = self.clauses[reason]
        learned.insert(0, -skip)
        back = 0
        if len(learned) > 1:
            k = max(range(1, len(learned)), key=lambda i: self.level[abs(learned[i])])
            learned[1], learned[k] = learned[k], learned[1]
            back = self.level[abs(learned[1])]
        return learned, back, tuple(used)

    def touch(self, v: int) -> None:
        self.activity[v] += self.bump
        heapq.heappush(self.heap, (-self.activity[v], v))

    def undo(self, level: int) -> None:
        start = self.limits[level]
        for lit in self.trail[start:]:
            v = abs(lit)
            self.phase[v] = self.value.pop(v)
            heapq.heappush(self.heap, (-self.activity[v], v))
        del self.trail[start:], self.limits[level:]
        self.head = len(self.trail)

    def decide(self) -> bool:
        while self.heap:
            _, v = heapq.heappop(self.heap)
            if v not in self.value:
                self.limits.append(len(self.trail))
                self.enqueue(v if self.phase.get(v, False) else -v, -1)
                return True
        return False

    def run(self) -> Result:
        if self.empty is not None:
            return self.refuted(self.empty)
        for i in range(self.inputs):
            c = self.clauses[i]
            if len(c) == 1:
                known = self.truth(c[0])
                if known is False:
                    return self.refuted(i)
                if known is None:
                    self.enqueue(c[0], i)
        conflicts = 0
        since = 0
        restart = 100.0
        while True:
            conflict = self.propagate()
            if conflict is not None:
                if not self.limits:
                    return self.refuted(conflict)
                conflicts += 1
                since += 1
                if conflicts > self.limit or (conflicts % 64 == 0 and self.expired()):
                    raise Gave
                learned, back, used = self.analyse(conflict)
                self.undo(back)
                index = self.add(learned, used)
                self.enqueue(learned[0], index)
                self.bump *= 1.05
                if self.bump > 1e100:
                    self.activity = {v: a * 1e-100 for v, a in self.activity.items()}
                    self.bump *= 1e-100
                    self.heap = [(-a, v) for v, a in self.activity.items()]
                    heapq.heapify(self.heap)
            elif since > restart and self.limits:
                since, restart = 0, restart * 1.3
                self.undo(0)
            elif not self.decide():
                return Result(dict(self.value))

    def refuted(self, conflict: int) -> Result:
        """Everything the contradiction rests on: trimmed lemmas in order, and the input clauses used."""
        need: set[int] = set()
        todo = [conflict, *(-abs(lit) for lit in self.clauses[conflict])]
        marked: set[int] = set()
        while todo:
            i = todo.pop()
            if i < 0:
                v = -i
                if v in marked:
                    continue
                marked.add(v)
                reason = self.reason[v]
                todo.append(reason)
                todo += [-abs(lit) for lit in self.clauses[reason] if abs(lit) != v]
            elif i not in need:
                need.add(i)
                todo += self.ancestors[i]
        lemmas = [tuple(self.clauses[i]) for i in sorted(need) if i >= self.inputs]
        return Result(None, [*lemmas, ()], {i for i in need if i < self.inputs})


def solve(
    clauses: Sequence[Sequence[int]], limit: int = 1_000_000, expired: Callable[[], bool] = lambda: False
) -> Result:
    """Decide a set of clauses. Raises Gave after ``limit`` conflicts or once ``expired()``."""
    return _Solver(clauses, limit, expired).run()
