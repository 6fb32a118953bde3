"""Checking a propositional refutation: each clause of it must follow from those before it by unit propagation
(reverse unit propagation; Goldberg and Novikov, 2003). Two watched literals a clause keep long ones cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["check_rup"]


class _Propagator:
    def __init__(self) -> None:
        self.watches: dict[int, list[list[int]]] = {}
        self.value: dict[int, bool] = {}
        self.trail: list[int] = []
        self.conflict = False

    def assign(self, literal: int) -> bool:
        """Make a literal true; False if it is false already."""
        known = self.value.get(abs(literal))
        if known is not None:
            return known == (literal > 0)
        self.value[abs(literal)] = literal > 0
        self.trail.append(literal)
        return True

    def is_false(self, literal: int) -> bool:
        known = self.value.get(abs(literal))
        return known is not None and known != (literal > 0)

    def is_true(self, literal: int) -> bool:
        known = self.value.get(abs(literal))
        return known is not None and known == (literal > 0)

    def add(self, clause: Sequence[int]) -> None:
        """Add a clause for good and propagate."""
        lits = sorted(set(clause), key=self.is_false)
        if any(-lit in lits for lit in lits):
            return
        if not lits or self.is_false(lits[0]):
            self.conflict = True
            return
        if len(lits) == 1 or self.is_false(lits[1]):
            start = len(self.trail)
            if not self.assign(lits[0]) or not self.propagate(start):
                self.conflict = True
        if len(lits) > 1:
            for lit in lits[:2]:
                self.watches.setdefault(lit, []).append(lits)

    def propagate(self, start: int) -> bool:
        """Everything that follows from the trail beyond ``start``; False on a conflict."""
        at = start
        while at < len(self.trail):
            falsified = -self.trail[at]
            at += 1
            kept: list[list[int]] = []
            watching = self.watches.get(falsified, [])
            for i, lits in enumerate(watching):
                if lits[0] == falsified:
                    lits[0], lits[1] = lits[1], lits[0]
                if not self.is_true(lits[0]):
                    for k in range(2, len(lits)):
                        if not self.is_false(lits[k]):
                            lits[1], lits[k] = lits[k], lits[1]
                            self.watches.setdefault(lits[1], []).append(lits)
                            break
                    else:
                        kept.append(lits)
                        if not self.assign(lits[0]):
                            kept += watching[i + 1 :]
                            self.watches[falsified] = kept
                            return False
                        continue
                    continue
                kept.append(lits)
            self.watches[falsified] = kept
        return True

    def follows(self, clause: Sequence[int]) -> bool:
        """Whether denying the clause leads to a conflict by propagation alone."""
        if self.conflict:
            return True
        start = len(self.trail)
        fine = all(self.assign(-lit) for lit in clause) and self.propagate(start)
        for lit in self.trail[start:]:
            del self.value[abs(lit)]
        del self.trail[start:]
        return not fine


def check_rup(clauses: Iterable[Sequence[int]], lemmas: Iterable[Sequence[int]]) -> bool:
    """Whether the lemmas derive a contradiction from the clauses, each by unit propagation from what precedes it."""
    state = _Propagator()
    for clause in clauses:
        state.add(clause)
    for lemma in lemmas:
        if not state.follows(lemma):
            return False
        state.add(lemma)
    return state.conflict
