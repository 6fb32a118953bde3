"""A task as a coloured graph, and whether two such graphs are isomorphic.

Vertices are objects, declared names, facts and the nodes of conditions; edges carry labels such as the position
of an argument. Colour refinement (Weisfeiler and Leman 1968) separates vertices that differ; where it cannot, a
vertex is singled out on both sides and refinement goes on, with backtracking.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable

__all__ = ["Graph", "isomorphism"]

MAX_BRANCHES = 3000


class Graph:
    """Labelled, coloured, directed."""

    def __init__(self) -> None:
        self.colours: list[Hashable] = []
        self.names: list[str] = []
        self.edges: list[list[tuple[Hashable, int]]] = []

    def vertex(self, colour: Hashable, name: str = "") -> int:
        """Add a vertex; its number."""
        self.colours.append(colour)
        self.names.append(name)
        self.edges.append([])
        return len(self.colours) - 1

    def edge(self, start: int, label: Hashable, end: int) -> None:
        """Add an edge, seen from both ends."""
        self.edges[start].append((("out", label), end))
        self.edges[end].append((("in", label), start))


def isomorphism(a: Graph, b: Graph) -> dict[int, int] | bool | None:
    """A mapping from ``a`` to ``b``; False if there is none; None if it was not found within the limits."""
    if len(a.colours) != len(b.colours) or Counter(a.colours) != Counter(b.colours):
        return False
    return _Matcher(a, b).search()


class _Matcher:
    def __init__(self, a: Graph, b: Graph) -> None:
        self.a, self.b = a, b
        self.size = len(a.colours)
        self.edges = a.edges + [[(label, end + self.size) for label, end in edges] for edges in b.edges]
        self.branches = 0

    def search(self) -> dict[int, int] | bool | None:
        order: dict[Hashable, int] = {}
        start = [order.setdefault(c, len(order)) for c in (*self.a.colours, *self.b.colours)]
        return self._extend(start)

    def _extend(self, colours: list[int]) -> dict[int, int] | bool | None:
        refined = self._refine(colours)
        if refined is None:
            return False
        cells: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for vertex, colour in enumerate(refined):
            cells[colour][vertex >= self.size].append(vertex)
        open_cells = [cell for cell in cells.values() if len(cell[0]) > 1]
        if not open_cells:
            mapping = {left[0]: right[0] - self.size for left, right in cells.values()}
            return mapping if self._verify(mapping) else False
        left, right = min(open_cells, key=lambda cell: len(cell[0]))
        fresh = max(refined) + 1
        undecided = False
        for candidate in right:
            self.branches += 1
            if self.branches > MAX_BRANCHES:
                return None
            trial = list(refined)
            trial[left[0]] = trial[candidate] = fresh
            found = self._extend(trial)
            if isinstance(found, dict):
                return found
            undecided = undecided or found is None
        return None if undecided else False

    def _refine(self, colours: list[int]) -> list[int] | None:
        """The coarsest stable refinement; None as soon as the two sides differ."""
        count = len(set(colours))
        while True:
            order: dict[Hashable, int] = {}
            new = []
            for vertex, colour in enumerate(colours):
                around = tuple(
                    sorted(Counter((hash(label), colours[end]) for label, end in self.edges[vertex]).items())
                )
                new.append(order.setdefault((colour, around), len(order)))
            if Counter(new[: self.size]) != Counter(new[self.size :]):
                return None
            if len(order) == count:
                return new
            colours, count = new, len(order)

    def _verify(self, mapping: dict[int, int]) -> bool:
        """The mapping keeps colours and edges: checked directly, not by refinement."""
        for vertex, image in mapping.items():
            if self.a.colours[vertex] != self.b.colours[image]:
                return False
            mine = Counter((label, mapping[end]) for label, end in self.a.edges[vertex])
            if mine != Counter(self.b.edges[image]):
                return False
        return len(set(mapping.values())) == self.size
