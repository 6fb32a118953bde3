"""The quod-fol language: a header of sorts, constants, functions and predicates with glosses, one formula a
sentence with its id, and the question. Every fault of a text is found in one pass, each with its place.

::

    sorts:
      position = 1..3                 # closed and numeric: < <= > >= apply
      book = {red, blue, green}       # closed: exactly these, all different
      person                          # open
    constants:
      rex: person ::: Rex
    functions:
      place(b: book) -> position injective ::: the place of b
    predicates:
      likes(x: person, y: person) ::: x likes y
    tables:
      parent(person, person) from parents.csv          # or: from parents.csv: mother, child
    premises:
      s1: ∀x (likes(x, rex) → ¬likes(rex, x)) ::: Rex likes nobody who likes him.
    question:
      likes(rex, rex) ::: Does Rex like himself?

Instead of ``question:`` there may be ``options:`` (``A: …`` formulas, of which one must hold) or ``find:`` (the
solutions of a puzzle). ``:::`` starts the words a line stands for, ``#`` a comment; ``only asked``
after a predicate says that no premise is meant to mention it. Where a text declares no
constants (functions, predicates) at all, they are taken from their use, over the sort ``thing``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quod.backends.fol import codes
from quod.backends.fol.formula_parser import parse_formula
from quod.backends.fol.syntax import DEFAULT_SORT, Formula, Function, Predicate, Question, Sentence, Sort
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["MAX_SENTENCES", "Raw", "raw_document"]

MAX_SENTENCES = 20_000
SECTIONS = ("sorts", "constants", "functions", "predicates", "tables", "premises", "question", "options", "find")
_ALIASES = {"facts": "premises", "rules": "premises", "axioms": "premises", "conclusion": "question",
            "query": "question", "goal": "question", "first-order-logic premises": "premises"}  # fmt: skip
_NAME = r"(?:[^\W_][\w’']*|_\w+|\$\w+|'[^'\n]+')"
_HEADER = re.compile(r"\s*([A-Za-z][A-Za-z -]*?)\s*:\s*(?:#.*)?$")
_ID = re.compile(rf"\s*({_NAME})\s*:(?![:=])\s*")
_SORT = re.compile(
    rf"\s*({_NAME})\s*(?:=\s*(?:\{{(?P<elements>[^}}]*)\}}|(?P<low>-?\d+)\s*\.\.\s*(?P<high>-?\d+)))?\s*$"
)
_CONSTANT = re.compile(rf"\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*(?::\s*({_NAME}))?\s*$")
_SIGNATURE = re.compile(
    rf"\s*(?P<name>{_NAME})\s*(?:/\s*(?P<arity>\d+)|\(\s*(?P<params>[^()]*)\))?"
    rf"\s*(?:->\s*(?P<result>{_NAME})\s*(?P<injective>injective|bijective)?)?\s*(?P<asked>only asked)?\s*$"
)
_TABLE = re.compile(r"\s*(?P<signature>.+?)\s+from\s+(?P<file>[^\s:]+(?:\s*:\s*.+)?)\s*$")


@dataclass(frozen=True, slots=True)
class RawSentence:
    """A parsed line before its names are resolved."""

    id: str
    formula: Formula
    words: str
    line: int
    column: int
    text: str


@dataclass
class Raw:
    """What the lines say, before names are resolved."""

    sorts: dict[str, Sort] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    predicates: dict[str, Predicate] = field(default_factory=dict)
    tables: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Predicate to file name and line."""
    premises: list[RawSentence] = field(default_factory=list)
    question_kind: str = ""
    asked: list[RawSentence] = field(default_factory=list)
    sections: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    """Declared names to their line."""
    counts: dict[str, int] = field(default_factory=dict)
    """Lines read as premises (``s``) and as questions (``q``), faulty ones included."""
    only_asked: set[str] = field(default_factory=set)
    """Predicates said, where they are declared, to occur in the question alone."""
    diagnostics: list[Diagnostic] = field(default_factory=list)


def unquote(name: str) -> str:
    """A name without the quotes that let it hold any character."""
    return name[1:-1] if name[:1] == "'" else name


def _at(line: int, column: int = 1, length: int = 1) -> Span:
    return Span(line=line, column=column, end_line=line, end_column=column + length)


def raw_document(text: str) -> Raw:
    """Read every line of a text into declarations and raw formulas."""
    raw = Raw()
    section = ""
    for number, full in enumerate(text.split("\n"), start=1):
        line, _, words = full.partition(":::")
        if "#" in line:
            line = line[: line.index("#")]
        if not line.strip():
            continue
        if not words and (header := _HEADER.match(line)):
            name = header[1].lower()
            name = _ALIASES.get(name, name)
            if name in SECTIONS:
                section = name
                raw.sections.add(name)
                if name in {"question", "options", "find"}:
                    _set_kind(raw, name, number)
                continue
            raw.diagnostics.append(
                codes.SECTION.error(
                    f"'{header[1]}' is not a section",
                    span=_at(number, header.start(1) + 1, len(header[1])),
                    hint="sections are " + ", ".join(SECTIONS),
                )
            )
            section = ""
            continue
        if not section:
            raw.diagnostics.append(
                codes.SECTION.error(
                    "this line stands before the first section",
                    span=_at(number),
                    hint="begin with a line 'premises:', then one formula a line, then 'question:'",
                )
            )
            continue
        _LINE[section](raw, line, words.strip(), number)
    return raw


def _set_kind(raw: Raw, name: str, line: int) -> None:
    kind = {"question": "entails", "options": "choice", "find": "find"}[name]
    if raw.question_kind and raw.question_kind != kind:
        raw.diagnostics.append(codes.SECTION.error("the text asks two different kinds of question", span=_at(line)))
    raw.question_kind = kind


def _declare(raw: Raw, name: str, line: int) -> bool:
    if name in raw.places:
        raw.diagnostics.append(
            codes.DUPLICATE.error(f"'{name}' is declared twice, first on line {raw.places[name]}", span=_at(line))
        )
        return False
    raw.places[name] = line
    return True


def _sort_line(raw: Raw, line: str, words: str, number: int) -> None:
    match = _SORT.match(line)
    if not match:
        hint = "write 'name', 'name = {a, b}' or 'name = 1..5'"
        raw.diagnostics.append(codes.SYNTAX.error("this is not a sort declaration", span=_at(number), hint=hint))
        return
    name = unquote(match[1])
    elements: tuple[str, ...] | None = None
    numeric = match["low"] is not None
    if numeric:
        low, high = int(match["low"]), int(match["high"])
        if high - low > 10_000:
            raw.diagnostics.append(codes.UNSUPPORTED.error("a range holds at most 10001 numbers", span=_at(number)))
            return
        elements = tuple(str(i) for i in range(low, high + 1))
    elif match["elements"] is not None:
        elements = tuple(unquote(e.strip()) for e in match["elements"].split(",") if e.strip())
        numeric = bool(elements) and all(re.fullmatch(r"-?\d+", e) for e in elements)
    if elements is not None and not elements:
        raw.diagnostics.append(
            codes.EMPTY_SORT.error(
                f"the sort '{name}' has no elements", span=_at(number), hint="every sort needs at least one element"
            )
        )
        return
    if elements is not None and len(set(elements)) < len(elements):
        twice = next(e for e in elements if elements.count(e) > 1)
        raw.diagnostics.append(codes.DUPLICATE.error(f"the element '{twice}' is listed twice", span=_at(number)))
        return
    if _declare(raw, f"sort {name}", number):
        raw.sorts[name] = Sort(name, elements, numeric, words)


def _constant_line(raw: Raw, line: str, words: str, number: int) -> None:
    match = _CONSTANT.match(line)
    if not match:
        hint = "write 'name' or 'name: sort'"
        raw.diagnostics.append(codes.SYNTAX.error("this is not a constant declaration", span=_at(number), hint=hint))
        return
    for name in (unquote(n.strip()) for n in match[1].split(",")):
        if _declare(raw, name, number):
            raw.functions[name] = Function(name, (), unquote(match[2]) if match[2] else DEFAULT_SORT, gloss=words)


def _signature(
    raw: Raw, line: str, number: int, what: str
) -> tuple[re.Match[str], tuple[str, ...], tuple[str, ...]] | None:
    match = _SIGNATURE.match(line)
    if not match:
        raw.diagnostics.append(codes.SYNTAX.error(f"this is not a {what} declaration", span=_at(number)))
        return None
    if match["arity"]:
        arity = min(int(match["arity"]), 64)
        return match, (DEFAULT_SORT,) * arity, tuple(f"x{i + 1}" for i in range(arity))
    sorts, params = [], []
    for i, part in enumerate(p.strip() for p in (match["params"] or "").split(",") if p.strip()):
        name, colon, sort = part.partition(":")
        name = unquote(name.strip())
        if colon:
            params.append(name)
            sorts.append(unquote(sort.strip()))
        elif name in raw.sorts or name == DEFAULT_SORT:
            params.append(f"x{i + 1}")
            sorts.append(name)
        else:
            # "likes(x, y)", with names for the gloss and no sorts.
            params.append(name)
            sorts.append(DEFAULT_SORT)
    return match, tuple(sorts), tuple(params)


def _function_line(raw: Raw, line: str, words: str, number: int) -> None:
    read = _signature(raw, line, number, "function")
    if read:
        match, sorts, params = read
        name = unquote(match["name"])
        if _declare(raw, name, number):
            result = unquote(match["result"]) if match["result"] else DEFAULT_SORT
            raw.functions[name] = Function(name, sorts, result, params, words, bool(match["injective"]))


def _predicate_line(raw: Raw, line: str, words: str, number: int) -> None:
    read = _signature(raw, line, number, "predicate")
    if read:
        match, sorts, params = read
        name = unquote(match["name"])
        if match["result"]:
            raw.diagnostics.append(codes.SYNTAX.error("a predicate has no '->' result", span=_at(number)))
        elif _declare(raw, name, number):
            raw.predicates[name] = Predicate(name, sorts, params, words)
            if match["asked"]:
                raw.only_asked.add(name)


def _table_line(raw: Raw, line: str, words: str, number: int) -> None:
    match = _TABLE.match(line)
    if not match:
        hint = "write 'name(sort, sort) from file.csv'"
        raw.diagnostics.append(codes.SYNTAX.error("this is not a table declaration", span=_at(number), hint=hint))
        return
    before = set(raw.predicates)
    _predicate_line(raw, match["signature"], words, number)
    for name in set(raw.predicates) - before:
        raw.tables[name] = (match["file"], number)


def _sentence_line(raw: Raw, line: str, words: str, number: int) -> None:
    into, prefix = (raw.premises, "s") if raw.question_kind == "" else (raw.asked, "q")
    if len(into) >= MAX_SENTENCES:
        if len(into) == MAX_SENTENCES and not any(d.code == codes.UNSUPPORTED.name for d in raw.diagnostics):
            message = f"more than {MAX_SENTENCES} sentences: put facts into a table"
            raw.diagnostics.append(codes.UNSUPPORTED.error(message, span=_at(number)))
        return
    start = len(line) - len(line.lstrip())
    label = _ID.match(line)
    raw.counts[prefix] = raw.counts.get(prefix, 0) + 1
    name = f"{prefix}{raw.counts[prefix]}"
    if label and label[1] not in {"all", "exists", "forall", "some"}:
        name, start = unquote(label[1]), label.end()
    if f"id {name}" in raw.places:
        message = f"the id '{name}' is used twice, first on line {raw.places[f'id {name}']}"
        raw.diagnostics.append(codes.DUPLICATE.error(message, span=_at(number)))
        return
    raw.places[f"id {name}"] = number
    body = line[start:].rstrip()
    formula, found = parse_formula(body, number, start + 1)
    raw.diagnostics += found
    if formula is not None:
        into.append(RawSentence(name, formula, words, number, start + 1, body))


def _find_line(raw: Raw, line: str, words: str, number: int) -> None:
    """``find:`` may name the functions and predicates to solve for; they only serve the reader."""


_LINE = {
    "sorts": _sort_line,
    "constants": _constant_line,
    "functions": _function_line,
    "predicates": _predicate_line,
    "tables": _table_line,
    "premises": _sentence_line,
    "question": _sentence_line,
    "options": _sentence_line,
    "find": _find_line,
}


def sentences(raw: Raw) -> list[RawSentence]:
    """Premises, then what is asked."""
    return raw.premises + raw.asked


def as_question(kind: str, asked: tuple[Sentence, ...]) -> Question:
    """The question of a resolved theory."""
    return Question(kind or "find", asked)
