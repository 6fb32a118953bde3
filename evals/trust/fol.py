"""Faults in quod-fol texts: the mistakes that models (and people) make when they write logic."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from quod.core.formalism import Formalism
from quod.evals.trust.mutation import Edit, FaultClass, Operator, replace_at

__all__ = ["OPERATORS"]

_SECTION = re.compile(r"^(\w+):\s*$", re.MULTILINE)
_NAME = r"[^\W\d][\w']*"
_ATOM = re.compile(rf"(?P<name>{_NAME})\((?P<args>[^()]*)\)")
_QUANTIFIED = re.compile(rf"(?P<quantifier>[∀∃])\s*(?P<variables>{_NAME})")


def _lines(text: str, sections: tuple[str, ...], rng: random.Random) -> Iterator[tuple[int, str, str]]:
    """Offset, formula and id of each formula line of these sections, in random order."""
    found: list[tuple[int, str, str]] = []
    section, at = "", 0
    for line in text.splitlines(keepends=True):
        header = _SECTION.match(line)
        if header:
            section = header[1]
        elif section in sections and line.strip():
            label = re.match(r"\s*([\w']+)\s*:(?!:)\s*", line)
            start = label.end() if label else len(line) - len(line.lstrip())
            formula = line[start:].partition(":::")[0].rstrip()
            found.append((at + start, formula, label[1] if label else section))
        at += len(line)
    rng.shuffle(found)
    yield from found


def _each(
    pattern: str, new: Callable[[re.Match[str]], str | None], sections: tuple[str, ...] = ("premises", "question")
) -> Callable[[str, random.Random], Iterator[Edit]]:
    """An operator that replaces one match of ``pattern`` in one formula."""
    compiled = re.compile(pattern)

    def apply(text: str, rng: random.Random) -> Iterator[Edit]:
        for start, formula, name in _lines(text, sections, rng):
            matches = list(compiled.finditer(formula))
            rng.shuffle(matches)
            for match in matches:
                changed = new(match)
                if changed is not None:
                    yield replace_at(text, match, changed, name, start)

    return apply


def _constants(text: str) -> list[str]:
    block = re.search(r"^constants:\s*\n((?:[ \t]+.*\n?)*)", text, re.MULTILINE)
    return re.findall(rf"^\s+({_NAME})", block[1], re.MULTILINE) if block else []


def _predicates(text: str) -> dict[str, int]:
    block = re.search(r"^predicates:\s*\n((?:[ \t]+.*\n?)*)", text, re.MULTILINE)
    if not block:
        return {}
    declared = re.findall(rf"^\s+({_NAME})\(([^()]*)\)", block[1], re.MULTILINE)
    return {name: args.count(",") + 1 for name, args in declared}


def _other(names: list[str], rng: random.Random, name: str) -> str | None:
    others = [n for n in names if n != name]
    return rng.choice(others) if others else None


def _wrong_constant(text: str, rng: random.Random) -> Iterator[Edit]:
    constants = _constants(text)
    for start, formula, name in _lines(text, ("premises", "question"), rng):
        for match in re.finditer(rf"(?<=[(,\s])({_NAME})(?=[),])", formula):
            if match[1] in constants and (other := _other(constants, rng, match[1])):
                yield replace_at(text, match, other, name, start)


def _wrong_predicate(text: str, rng: random.Random) -> Iterator[Edit]:
    arities = _predicates(text)
    for start, formula, name in _lines(text, ("premises", "question"), rng):
        for match in _ATOM.finditer(formula):
            arity = match["args"].count(",") + 1
            same = [p for p, n in arities.items() if n == arity]
            if match["name"] in same and (other := _other(same, rng, match["name"])):
                yield replace_at(text, match, f"{other}({match['args']})", name, start)


def _drop_premise(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, _, name in _lines(text, ("premises",), rng):
        begin, end = text.rfind("\n", 0, start) + 1, text.find("\n", start) + 1
        yield Edit(text[:begin] + text[end:], begin, name)


def _reverse_implication(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, formula, name in _lines(text, ("premises", "question"), rng):
        for match in re.finditer(r"\(([^()]*(?:\([^()]*\)[^()]*)*?)\s*→\s*([^()]*(?:\([^()]*\)[^()]*)*?)\)", formula):
            yield replace_at(text, match, f"({match[2]} → {match[1]})", name, start)


def _drop_argument(match: re.Match[str]) -> str | None:
    head, comma, _ = match["args"].rpartition(",")
    return f"{match['name']}({head})" if comma else f"{match['name']}()"


def _extra_argument(match: re.Match[str]) -> str | None:
    return f"{match['name']}({match['args']}, {match['args'].split(',')[0]})"


def _swap_arguments(match: re.Match[str]) -> str | None:
    args = [a.strip() for a in match["args"].split(",")]
    return f"{match['name']}({', '.join(reversed(args))})" if len(set(args)) > 1 else None


def _negate_question(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, formula, name in _lines(text, ("question",), rng):
        yield Edit(text[:start] + f"¬({formula})" + text[start + len(formula) :], start, name)


def _free_variable(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, formula, name in _lines(text, ("premises",), rng):
        match = _QUANTIFIED.match(formula)
        if match:
            yield replace_at(text, match, "", name, start)


def _misspell(match: re.Match[str]) -> str:
    name = match["name"]
    return f"{name[:-1] if len(name) > 3 else name + 'x'}({match['args']})"


def _operator(name: str, fault: FaultClass, apply: Callable[[str, random.Random], Iterator[Edit]]) -> Operator:
    return Operator(f"fol.{name}", fault, Formalism.FOL, apply)


OPERATORS = (
    _operator("lost_parenthesis", FaultClass.SYNTAX, _each(r"\)", lambda _: "")),
    _operator("doubled_parenthesis", FaultClass.SYNTAX, _each(r"\(", lambda _: "((")),
    _operator("lost_operand", FaultClass.SYNTAX, _each(r"(→|∧|∨)\s*¬?[\w']+\([^()]*\)", lambda m: m[1])),
    _operator("doubled_operator", FaultClass.SYNTAX, _each(r"→|∧|∨", lambda m: f"{m[0]} {m[0]}")),
    _operator("missing_argument", FaultClass.TYPING, _each(_ATOM.pattern, _drop_argument)),
    _operator("extra_argument", FaultClass.TYPING, _each(_ATOM.pattern, _extra_argument)),
    _operator("predicate_as_term", FaultClass.TYPING, _each(_ATOM.pattern, lambda m: f"{m['name']}({m[0]})")),
    _operator("misspelt_symbol", FaultClass.SCOPE, _each(_ATOM.pattern, _misspell)),
    _operator("undeclared_symbol", FaultClass.SCOPE, _each(_ATOM.pattern, lambda m: f"said_{m[0]}")),
    _operator("free_variable", FaultClass.SCOPE, _free_variable),
    _operator("exists_with_implication", FaultClass.LINT, _each(r"∀(?=[^→]*→)", lambda _: "∃", ("premises",))),
    _operator("vacuous_quantifier", FaultClass.LINT, _each(r"^", lambda _: "∀unused_v ", ("premises",))),
    _operator("lost_negation", FaultClass.SEMANTIC, _each(r"¬", lambda _: "")),
    _operator("added_negation", FaultClass.SEMANTIC, _each(rf"(?<![¬\w'])(?={_NAME}\()", lambda _: "¬")),
    _operator("reversed_implication", FaultClass.SEMANTIC, _reverse_implication),
    _operator("and_for_or", FaultClass.SEMANTIC, _each("∨", lambda _: "∧")),
    _operator("or_for_and", FaultClass.SEMANTIC, _each("∧", lambda _: "∨")),
    _operator("and_for_implies", FaultClass.SEMANTIC, _each("→", lambda _: "∧", ("premises",))),
    _operator("xor_for_or", FaultClass.SEMANTIC, _each("∨", lambda _: "⊕")),
    _operator("swapped_arguments", FaultClass.SEMANTIC, _each(_ATOM.pattern, _swap_arguments)),
    _operator("wrong_constant", FaultClass.SEMANTIC, _wrong_constant),
    _operator("wrong_predicate", FaultClass.SEMANTIC, _wrong_predicate),
    _operator("dropped_premise", FaultClass.SEMANTIC, _drop_premise),
    _operator("negated_question", FaultClass.SEMANTIC, _negate_question),
)  # fmt: skip
