"""Who and what there is: names, grids, numbers of things, and what belongs to each."""

from __future__ import annotations

import itertools
import re

from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.lexicon import Grid, Kind
from quod.translators.controlled.pddl.patterns import number, split_names
from quod.translators.controlled.pddl.reading import Count, Mention, Said
from quod.translators.controlled.pddl.references import Referred, token
from quod.translators.controlled.pddl.sentences import Statement
from quod.translators.controlled.pddl.work import Work

__all__ = ["gather", "resolved"]

_MOST = 100_000


def gather(work: Work) -> None:
    """Fill in the members of every kind."""
    _names(work)
    _spoken_of(work)
    _grid_places(work)
    _counts(work)
    _wholes(work)
    _parts(work)
    for kind, names in work.members.items():
        for name in names:
            work.out.objects.setdefault(name, kind)


def resolved(work: Work, name: str, statement: Statement) -> list[str]:
    """The things a slot speaks of: a name, "the crate" if there is one only, or all of a kind."""
    spoken = token(name)
    if spoken is None or spoken[1] not in work.members:
        return [name]
    kind, names = spoken[1], work.members[spoken[1]]
    if spoken[0] == "all":
        if not names:
            work.count_error(f"'{statement.words}' speaks of {kind}, and there are none", statement.words)
        return names
    # "b is on the table. Put the block on b.": the block is hardly b
    beside = kind not in work.single and not work.lexicon.kinds[kind].fixed
    if len(names) != 1 or (beside and names[0] in work.named_at.get(statement.start, ())):
        message = f"'{statement.words}' speaks of one {kind}, and there are {len(names)}: say which"
        work.count_error(message, statement.words)
    return names[:1]


def _add(work: Work, name: str, kind: str, words: str) -> None:
    for other, names in work.members.items():
        if name in names and other != kind:
            message = f"'{name}' is used both as a {other} and as a {kind}"
            work.out.diagnostics.append(codes.KIND_CLASH.error(message, source=words))
            return
    if name not in work.members[kind]:
        work.members[kind].append(name)


def _names(work: Work) -> None:
    for event, statement in work.said.events:
        if isinstance(event, Mention):
            _add(work, event.name, event.kind, statement.words)
    for row in work.rows:
        for column, kind in row.table.kinds:
            _add(work, row.cells[column], kind, row.where)


def _name_of(kind: Kind, index: int) -> str | None:
    """What the text calls none of its members is called so."""
    if kind.series:
        return kind.series.replace("{i}", str(index))
    return kind.sole if index == kind.start else None


def _spoken_of(work: Work) -> None:
    """ "The hoist" brings a hoist into being, if none is named."""
    for event, statement in work.said.events:
        if isinstance(event, Referred) and not work.members[event.kind]:
            kind = work.lexicon.kinds[event.kind]
            name = _name_of(kind, kind.start)
            if name:
                _add(work, name, kind.name, statement.words)


def _grid_places(work: Work) -> None:
    grid = work.lexicon.grid
    sizes: dict[str, tuple[int, int]] = {}
    for event, statement in work.said.events:
        if not (isinstance(event, Said) and event.rule.grid) or grid is None:
            continue
        slots = dict(event.slots)
        rows, columns = number(slots["rows"]), number(slots["columns"])
        for owner in _owners(work, grid, slots.get("owner"), statement):
            known = sizes.setdefault(owner, (rows, columns))
            if known != (rows, columns):
                both = " and ".join(f"{r} by {c}" for r, c in sorted([known, (rows, columns)]))
                work.count_error(f"the words give the grid two sizes: {both}", statement.words)
            elif rows * columns > _MOST or not rows * columns:
                work.count_error(
                    f"a grid of {rows} by {columns} is too {'large' if rows else 'small'}", statement.words
                )
            else:
                _places(work, grid, owner, (rows, columns), statement)


def _owners(work: Work, grid: Grid, name: str | None, statement: Statement) -> list[str]:
    if grid.per is None:
        return [""]
    if name is not None:
        return resolved(work, name, statement)
    if len(work.members[grid.per]) != 1:
        message = f"'{statement.words}' speaks of one {grid.per}, and there are {len(work.members[grid.per])}"
        work.count_error(message, statement.words)
    return work.members[grid.per][:1]


def _places(work: Work, grid: Grid, owner: str, size: tuple[int, int], statement: Statement) -> None:
    mine = grid.name.replace("{owner}", owner)
    names = {
        (r, c): mine.replace("{row}", str(r + grid.first_row)).replace("{column}", str(c + grid.first_column))
        for r in range(size[0])
        for c in range(size[1])
    }
    of_it = re.compile(re.escape(mine).replace(r"\{row\}", r"\d+").replace(r"\{column\}", r"\d+"))
    all_names = work.members[grid.kind]
    known = all_names if grid.per is None else [name for name in all_names if of_it.fullmatch(name)]
    strange = sorted(set(known) - set(names.values()))
    if strange:
        message = f"'{strange[0]}' is not in the grid of {size[0]} rows and {size[1]} columns"
        work.count_error(message, statement.words)
    mine_first = list(names.values())
    work.members[grid.kind] = mine_first + [name for name in all_names if name not in set(mine_first)]
    for (r, c), name in names.items():
        for template in grid.each:
            work.fact(template, {"a": name, "owner": owner}, statement.words)
        for templates, neighbour in ((grid.rows, (r + 1, c)), (grid.columns, (r, c + 1))):
            if neighbour in names:
                for template in templates:
                    work.fact(template, {"a": name, "b": names[neighbour]}, statement.words)


def _counts(work: Work) -> None:
    given: dict[str, tuple[int, Statement]] = {}
    for event, statement in work.said.events:
        if not isinstance(event, Count):
            continue
        earlier = given.setdefault(event.kind, (event.number, statement))
        if earlier[0] != event.number:
            message = f"the words say there are {earlier[0]} and there are {event.number} of kind {event.kind}"
            work.count_error(message, statement.words)
    for name, (wanted, statement) in given.items():
        _count(work, work.lexicon.kinds[name], wanted, statement)


def _count(work: Work, kind: Kind, wanted: int, statement: Statement) -> None:
    names = work.members[kind.name]
    events = work.said.events
    named = any(isinstance(e, Mention) and e.kind == kind.name and at is statement for e, at in events)
    if kind.series and not named:
        usual = {_name_of(kind, i) for i in range(kind.start, kind.start + min(wanted, _MOST))}
        if strange := sorted(set(names) - usual, key=_natural):
            message = f"the words say {wanted} of kind {kind.name}, and speak of '{strange[0]}'"
            hint = "list them by name, or number them from the first"
            work.count_error(message, statement.words, hint)
            return
    for index in itertools.count(kind.start):
        name = _name_of(kind, index)
        if name is None or len(names) >= wanted or wanted > _MOST:
            break
        if name not in names:
            names.append(name)
    if kind.series:
        names.sort(key=_natural)
    if len(names) != wanted:
        listed = ", ".join(names[:6]) + ("…" if len(names) > 6 else "")
        message = f"the words say {wanted} of kind {kind.name}, and name {len(names)}: {listed or 'none'}"
        work.count_error(message, statement.words, "make the number and the names agree")


def _wholes(work: Work) -> None:
    """Lists that name every member of a kind: who is not in one of them is too many."""
    listed: dict[str, tuple[set[str], Statement]] = {}
    for event, statement in work.said.events:
        if isinstance(event, Said) and event.rule.whole:
            kinds = {slot for p in event.rule.patterns for slot in p.lists}
            names = {name for slot, text in event.slots if slot in kinds for name in split_names(text)}
            listed.setdefault(event.rule.whole, (set(), statement))[0].update(names)
    for kind, (names, statement) in listed.items():
        if left := [name for name in work.members[kind] if name not in names]:
            work.count_error(f"'{left[0]}' is not in the list of all of kind {kind}", statement.words)


def _parts(work: Work) -> None:
    declared = {e.rule.declares for e, _ in work.said.events if isinstance(e, Said) and e.rule.declares}
    for kind in work.lexicon.kinds.values():
        if kind.per is None or kind.name not in declared:
            continue
        owned = work.owners.setdefault(kind.name, {})
        for index, owner in enumerate(work.members[kind.per], start=1):
            digits = re.search(r"\d+$", owner)
            tail = digits.group() if digits else str(index)
            names = [part.replace("{i}", tail).replace("{owner}", owner) for part in kind.parts]
            owned[owner] = names
            work.members[kind.name] += names


def _natural(name: str) -> tuple[str, int]:
    digits = re.search(r"\d+$", name)
    return (name[: digits.start()], int(digits.group())) if digits else (name, 0)
