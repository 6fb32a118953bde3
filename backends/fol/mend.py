"""Deterministic mending of notation: what a model's output wraps round a formal text, and slips it makes in it.

Changes without doubt (fences, bullets, quotation marks) are notes. Changes that choose a reading (a parenthesis
added, a free variable bound, a name declared from its use) are ``faithfulness.`` warnings, so that an answer with one
is flagged. No formula is dropped, no connective or name exchanged for another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quod.backends.fol import codes
from quod.backends.fol.document import Raw, raw_document, sentences
from quod.backends.fol.formula_parser import parse_formula
from quod.backends.fol.syntax import App, Pred, atoms, terms
from quod.core.diagnostics import Diagnostic, Span
from quod.core.protocols import Mended

__all__ = ["mend"]

_FENCE = re.compile(r"^\s*```[\w-]*\s*$")
_BULLET = re.compile(r"^(\s*)(?:[-*•]\s+|\d+[.)]\s+)(?=\S)")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s*|\*\*)(?P<name>[A-Za-z -]+?)\s*:?\s*(?:\*\*)?\s*:?\s*$")
_QUOTED = re.compile(r"[\"“]([^\"“”\n']+)[\"”]")
_SECTIONS = {"sorts", "constants", "functions", "predicates", "tables", "premises", "facts", "rules", "axioms",
             "question", "conclusion", "query", "goal", "options", "find"}  # fmt: skip
_VARIABLE = re.compile(r"[u-z]\d?")


@dataclass
class _Mender:
    lines: list[str]
    notes: list[Diagnostic] = field(default_factory=list)

    def note(self, message: str, line: int, *, guess: bool = False) -> None:
        make = codes.MENDED_GUESS.warning if guess else codes.MENDED.info
        self.notes.append(make(message, span=Span(line=max(1, line), column=1)))

    # -- wrapping -----------------------------------------------------------------------------------------------
    def unwrap(self) -> None:
        fences = [i for i, line in enumerate(self.lines) if _FENCE.match(line)]
        if len(fences) >= 2 and any(self.heading(line) for line in self.lines[fences[0] : fences[1]]):
            self.note("text round the code block was left out", fences[0] + 1)
            inside = range(fences[0] + 1, fences[1])
            self.lines = [line if i in inside else "" for i, line in enumerate(self.lines)]
        elif fences:
            self.lines = ["" if i in fences else line for i, line in enumerate(self.lines)]
            self.note("a code fence was left out", fences[0] + 1)
        started = False
        for i, line in enumerate(self.lines):
            heading = self.heading(line)
            if heading and line.strip() != f"{heading}:":
                self.lines[i] = f"{heading}:"
                self.note(f"the heading '{line.strip()}' was read as '{heading}:'", i + 1)
            started = started or bool(heading)
            if started and not heading:
                self.line(i)

    @staticmethod
    def heading(line: str) -> str | None:
        name = line.strip().rstrip(":").lower()
        if line.strip().endswith(":") and name in _SECTIONS:
            return line.strip().rstrip(":")
        match = _HEADING.match(line)
        return match["name"] if match and match["name"].lower() in _SECTIONS else None

    def line(self, i: int) -> None:
        formula, mark, words = self.lines[i].partition(":::")
        new = _BULLET.sub(r"\1", formula)
        new = _QUOTED.sub(r"'\1'", new.replace("`", ""))
        new = re.sub(r"\$([^$]*)\$", r"\1", new)
        if new != formula:
            self.lines[i] = new + mark + words
            self.note("list marks or quotation marks were read as notation", i + 1)

    # -- one formula ------------------------------------------------------------------------------------------------
    def formulas(self) -> None:
        """Lines that do not parse, mended where exactly one slip explains it."""
        section = ""
        for i, line in enumerate(self.lines):
            heading = self.heading(line)
            if heading:
                section = heading.lower()
                continue
            if section in {"", "sorts", "constants", "functions", "predicates", "tables", "find"}:
                continue
            text, mark, words = line.partition(":::")
            body = text.split("#", 1)[0]
            label = re.match(r"\s*([A-Za-z_]\w*\s*:(?![:=])\s*)?", body)
            start = label.end() if label else 0
            if not body.strip() or parse_formula(body[start:])[0] is not None:
                continue
            for mended, what in _repairs(body[start:].strip()):
                if parse_formula(mended)[0] is not None:
                    self.lines[i] = body[:start] + mended + (" " + mark + words if mark else "")
                    self.note(what, i + 1, guess=True)
                    break

    # -- names --------------------------------------------------------------------------------------------------------
    def names(self) -> None:
        """Names used and not declared are declared from their use; variables without quantifier get one."""
        raw = raw_document("\n".join(self.lines))
        if any(d.code in {codes.SYNTAX.name, codes.TOO_DEEP.name, codes.SECTION.name} for d in raw.diagnostics):
            return
        if raw.sorts or raw.tables:
            return
        self.as_terms(raw)
        raw = raw_document("\n".join(self.lines))
        self.declare(raw)
        self.bind(raw)

    def as_terms(self, raw: Raw) -> None:
        """A name that stands both for a predicate and for a thing becomes two names."""
        predicates = {a.name for s in sentences(raw) for a in atoms(s.formula) if isinstance(a, Pred)} | set(
            raw.predicates
        )
        for s in sentences(raw):
            both = {t.name for t in terms(s.formula) if isinstance(t, App) and t.name in predicates}
            for name in sorted(both):
                text, mark, words = self.lines[s.line - 1].partition(":::")
                new = _in_term_position(text, name)
                if new != text:
                    self.lines[s.line - 1] = new + mark + words
                    self.note(
                        f"'{name}' names a predicate and a thing; the thing was called '{name}_'", s.line, guess=True
                    )

    def declare(self, raw: Raw) -> None:
        new_predicates: dict[str, int] = {}
        new_functions: dict[str, int] = {}
        first: dict[str, int] = {}
        for s in sentences(raw):
            for a in atoms(s.formula):
                if isinstance(a, Pred) and "predicates" in raw.sections and a.name not in raw.predicates:
                    new_predicates.setdefault(a.name, len(a.args))
                    first.setdefault(a.name, s.line)
            for t in terms(s.formula):
                if (
                    isinstance(t, App)
                    and t.args
                    and t.name not in raw.functions
                    and raw.sections & {"predicates", "functions"}
                ):
                    new_functions.setdefault(t.name, len(t.args))
                    first.setdefault(t.name, s.line)
        for name, line in first.items():
            self.note(f"'{name}' is not declared; it was declared from its use", line, guess=True)
        for what, table in (("predicates", new_predicates), ("functions", new_functions)):
            if table:
                made = [f"{_shown(name)}/{arity}" for name, arity in table.items()]
                self.insert(what, made)

    def insert(self, section: str, made: list[str]) -> None:
        """Declarations go under their section, on the heading's own line count kept by appending at the end of it."""
        for i, line in enumerate(self.lines):
            if (self.heading(line) or "").lower() == section:
                self.lines[i + 1 : i + 1] = made
                return
        self.lines[0:0] = [f"{section}:", *made]

    def bind(self, raw: Raw) -> None:
        declared = set(raw.functions)
        asked = {s.id for s in raw.asked}
        shift = {s.id: s for s in sentences(raw_document("\n".join(self.lines)))}
        for s in sentences(raw):
            free = sorted({t.name for t in terms(s.formula) if _is_variable(t, declared)})
            if not free:
                continue
            line = shift[s.id].line - 1
            sign = "∃" if s.id in asked else "∀"
            text, mark, words = self.lines[line].partition(":::")
            start = shift[s.id].column - 1
            body = text[start:].rstrip()
            quantifiers = " ".join(f"{sign}{v}" for v in free)
            self.lines[line] = f"{text[:start]}{quantifiers} ({body}) {mark}{words}"
            self.note(f"nothing bound {_and(free)}; it was read as '{sign}'", s.line, guess=True)


def _and(names: list[str]) -> str:
    return ", ".join(f"'{n}'" for n in names)


def _is_variable(t: object, declared: set[str]) -> bool:
    return isinstance(t, App) and not t.args and t.name not in declared and bool(_VARIABLE.fullmatch(t.name))


def _shown(name: str) -> str:
    return name if re.fullmatch(r"[^\W_][\w’']*|_\w+", name) else f"'{name}'"


def _in_term_position(text: str, name: str) -> str:
    """The text with the name, where it stands as an argument or beside an equation, given an underscore."""
    word = rf"(?<![\w’']){re.escape(name)}(?![\w’'(])"
    return re.sub(
        rf"(?<=[(,=≠])(\s*){word}(?=\s*[,)=≠])|(?<=[=≠])(\s*){word}", lambda m: (m[1] or m[2] or "") + name + "_", text
    )


def _repairs(body: str) -> list[tuple[str, str]]:
    """Candidate mendings of a formula, likeliest first, each with what it assumes."""
    found: list[tuple[str, str]] = []
    surplus = body.count(")") - body.count("(")
    if 0 < surplus <= 3 and body.endswith(")" * surplus):
        found.append((body[:-surplus], "a closing parenthesis too many was left out"))
    if -4 <= surplus < 0:
        found.append((body + ")" * -surplus, "a closing parenthesis was added at the end"))
    member = re.sub(r"([\w’']+)\s*∈\s*([\w’']+)", r"MemberOf(\1, \2)", body)
    if member != body:
        found.append((member, "'∈' was read as a predicate 'MemberOf'"))
    stripped = re.sub(r"^\s*(?:if|that|then)\s+", "", body, flags=re.IGNORECASE)
    if stripped != body:
        found.append((stripped, f"the word '{body.split()[0]}' was left out"))
    commas = _top_commas(body)
    if commas != body:
        found.append((commas, "a comma between formulas was read as '∧'"))
    blank = _blanks(body)
    if blank != body:
        found.append((blank, "'_' was read as something that exists"))
    return found


def _top_commas(body: str) -> str:
    """Commas that do not separate arguments become conjunctions."""
    out: list[str] = []
    calls: list[bool] = []
    for i, c in enumerate(body):
        if c == "(":
            calls.append(i > 0 and (body[i - 1].isalnum() or body[i - 1] in "_’'"))
        elif c == ")" and calls:
            calls.pop()
        out.append(" ∧" if c == "," and not (calls and calls[-1]) else c)
    return "".join(out)


def _blanks(body: str) -> str:
    """``P(a, _)`` becomes ``(∃w P(a, w))``."""

    def fill(m: re.Match[str]) -> str:
        count = len(re.findall(r"(?<=[(,\s])_(?=\s*[,)])", m[0]))
        if not count:
            return m[0]
        names = [f"w{k}" for k in range(1, count + 1)]
        it = iter(names)
        inner = re.sub(r"(?<=[(,\s])_(?=\s*[,)])", lambda _: next(it), m[0])
        return "(" + " ".join(f"∃{n}" for n in names) + f" ({inner}))"

    return re.sub(r"[\w’']+\([^()]*\)", fill, body)


def mend(text: str) -> Mended:
    """The text with its notation mended and a note for each change; unchanged if it reads as it is."""
    if text.lstrip().startswith(("(", ";", "fof", "tff", "cnf", "%")):
        return Mended(text=text)
    mender = _Mender(text.split("\n"))
    mender.unwrap()
    mender.formulas()
    mender.names()
    if not mender.notes:
        return Mended(text=text)
    return Mended(text="\n".join(mender.lines), notes=tuple(mender.notes))
