"""What is counted: "3 rooms and 4 balls", "2 crates, crate0 and crate1, and a hoist (hoist0)"."""

from __future__ import annotations

import re
from collections.abc import Callable

from quod.translators.controlled.pddl.patterns import NAME, NUMBER_WORDS, number, split_list

__all__ = ["Counted", "counted"]

Counted = tuple[str, int, list[str]]
"""A kind, how many there are, and their names if they are given."""

_PART = re.compile(
    rf"(?P<n>\d{{1,6}}|{'|'.join(NUMBER_WORDS)}) (?P<noun>[^():]+?)"
    rf"(?:\s*\((?P<inside>[^()]+)\)|,? (?:named|called|namely) (?P<first>{NAME}))?"
)


def counted(
    rest: str, joiners: tuple[str, ...], kind_of: Callable[[str], str | None], free: Callable[[str, str], bool],
    plain: Callable[[str, str], bool],
) -> list[Counted] | None:  # fmt: skip
    """What "there are" is followed by; None where it is not a list of counted kinds.

    ``free`` says whether a word can name one of a kind, ``plain`` whether it looks like such a name by itself.
    """
    head, colon, tail = rest.partition(":")
    if colon:
        one = counted(head, joiners, kind_of, free, plain)
        names = split_list(tail.strip())
        if one is None or len(one) != 1 or one[0][2] or not _are_names(names, one[0][0], free):
            return None
        return [(one[0][0], one[0][1], names)]
    words = "".join(rf"| {re.escape(j)} " for j in joiners)
    out: list[Counted] = []
    for part in re.split(rf"(?:, and |, | and {words})(?![^()]*\))", rest):
        found = _PART.fullmatch(part.strip())
        kind = kind_of(found["noun"]) if found else None
        if found and kind:
            names = split_list(found["inside"]) if found["inside"] else [found["first"]] if found["first"] else []
            if found["inside"] and not all(plain(name, kind) for name in names):
                return None  # "one hoist (broken)" names none
            out.append((kind, number(found["n"]), names))
        elif out and re.fullmatch(NAME, part.strip()) and plain(part.strip(), out[-1][0]):
            out[-1][2].append(part.strip())
        else:
            return None
    if any(names and (len(names) != n or not _are_names(names, kind, free)) for kind, n, names in out):
        return None
    return out


def _are_names(names: list[str], kind: str, free: Callable[[str, str], bool]) -> bool:
    return len(set(names)) == len(names) and all(re.fullmatch(NAME, n) and free(n, kind) for n in names)
