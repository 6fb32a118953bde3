"""A lexicon: how a planning domain is talked about. One YAML file beside the domain; docs/pddl.md describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from quod.translators.controlled.pddl.patterns import NAME, Pattern, compile_pattern

__all__ = [
    "Convention",
    "Grid",
    "Kind",
    "Lexicon",
    "LexiconError",
    "Once",
    "Required",
    "Rule",
    "Table",
    "built_in",
    "parse_lexicon",
]

Loops = tuple[tuple[str, str], ...]
FOLDER = Path(__file__).parent / "lexicons"


class LexiconError(ValueError):
    """A lexicon that is not one; says where and why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its PDDL type, the nouns for it, and how its members are named."""

    name: str
    type: str
    nouns: tuple[str, ...]
    """Singular and plural forms, lower case, longest first."""
    named: re.Pattern[str]
    """Which names can be of this kind."""
    series: str | None = None
    """``room{i}``: members that the text counts but does not name are named so."""
    start: int = 1
    fixed: tuple[str, ...] = ()
    """Members that exist whatever the text says."""
    sole: str | None = None
    """The name of the one member, where the text speaks of one and does not name it."""
    per: str | None = None
    """Each member of that kind owns one of each of ``parts``."""
    parts: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether its names show what they name, as crate1 does, and no ordinary word is one."""
        return not self.named.fullmatch("word")


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence pattern and what it means."""

    patterns: tuple[Pattern, ...]
    facts: tuple[str, ...] = ()
    """Facts in templates such as ``(on {x} {y})``; in a goal list they are goals."""
    goals: tuple[str, ...] = ()
    """Always goals."""
    values: tuple[str, ...] = ()
    """Numeric facts, ``(= (distance {x} {y}) {n})``, and what a goal says of the start: "move x *from* y"."""
    loops: Loops = ()
    """Further variables that range over kinds: ``g`` over ``gripper of r``, ``p`` over ``depot with (in {a} {p})``."""
    zipped: Loops = ()
    """Variables that go through their kinds together: the first with the first, the second with the second."""
    opens_goal: bool = False
    """The sentences that follow list goals."""
    counts_goals: str | None = None
    """The slot that says how many goals there are."""
    counts: Loops = ()
    """Slots that say how many there are of a kind."""
    reaches: Loops = ()
    """Slots that say which number the last of a kind has; the first has ``start``."""
    lengths: Loops = ()
    """Slots that say how many names another slot lists."""
    declares: str | None = None
    """A kind with ``per`` whose members this sentence brings into being."""
    grid: bool = False
    """The slots ``rows`` and ``columns`` give the size of the grid, ``owner`` whose it is."""
    one: str | None = None
    """The sentence speaks of the one member of that kind: "it has two grippers"."""
    whole: str | None = None
    """Such sentences together name every member of that kind."""
    closed: str | None = None
    """A list slot: no sentence says the fact of anything that is not in the list."""


@dataclass(frozen=True, slots=True)
class State:
    """``are clean``, ``is in {y:room}``: what can be said of the kinds; ``x`` is what it is said of."""

    patterns: tuple[Pattern, ...]
    kinds: tuple[str, ...]
    facts: tuple[str, ...]
    loops: Loops = ()
    zipped: Loops = ()
    """What it is said of all of a kind together with: ``on their hubs``, the first on the first."""


@dataclass(frozen=True, slots=True)
class Convention:
    """Facts that hold by convention, once the things are known."""

    facts: tuple[str, ...]
    loops: Loops = ()
    zipped: Loops = ()
    chain: str | None = None
    unless: tuple[str, ...] = ()
    """Fact patterns (``*`` for anything) whose presence suppresses the convention."""
    given: tuple[str, ...] = ()
    """Fact patterns of which one must be present."""


@dataclass(frozen=True, slots=True)
class Required:
    """Facts without which the domain makes no sense; the text must say one of them."""

    facts: tuple[str, ...]
    loops: Loops
    words: str


@dataclass(frozen=True, slots=True)
class Once:
    """Facts of which at most one can hold at the start."""

    facts: tuple[str, ...]
    loops: Loops


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of places: names, and the facts between neighbours (``a`` is the one with the lower index)."""

    kind: str
    name: str
    first_row: int
    first_column: int
    rows: tuple[str, ...]
    """Facts between ``a`` in one row and ``b`` in the next."""
    columns: tuple[str, ...]
    per: str | None = None
    """A kind each of whose members has a grid of its own; ``{owner}`` in ``name`` and ``each`` is that member."""
    each: tuple[str, ...] = ()
    """Facts of every place ``a``."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are objects, facts and goals."""

    columns: tuple[str, ...]
    kinds: Loops
    """Column to kind."""
    facts: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything about one domain."""

    domain: str
    domain_text: str
    kinds: dict[str, Kind]
    rules: tuple[Rule, ...]
    states: tuple[State, ...] = ()
    always: tuple[Convention, ...] = ()
    required: tuple[Required, ...] = ()
    once: tuple[Once, ...] = ()
    acyclic: tuple[str, ...] = ()
    """Relations of two that never lead back to where they began."""
    joiners: tuple[str, ...] = ()
    grid: Grid | None = None
    tables: tuple[Table, ...] = ()
    metric: str | None = None
    words: Loops = ()
    """How actions and facts read aloud: name to template, as in the domain's ``@say`` comments."""
    ignore: tuple[Pattern, ...] = field(default_factory=tuple)
    """Sentences that say nothing about this problem, such as "You are a robot barman"."""


@cache
def built_in() -> tuple[Lexicon, ...]:
    """The lexicons that come with quod."""
    out = []
    for folder in sorted(FOLDER.iterdir()):
        source = folder / "lexicon.yaml"
        if source.is_file():
            domain = (folder / "domain.pddl").read_text(encoding="utf-8")
            out.append(parse_lexicon(source.read_text(encoding="utf-8"), domain, str(source.name)))
    return tuple(out)


def parse_lexicon(text: str, domain_text: str, where: str) -> Lexicon:
    """Read a lexicon. Raises LexiconError."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LexiconError(f"{where}: not YAML: {error}") from None
    if not isinstance(raw, dict):
        raise LexiconError(f"{where}: a lexicon is a mapping with the keys domain, kinds and sentences")
    unknown = set(raw) - _KEYS
    if unknown:
        raise LexiconError(f"{where}: unknown key {min(unknown)}; known are {', '.join(sorted(_KEYS))}")
    try:
        return _lexicon(raw, domain_text)
    except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
        raise LexiconError(f"{where}: {error}") from None


_KEYS = {
    "domain",
    "kinds",
    "sentences",
    "states",
    "always",
    "required",
    "once",
    "acyclic",
    "joiners",
    "grid",
    "tables",
    "metric",
    "ignore",
    "words",
}


def _lexicon(raw: dict[str, Any], domain_text: str) -> Lexicon:
    kinds = {name: _kind(name, body or {}) for name, body in raw["kinds"].items()}
    lexicon = Lexicon(
        domain=str(raw["domain"]).lower(),
        domain_text=domain_text,
        kinds=kinds,
        rules=tuple(_rule(body) for body in raw["sentences"]),
        states=tuple(
            State(
                tuple(compile_pattern(p) for p in _texts(s["say"])),
                _texts(s["of"]),
                _texts(s["fact"]),
                _loops(s.get("for")),
                _loops(s.get("zip")),
            )
            for s in raw.get("states") or ()
        ),
        always=tuple(
            Convention(
                _texts(c["fact"]),
                _loops(c.get("for")),
                _loops(c.get("zip")),
                c.get("chain"),
                _texts(c.get("unless")),
                _texts(c.get("if")),
            )
            for c in raw.get("always") or ()
        ),
        required=tuple(
            Required(_texts(r["fact"]), _loops(r.get("for")), str(r["words"])) for r in raw.get("required") or ()
        ),
        once=tuple(Once(_texts(r["fact"]), _loops(r.get("for"))) for r in raw.get("once") or ()),
        acyclic=_texts(raw.get("acyclic")),
        joiners=_texts(raw.get("joiners")),
        grid=_grid(raw["grid"]) if raw.get("grid") else None,
        tables=tuple(_table(t) for t in raw.get("tables") or ()),
        metric=raw.get("metric"),
        words=tuple((name, " ".join(template.split())) for name, template in _loops(raw.get("words"))),
        ignore=tuple(compile_pattern(p) for p in _texts(raw.get("ignore"))),
    )
    _consistent(lexicon)
    return lexicon


def _kind(name: str, body: dict[str, Any]) -> Kind:
    series = body.get("series")
    nouns = _texts(body.get("nouns")) or (name, name + "s")
    named = str(body["named"]) if "named" in body else None
    if named is None:
        named = re.escape(series).replace(r"\{i\}", r"\d+") if series else NAME
    return Kind(
        name=name,
        type=str(body.get("type", name)),
        nouns=tuple(sorted((n.lower() for n in nouns), key=len, reverse=True)),
        named=re.compile(named),
        series=series,
        start=int(body.get("start", 1)),
        fixed=_texts(body.get("fixed")),
        sole=body.get("sole"),
        per=body.get("per"),
        parts=_texts(body.get("parts")),
    )


def _rule(body: dict[str, Any]) -> Rule:
    return Rule(
        patterns=tuple(compile_pattern(p) for p in _texts(body["say"])),
        facts=_texts(body.get("fact")),
        goals=_texts(body.get("goal")),
        values=_texts(body.get("value")) + _texts(body.get("start")),
        loops=_loops(body.get("for")),
        zipped=_loops(body.get("zip")),
        opens_goal=bool(body.get("opens_goal", False)),
        counts_goals=body.get("counts_goals"),
        counts=_loops(body.get("counts")),
        reaches=_loops(body.get("reaches")),
        lengths=_loops(body.get("lengths")),
        declares=body.get("declares"),
        grid=bool(body.get("grid", False)),
        one=body.get("one"),
        whole=body.get("whole"),
        closed=body.get("closed"),
    )


def _grid(body: dict[str, Any]) -> Grid:
    return Grid(
        kind=str(body["kind"]),
        name=str(body["name"]),
        first_row=int(body.get("first_row", 1)),
        first_column=int(body.get("first_column", 1)),
        rows=_texts(body["rows"]),
        columns=_texts(body["columns"]),
        per=body.get("per"),
        each=_texts(body.get("each")),
    )


def _table(body: dict[str, Any]) -> Table:
    kinds = _loops(body["columns"])
    return Table(
        columns=tuple(column for column, _ in kinds),
        kinds=tuple((column, kind) for column, kind in kinds if kind != "number"),
        facts=_texts(body.get("fact")),
        goals=_texts(body.get("goal")),
        values=_texts(body.get("value")),
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _loops(value: object) -> Loops:
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise TypeError(f"a mapping such as {{x: kind}} is expected, not {value!r}")
    return tuple((str(k), str(v)) for k, v in value.items())


def _consistent(lexicon: Lexicon) -> None:
    """Every kind that is named exists."""
    told: list[Rule | State] = [*lexicon.rules, *lexicon.states]
    patterns = [p for one in told for p in one.patterns]
    named = {k for p in patterns for kinds in p.slots.values() for k in kinds}
    named |= {k for s in lexicon.states for k in s.kinds}
    loops = [loop for one in told for loop in (*one.loops, *one.zipped)]
    loops += [loop for rule in lexicon.rules for loop in rule.reaches]
    loops += [loop for c in lexicon.always for loop in (*c.loops, *c.zipped)]
    loops += [loop for r in lexicon.required for loop in r.loops]
    loops += [loop for o in lexicon.once for loop in o.loops]
    named |= {k for rule in lexicon.rules for k in (rule.one, rule.whole) if k}
    named |= {lexicon.grid.per} if lexicon.grid and lexicon.grid.per else set()
    named |= {name for _, source in loops for name in source.split()[0].split("|")}
    named |= {kind for table in lexicon.tables for _, kind in table.kinds}
    missing = sorted(named - set(lexicon.kinds))
    if missing:
        raise ValueError(f"kind {missing[0]} is used and not described under kinds")
