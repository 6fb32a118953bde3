"""Delete relaxation: what can be reached at all, and the LM-cut lower bound (Helmert and Domshlak 2009).

LM-cut is admissible: every cut found is a set of operators one of which every plan must use, and the costs taken
away from operators add up to at most what any plan pays.
"""

from __future__ import annotations

from heapq import heappop, heappush

from quod.backends.pddl.ground import Grounded

__all__ = ["Relaxation"]


class Relaxation:
    """A grounded task without its deletions."""

    def __init__(self, task: Grounded) -> None:
        self.task = task
        base = len(task.facts)
        self.always = base
        """An extra fact that always holds: the precondition of operators without one."""
        self.end = base + 1
        """An extra fact that stands for the goal."""
        ops = [(tuple(o.pre) or (self.always,), tuple(o.add), o.cost) for o in task.operators if o.add]
        ops.append((tuple(task.goal) or (self.always,), (self.end,), 0))
        self.ops = ops
        self.waiting: list[list[int]] = [[] for _ in range(base + 2)]
        self.achievers: list[list[int]] = [[] for _ in range(base + 2)]
        for number, (pre, add, _) in enumerate(ops):
            for fact in pre:
                self.waiting[fact].append(number)
            for fact in add:
                self.achievers[fact].append(number)

    def reachable(self, state: frozenset[int]) -> set[int]:
        """Every fact reachable when nothing is ever deleted."""
        missing = [len(pre) for pre, _, _ in self.ops]
        seen = set(state) | {self.always}
        todo = list(seen)
        while todo:
            for number in self.waiting[todo.pop()]:
                missing[number] -= 1
                if missing[number] == 0:
                    for fact in self.ops[number][1]:
                        if fact not in seen:
                            seen.add(fact)
                            todo.append(fact)
        return seen

    def _hmax(self, state: frozenset[int], costs: list[int]) -> tuple[list[int], list[int]]:
        """hmax of every fact (-1: unreachable), and each operator's most expensive precondition."""
        value = [-1] * len(self.waiting)
        supporter = [-1] * len(self.ops)
        missing = [len(pre) for pre, _, _ in self.ops]
        heap = [(0, fact) for fact in state]
        heap.append((0, self.always))
        for _, fact in heap:
            value[fact] = 0
        heap.sort()
        while heap:
            cost, fact = heappop(heap)
            if cost > value[fact]:
                continue
            for number in self.waiting[fact]:
                missing[number] -= 1
                if missing[number] == 0:
                    supporter[number] = fact
                    reached = cost + costs[number]
                    for added in self.ops[number][1]:
                        known = value[added]
                        if known < 0 or reached < known:
                            value[added] = reached
                            heappush(heap, (reached, added))
        return value, supporter

    def lmcut(self, state: frozenset[int]) -> int | None:
        """A lower bound of the cost from ``state`` to the goal; None if it cannot be reached."""
        costs = [cost for _, _, cost in self.ops]
        value, supporter = self._hmax(state, costs)
        if value[self.end] < 0:
            return None
        total = 0
        while value[self.end] > 0:
            cut = self._cut(state, costs, supporter)
            least = min(costs[number] for number in cut)
            total += least
            for number in cut:
                costs[number] -= least
            value, supporter = self._hmax(state, costs)
        return total

    def _cut(self, state: frozenset[int], costs: list[int], supporter: list[int]) -> list[int]:
        """Operators that lead from the reachable side into the zone from where the goal costs nothing."""
        zone = {self.end}
        todo = [self.end]
        while todo:
            for number in self.achievers[todo.pop()]:
                before = supporter[number]
                if costs[number] == 0 and before >= 0 and before not in zone:
                    zone.add(before)
                    todo.append(before)
        supports: dict[int, list[int]] = {}
        for number, fact in enumerate(supporter):
            if fact >= 0:
                supports.setdefault(fact, []).append(number)
        seen = {*state, self.always}
        todo = list(seen)
        cut: set[int] = set()
        while todo:
            for number in supports.get(todo.pop(), ()):
                adds = self.ops[number][1]
                if any(fact in zone for fact in adds):
                    cut.add(number)
                    continue
                for fact in adds:
                    if fact not in seen:
                        seen.add(fact)
                        todo.append(fact)
        return list(cut)
