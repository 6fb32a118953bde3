"""From what was said to a PDDL problem: objects, facts, conventions, and what is missing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quod.core.diagnostics import Diagnostic
from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.lexicon import Lexicon, Table
from quod.translators.controlled.pddl.patterns import number, split_names
from quod.translators.controlled.pddl.reading import Count, Mention, Said, Stated, Understood
from quod.translators.controlled.pddl.sentences import Statement

__all__ = ["Built", "Row", "build"]

Loops = tuple[tuple[str, str], ...]
_ORDER = re.compile(r"\s*(?:please )?(?:put|get|bring|take|carry|move|deliver|send|stack|place)\b", re.IGNORECASE)
_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table given as context, ready to be said."""

    table: Table
    cells: dict[str, str]
    where: str


@dataclass(slots=True)
class Built:
    """The problem, or what keeps it from being one."""

    objects: dict[str, str] = field(default_factory=dict)
    """Name to kind."""
    init: dict[str, str] = field(default_factory=dict)
    """Fact to the words it came from."""
    goals: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    question: str | None = None


def build(lexicon: Lexicon, said: Understood, rows: list[Row]) -> Built:
    """Put everything together."""
    return _Builder(lexicon, said, rows).run()


class _Facts:
    """Facts, found by a pattern such as ``(on * a)`` without going through all of them."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[tuple[str, list[str]]]] = {}
        self.by_term: dict[tuple[str, int, str], list[tuple[str, list[str]]]] = {}

    def add(self, fact: str) -> None:
        words = fact.strip("()").split()
        self.by_name.setdefault(words[0], []).append((fact, words))
        for i, term in enumerate(words[1:], start=1):
            self.by_term.setdefault((words[0], i, term), []).append((fact, words))

    def like(self, pattern: str) -> list[str]:
        """The facts that a pattern fits; ``*`` is anything."""
        wanted = pattern.strip("()").split()
        return [
            fact
            for name in ([wanted[0]] if wanted[0] != "*" else list(self.by_name))
            for fact, words in self._near(name, wanted[1:])
            if len(words) == len(wanted) and all(w in {"*", f} for f, w in zip(words, wanted, strict=True))
        ]

    def _near(self, name: str, terms: list[str]) -> list[tuple[str, list[str]]]:
        groups = [self.by_term.get((name, i, term), []) for i, term in enumerate(terms, start=1) if term != "*"]
        return min(groups, key=len) if groups else self.by_name.get(name, [])


class _Builder:
    def __init__(self, lexicon: Lexicon, said: Understood, rows: list[Row]) -> None:
        self.lexicon = lexicon
        self.said = said
        self.rows = rows
        self.out = Built()
        self.members: dict[str, list[str]] = {name: list(kind.fixed) for name, kind in lexicon.kinds.items()}
        self.owners: dict[str, dict[str, list[str]]] = {}
        self.held = _Facts()
        """The facts of the start."""

    def run(self) -> Built:
        self._names()
        self._grid_places()
        self._counts()
        self._wholes()
        self._parts()
        for kind, names in self.members.items():
            for name in names:
                self.out.objects.setdefault(name, kind)
        goals_wanted: list[tuple[int, Statement]] = []
        for event, statement in self.said.events:
            if isinstance(event, Said):
                self._rule(event, statement)
                if event.rule.counts_goals:
                    goals_wanted.append((number(dict(event.slots)[event.rule.counts_goals]), statement))
            elif isinstance(event, Stated):
                self._state(event, statement)
        for row in self.rows:
            self._row(row)
        self._conventions()
        self._required()
        self._clashes()
        for wanted, statement in goals_wanted:
            if wanted != len(self.out.goals):
                message = f"the words announce {wanted} goals, and {len(self.out.goals)} follow"
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
        if not self.out.goals:
            self.out.diagnostics.append(codes.NO_GOAL.error("the words do not say what is to be reached"))
        return self.out

    # --- who and what there is ------------------------------------------------------------------------------------
    def _add(self, name: str, kind: str, words: str) -> None:
        for other, names in self.members.items():
            if name in names and other != kind:
                message = f"'{name}' is used both as a {other} and as a {kind}"
                self.out.diagnostics.append(codes.KIND_CLASH.error(message, source=words))
                return
        if name not in self.members[kind]:
            self.members[kind].append(name)

    def _names(self) -> None:
        for event, statement in self.said.events:
            if isinstance(event, Mention):
                self._add(event.name, event.kind, statement.words)
        for row in self.rows:
            for column, kind in row.table.kinds:
                self._add(row.cells[column], kind, row.where)

    def _grid_places(self) -> None:
        grid = self.lexicon.grid
        sizes: set[tuple[int, int]] = set()
        for event, statement in self.said.events:
            if not (isinstance(event, Said) and event.rule.grid) or grid is None:
                continue
            slots = dict(event.slots)
            rows, columns = number(slots["rows"]), number(slots["columns"])
            sizes.add((rows, columns))
            if len(sizes) > 1:
                message = "the words give the grid two sizes: " + " and ".join(f"{r} by {c}" for r, c in sorted(sizes))
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
                return
            if rows * columns > 100_000:
                message = f"a grid of {rows} by {columns} is too large"
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
                return
            names = {
                (r, c): grid.name.replace("{row}", str(r + grid.first_row)).replace(
                    "{column}", str(c + grid.first_column)
                )
                for r in range(rows)
                for c in range(columns)
            }
            strange = sorted(set(self.members[grid.kind]) - set(names.values()))
            if strange:
                message = f"'{strange[0]}' is not in the grid of {rows} rows and {columns} columns"
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
            self.members[grid.kind] = list(names.values())
            for (r, c), name in names.items():
                for templates, neighbour in ((grid.rows, (r + 1, c)), (grid.columns, (r, c + 1))):
                    if neighbour in names:
                        for template in templates:
                            self._fact(template, {"a": name, "b": names[neighbour]}, statement.words)

    def _counts(self) -> None:
        given: dict[str, tuple[int, Statement]] = {}
        for event, statement in self.said.events:
            if not isinstance(event, Count):
                continue
            earlier = given.setdefault(event.kind, (event.number, statement))
            if earlier[0] != event.number:
                message = f"the words say there are {earlier[0]} and there are {event.number} of kind {event.kind}"
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
        for kind, (wanted, statement) in given.items():
            names = self.members[kind]
            series = self.lexicon.kinds[kind].series
            named = any(isinstance(e, Mention) and e.kind == kind and at is statement for e, at in self.said.events)
            if series and not named:
                first = self.lexicon.kinds[kind].start
                usual = {series.replace("{i}", str(i)) for i in range(first, first + min(wanted, 100_000))}
                if strange := sorted(set(names) - usual, key=_natural):
                    message = f"the words say {wanted} of kind {kind}, and speak of '{strange[0]}'"
                    hint = "list them by name, or number them from the first"
                    self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words, hint=hint))
                    continue
            for index in itertools.count(self.lexicon.kinds[kind].start):
                if series is None or len(names) >= wanted or wanted > 100_000:
                    break
                name = series.replace("{i}", str(index))
                if name not in names:
                    names.append(name)
            if series:
                names.sort(key=_natural)
            if len(names) != wanted:
                listed = ", ".join(names[:6]) + ("…" if len(names) > 6 else "")
                message = f"the words say {wanted} of kind {kind}, and name {len(names)}: {listed or 'none'}"
                hint = "make the number and the names agree"
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words, hint=hint))

    def _wholes(self) -> None:
        """Lists that name every member of a kind: who is not in one of them is too many."""
        listed: dict[str, tuple[set[str], Statement]] = {}
        for event, statement in self.said.events:
            if isinstance(event, Said) and event.rule.whole:
                kinds = {slot for p in event.rule.patterns for slot in p.lists}
                names = {name for slot, text in event.slots if slot in kinds for name in split_names(text)}
                listed.setdefault(event.rule.whole, (set(), statement))[0].update(names)
        for kind, (names, statement) in listed.items():
            if left := [name for name in self.members[kind] if name not in names]:
                message = f"'{left[0]}' is not in the list of all of kind {kind}"
                self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))

    def _parts(self) -> None:
        declared = {e.rule.declares for e, _ in self.said.events if isinstance(e, Said) and e.rule.declares}
        for kind in self.lexicon.kinds.values():
            if kind.per is None or kind.name not in declared:
                continue
            owned = self.owners.setdefault(kind.name, {})
            for index, owner in enumerate(self.members[kind.per], start=1):
                digits = re.search(r"\d+$", owner)
                tail = digits.group() if digits else str(index)
                names = [part.replace("{i}", tail).replace("{owner}", owner) for part in kind.parts]
                owned[owner] = names
                self.members[kind.name] += names

    # --- what holds -----------------------------------------------------------------------------------------------
    def _fact(self, template: str, binding: dict[str, str], words: str, *, goal: bool = False) -> None:
        fact = _filled(template, binding)
        if not goal and fact not in self.out.init:
            self.held.add(fact)
        (self.out.goals if goal else self.out.init).setdefault(fact, words)

    def _rule(self, event: Said, statement: Statement) -> None:
        rule = event.rule
        if rule.one and len(self.members[rule.one]) > 1:
            message = f"'{statement.words}' speaks of one {rule.one}, and there are {len(self.members[rule.one])}"
            self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
        slots = dict(event.slots)
        kinds = {slot: k for p in rule.patterns for slot, k in p.slots.items()}
        lists = {slot for p in rule.patterns for slot in p.lists}
        choices = [
            (slot, split_names(text) if slot in lists else [text if kinds[slot] else str(number(text))])
            for slot, text in slots.items()
        ]
        for chosen in itertools.product(*(names for _, names in choices)):
            binding = dict(zip((slot for slot, _ in choices), chosen, strict=True))
            for bound in self._loop(rule.loops, binding):
                for template in rule.facts:
                    self._fact(template, bound, statement.words, goal=event.in_goal)
                for template in rule.goals:
                    self._fact(template, bound, statement.words, goal=True)
                for template in rule.values:
                    self._fact(template, bound, statement.words)

    def _state(self, event: Stated, statement: Statement) -> None:
        names = [event.name] if event.name is not None else self.members[event.kind]
        if not names and any("{x}" in f for f in event.state.facts):
            message = f"'{statement.words}' speaks of {event.kind}, and there are none"
            self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
        if event.single and len(names) > 1:
            message = f"'{statement.words}' speaks of one {event.kind}, and there are {len(names)}: say which"
            self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
        if event.both and len(names) != 2:
            message = f"'{statement.words}' speaks of both, and of kind {event.kind} there are {len(names)}"
            self.out.diagnostics.append(codes.COUNT.error(message, source=statement.words))
        for name in names or [""]:
            for bound in self._loop(event.state.loops, {"x": name}):
                for template in event.state.facts:
                    self._fact(template, bound, statement.words, goal=event.in_goal)

    def _row(self, row: Row) -> None:
        for templates, goal in ((row.table.facts, False), (row.table.goals, True), (row.table.values, False)):
            for template in templates:
                self._fact(template, row.cells, row.where, goal=goal)

    def _loop(self, loops: Loops, binding: dict[str, str]) -> Iterator[dict[str, str]]:
        """Every extension of a binding by variables that range over kinds."""
        if not loops:
            yield binding
            return
        (variable, source), rest = loops[0], loops[1:]
        for name in self._range(source, binding):
            yield from self._loop(rest, {**binding, variable: name})

    def _range(self, source: str, binding: dict[str, str]) -> list[str]:
        """``kind``, ``kind first``, ``kind last`` or ``kind of x``."""
        words = source.split()
        names = self.members[words[0]]
        if len(words) == 3 and words[1] == "of":
            owner = binding[words[2]]
            return self.owners.get(words[0], {}).get(owner, [])
        if words[1:] == ["first"]:
            return names[:1]
        return names[-1:] if words[1:] == ["last"] else names

    # --- conventions ----------------------------------------------------------------------------------------------
    def _conventions(self) -> None:
        for convention in self.lexicon.always:
            for binding in self._bindings(convention.loops, convention.zipped, convention.chain):
                if any(self._present(_filled(pattern, binding)) for pattern in convention.unless):
                    continue
                for template in convention.facts:
                    self._fact(template, binding, "by convention of the domain")

    def _bindings(self, loops: Loops, zipped: Loops, chain: str | None) -> Iterator[dict[str, str]]:
        if chain:
            names = self.members[chain]
            yield from ({"a": a, "b": b} for a, b in itertools.pairwise(names))
        elif zipped:
            lists = [self.members[kind] for _, kind in zipped]
            if len({len(names) for names in lists}) > 1:
                kinds = " and ".join(f"{len(self.members[k])} of kind {k}" for _, k in zipped)
                self.out.diagnostics.append(codes.COUNT.error(f"{kinds}: they belong together one by one"))
                return
            for chosen in zip(*lists, strict=True):
                yield dict(zip((v for v, _ in zipped), chosen, strict=True))
        else:
            yield from self._loop(loops, {})

    def _present(self, pattern: str) -> bool:
        return bool(self.held.like(pattern))

    def _required(self) -> None:
        for need in self.lexicon.required:
            for binding in self._loop(need.loops, {}):
                if not any(self._present(_filled(fact, binding)) for fact in need.facts):
                    words = _filled(need.words, binding)
                    self.out.diagnostics.append(codes.UNSAID.error(f"the words do not say {words}"))
                    self.out.question = self.out.question or f"Please say {words}."

    def _clashes(self) -> None:
        """What the words say of one thing twice, as in two places, and what leads round in a circle."""
        goals = _Facts()
        for fact in self.out.goals:
            goals.add(fact)
        for rule in self.lexicon.once:
            for binding in self._loop(rule.loops, {}):
                patterns = [_filled(fact, binding) for fact in rule.facts]
                held = [fact for pattern in patterns for fact in self.held.like(pattern)]
                if len(held) > 1:
                    message = f"{' and '.join(held[:3])} cannot hold together"
                    words = self.out.init[held[1]]
                    self.out.diagnostics.append(codes.CLASH.error(message, source=words))
                # "Put a on b. Put a on c.": one after the other, and not both at the end
                wanted = [fact for pattern in patterns for fact in goals.like(pattern)]
                orders = [self.out.goals[f] for f in wanted if _ORDER.match(self.out.goals[f])]
                if len(wanted) > 1 and orders:
                    message = f"{' and '.join(wanted[:3])} cannot hold together at the end"
                    self.out.diagnostics.append(codes.CLASH.error(message, source=orders[-1]))
        for relation in self.lexicon.acyclic:
            self._circle(relation)

    def _circle(self, relation: str) -> None:
        under: dict[str, str] = {}
        for fact in self.out.init:
            name, *terms = fact.strip("()").split()
            if name == relation and len(terms) == 2:
                under[terms[0]] = terms[1]
        for start in under:
            seen = [start]
            while (at := under.get(seen[-1])) is not None and at not in seen:
                seen.append(at)
            if at == start:
                message = f"({relation} …) leads from {start} back to {start}"
                words = self.out.init[f"({relation} {start} {under[start]})"]
                self.out.diagnostics.append(codes.CLASH.error(message, source=words))
                return


def _filled(template: str, binding: dict[str, str]) -> str:
    return _HOLE.sub(lambda m: binding[m[1]], template)


def _natural(name: str) -> tuple[str, int]:
    digits = re.search(r"\d+$", name)
    return (name[: digits.start()], int(digits.group())) if digits else (name, 0)
