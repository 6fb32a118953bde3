"""Which words of the problem each element of a model's formal text says it came from."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization, SourceLink

__all__ = ["place_of", "sentence_elements", "sentence_lines", "source_map", "wordless"]

_FOL_LINE = re.compile(r"^[ \t]*(?:([\w$']+)[ \t]*:(?![:=]))?[ \t]*(.*?)[ \t]*:::[ \t]*(\S.*?)[ \t]*$")
_FOL_LABEL = re.compile(r"[ \t]*([\w$']+)[ \t]*:(?![:=])")
_FOL_HEADER = re.compile(r"^[ \t]*([A-Za-z][A-Za-z -]*?)[ \t]*:[ \t]*(?:#.*)?$")
_PDDL_COMMENT = re.compile(r"^[ \t]*(\(.*?)[ \t]*;+[ \t]*(\S.*?)[ \t]*$")
_SMT_COMMENT = re.compile(r"^[ \t]*;+[ \t]*(\S.*?)[ \t]*$")
_SPACES = re.compile(r"\s+")
_SENTENCES = {"premises", "facts", "rules", "axioms"}
_DATA = {"sorts", "tables"}
_ASKED = {"question", "conclusion", "query", "goal", "options"}


def source_map(formalization: Formalization, problem_text: str) -> tuple[SourceLink, ...]:
    """The links a formal text carries: ``:::`` in fol, ``words`` in milp, comments in pddl and SMT-LIB."""
    read = (
        _smt
        if formalization.language == "smtlib2"
        else {Formalism.FOL: _fol, Formalism.MILP: _milp, Formalism.PDDL: _pddl}.get(formalization.formalism)
    )
    if read is None:
        return ()
    finder = _Finder(problem_text)
    return tuple(finder.link(element, words) for element, words in read(formalization.text))


def sentence_elements(formalization: Formalization) -> frozenset[str] | None:
    """The elements of a logic text that say something (not mere names: constants and predicates); None elsewhere."""
    if not _in_lines(formalization):
        return None
    return frozenset(line.name for line in _fol_lines(formalization.text) if line.says)


def _in_lines(formalization: Formalization) -> bool:
    """Whether it is logic in the language with a formula a line, and not an SMT-LIB script."""
    return formalization.formalism is Formalism.FOL and formalization.language != "smtlib2"


def place_of(words: str, text: str) -> tuple[int, int] | None:
    """Where words stand in a text, blanks and letter case aside; None if they do not."""
    link = _Finder(text).link("", words)
    return None if link.start is None or link.end is None else (link.start, link.end)


class _Finder:
    """Finds words in a text, blanks and letter case aside."""

    def __init__(self, text: str) -> None:
        self._places: list[int] = []
        plain: list[str] = []
        for place, char in enumerate(text):
            char = " " if char.isspace() else char
            if char == " " and plain and plain[-1] == " ":
                continue
            for low in char.lower()[:1]:
                plain.append(low)
                self._places.append(place)
        self._plain = "".join(plain)

    def link(self, element: str, words: str) -> SourceLink:
        wanted = _SPACES.sub(" ", words).strip().lower()
        at = self._plain.find(wanted) if wanted else -1
        if at < 0:
            # a full stop is often added or left out
            wanted = wanted.rstrip(".!?")
            at = self._plain.find(wanted) if len(wanted) > 2 else -1
        if at < 0:
            return SourceLink(element=element, words=words)
        end = self._places[at + len(wanted) - 1] + 1
        return SourceLink(element=element, words=words, start=self._places[at], end=end)


def _fol(text: str) -> list[tuple[str, str]]:
    return [(line.name, line.words) for line in _fol_lines(text) if line.words]


def sentence_lines(formalization: Formalization) -> list[_Line]:
    """Every premise and question of a logic text that names words."""
    if not _in_lines(formalization):
        return []
    return [line for line in _fol_lines(formalization.text) if line.says and line.words and line.formula]


def wordless(formalization: Formalization) -> tuple[str, ...]:
    """The premises of a logic text that name no words, where most of its premises do."""
    if not _in_lines(formalization):
        return ()
    said = [line for line in _fol_lines(formalization.text) if line.says]
    without = tuple(line.name for line in said if not line.words)
    return without if 2 * len(without) < len(said) else ()


class _Line(NamedTuple):
    name: str
    words: str
    says: bool
    """Whether it says something (a premise, a question, a closed sort), rather than only naming."""
    formula: str = ""


def _fol_lines(text: str) -> list[_Line]:
    """The lines that say something or name words; a premise without words has empty ones."""
    links: list[_Line] = []
    section, counts = "", {"s": 0, "q": 0}
    for line in text.split("\n"):
        if ":::" not in line and (header := _FOL_HEADER.match(line)):
            section = header[1].lower()
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        kind = "s" if section in _SENTENCES else "q" if section in _ASKED else ""
        if kind:
            counts[kind] += 1
        match = _FOL_LINE.match(line)
        if match:
            name = match[1] if kind else re.split(r"[(:\s=]", match[2] if not match[1] else match[1], maxsplit=1)[0]
            links.append(
                _Line(
                    name or (f"{kind}{counts[kind]}" if kind else match[2]),
                    match[3],
                    bool(kind) or section in _DATA,
                    match[2] if kind else "",
                )
            )
        elif kind == "s":
            label = _FOL_LABEL.match(line)
            links.append(_Line(label[1] if label else f"s{counts[kind]}", "", says=True))
    return links


def _milp(text: str) -> list[tuple[str, str]]:
    try:
        model = json.loads(text)
    except (ValueError, RecursionError):
        return []
    links: list[tuple[str, str]] = []
    if not isinstance(model, dict):
        return links
    for section in ("sets", "parameters", "variables", "constraints"):
        part = model.get(section)
        entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for name, entry in entries:
            if isinstance(entry, dict) and isinstance(entry.get("words"), str) and entry["words"]:
                links.append((str(entry.get("name") or (name if isinstance(name, str) else f"{section}[{name}]")),
                              entry["words"]))  # fmt: skip
    objective = model.get("objective")
    if isinstance(objective, dict) and isinstance(objective.get("words"), str) and objective["words"]:
        links.append(("objective", objective["words"]))
    return links


def _pddl(text: str) -> list[tuple[str, str]]:
    return [(m[1].strip(), m[2]) for m in map(_PDDL_COMMENT.match, text.split("\n")) if m]


def _smt(text: str) -> list[tuple[str, str]]:
    return [(f"line {n}", m[1]) for n, m in enumerate(map(_SMT_COMMENT.match, text.split("\n")), start=1) if m]
