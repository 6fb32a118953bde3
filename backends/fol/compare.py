"""Do two formal texts say the same? The renamings tried in turn; see ``equivalence.py`` for the levels."""

from __future__ import annotations

from collections.abc import Callable

from quod.backends.fol.divergence import asking, likest, parted
from quod.backends.fol.equivalence import renamings, same_formulas
from quod.backends.fol.syntax import Theory
from quod.core.model import JsonDict
from quod.core.protocols import CheckResult, Equivalence
from quod.core.run import Run

__all__ = ["compare"]

Ask = Callable[[str], CheckResult]


def compare(one: Theory, two: Theory, ask: Ask, run: Run) -> Equivalence:
    """Whether two theories say the same under some renaming; if not, where they part under the likeliest."""
    difference: Equivalence | None = None
    for names in likest(one, two, renamings(one, two)):
        if same_formulas(one, two, names):
            exact = all(k == v for k, v in names.items())
            return Equivalence(equivalent=True, level="identical" if exact else "renamed")
        found = parted(one, two, names, ask, all_of_them=difference is None)
        data: JsonDict = {"renaming": dict(names)}
        if found.same:
            return Equivalence(equivalent=True, level="equivalent", data=data)
        if found.found and difference is None:
            difference = Equivalence(equivalent=False, difference=asking(found.found), sentences=found.found, data=data)
        if run.seconds_left <= 0:
            break
    return difference or Equivalence(equivalent=None, difference="it could not be decided whether they say the same")
