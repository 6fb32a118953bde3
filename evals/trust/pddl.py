"""Faults in PDDL problems (the domain is given, as in LLM+P)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quod.core.formalism import Formalism
from quod.evals.trust.mutation import Edit, FaultClass, Operator, replace_at

__all__ = ["OPERATORS"]

_ATOM = re.compile(r"\((?!and\b|or\b|not\b|=|define|problem|domain|:)[\w-]+(?:\s+[\w-]+)*\s*\)")


@dataclass(frozen=True)
class _Part:
    """A section of a problem: its text and where it starts."""

    start: int
    text: str


def _section(text: str, keyword: str) -> _Part | None:
    """``(:keyword …)`` of the problem (the last define), by counting parentheses."""
    define = text.rfind("(define")
    at = text.find(f"(:{keyword}", max(define, 0))
    if at < 0:
        return None
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return _Part(at, text[at : i + 1])
    return None


def _atoms(text: str, keyword: str, rng: random.Random) -> Iterator[tuple[int, re.Match[str]]]:
    part = _section(text, keyword)
    if part is not None:
        matches = list(_ATOM.finditer(part.text))
        rng.shuffle(matches)
        for match in matches:
            yield part.start, match


def _each(
    keyword: str, new: Callable[[list[str], str, random.Random], list[str] | None]
) -> Callable[..., Iterator[Edit]]:
    """Replace one atom of a section by the words that ``new`` makes of its words (none: drop it)."""

    def apply(text: str, rng: random.Random) -> Iterator[Edit]:
        for start, match in _atoms(text, keyword, rng):
            words = match[0].strip("() \n").split()
            changed = new(words, text, rng)
            if changed is not None:
                yield replace_at(text, match, f"({' '.join(changed)})" if changed else "", match[0], start)

    return apply


def _objects(text: str) -> list[str]:
    part = _section(text, "objects")
    if part is None:
        return []
    words = part.text[len("(:objects") : -1]
    return re.findall(r"[\w-]+", re.sub(r"-\s+(?:\(either[^)]*\)|[\w-]+)", " ", words))


def _wrong_object(words: list[str], text: str, rng: random.Random) -> list[str] | None:
    objects = _objects(text)
    if len(words) < 2 or len(objects) < 2:
        return None
    index = rng.randrange(1, len(words))
    others = [o for o in objects if o != words[index]]
    return [*words[:index], rng.choice(others), *words[index + 1 :]] if others else None


def _unknown_object(words: list[str], text: str, rng: random.Random) -> list[str] | None:
    return [*words[:-1], words[-1] + "zz"] if len(words) > 1 else None


def _swapped(words: list[str], text: str, rng: random.Random) -> list[str] | None:
    return [words[0], *reversed(words[1:])] if len(set(words[1:])) > 1 else None


def _wrong_predicate(words: list[str], text: str, rng: random.Random) -> list[str] | None:
    same = {m[0].strip("() \n").split()[0] for k in ("init", "goal") for _, m in _atoms(text, k, rng)
            if len(m[0].split()) == len(words)} - {words[0]}  # fmt: skip
    return [rng.choice(sorted(same)), *words[1:]] if same else None


def _duplicate_object(text: str, rng: random.Random) -> Iterator[Edit]:
    part, objects = _section(text, "objects"), _objects(text)
    if part and objects:
        at = part.start + len("(:objects")
        yield Edit(f"{text[:at]} {rng.choice(objects)}{text[at:]}", at, "objects")


def _drop_object(text: str, rng: random.Random) -> Iterator[Edit]:
    part, objects = _section(text, "objects"), _objects(text)
    rng.shuffle(objects)
    for name in objects if part else []:
        assert part is not None
        match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])\s*", part.text)
        if match:
            yield replace_at(text, match, "", name, part.start)


def _lose(character: str) -> Callable[[str, random.Random], Iterator[Edit]]:
    def apply(text: str, rng: random.Random) -> Iterator[Edit]:
        define = max(text.rfind("(define"), 0)
        places = [m.start() for m in re.finditer(re.escape(character), text) if m.start() > define]
        rng.shuffle(places)
        for at in places:
            yield Edit(text[:at] + text[at + 1 :], at)

    return apply


def _double_close(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, match in _atoms(text, "init", rng):
        yield replace_at(text, match, match[0] + ")", match[0], start)


def _bare_keyword(text: str, rng: random.Random) -> Iterator[Edit]:
    define = max(text.rfind("(define"), 0)
    for keyword in rng.sample((":init", ":goal", ":objects"), 3):
        at = text.find(keyword, define)
        if at >= 0:
            yield Edit(text[:at] + keyword[1:] + text[at + len(keyword) :], at, keyword)


def _wrong_domain(text: str, rng: random.Random) -> Iterator[Edit]:
    match = re.search(r"\(:domain\s+[\w-]+\)", text)
    if match:
        yield replace_at(text, match, "(:domain some-other-domain)", ":domain")


def _negated_init(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, match in _atoms(text, "init", rng):
        yield replace_at(text, match, f"(not {match[0]})", match[0], start)


def _negated_goal(text: str, rng: random.Random) -> Iterator[Edit]:
    for start, match in _atoms(text, "goal", rng):
        yield replace_at(text, match, f"(not {match[0]})", match[0], start)


def _operator(name: str, fault: FaultClass, apply: Callable[[str, random.Random], Iterator[Edit]]) -> Operator:
    return Operator(f"pddl.{name}", fault, Formalism.PDDL, apply)


OPERATORS = (
    _operator("lost_close", FaultClass.SYNTAX, _lose(")")),
    _operator("lost_open", FaultClass.SYNTAX, _lose("(")),
    _operator("doubled_close", FaultClass.SYNTAX, _double_close),
    _operator("bare_keyword", FaultClass.SYNTAX, _bare_keyword),
    _operator("missing_argument", FaultClass.TYPING, _each("init", lambda w, t, r: w[:-1] if len(w) > 1 else None)),
    _operator("extra_argument", FaultClass.TYPING, _each("init", lambda w, t, r: [*w, w[-1]] if len(w) > 1 else None)),
    _operator("unknown_object", FaultClass.SCOPE, _each("init", _unknown_object)),
    _operator("unknown_goal_object", FaultClass.SCOPE, _each("goal", _unknown_object)),
    _operator("unknown_predicate", FaultClass.SCOPE, _each("init", lambda w, t, r: [w[0] + "-at-all", *w[1:]])),
    _operator("dropped_object", FaultClass.SCOPE, _drop_object),
    _operator("domain_mismatch", FaultClass.LINT, _wrong_domain),
    _operator("duplicate_object", FaultClass.LINT, _duplicate_object),
    _operator("negated_init", FaultClass.LINT, _negated_init),
    _operator("missing_init_fact", FaultClass.SEMANTIC, _each("init", lambda w, t, r: [])),
    _operator("wrong_init_object", FaultClass.SEMANTIC, _each("init", _wrong_object)),
    _operator("swapped_init", FaultClass.SEMANTIC, _each("init", _swapped)),
    _operator("wrong_init_predicate", FaultClass.SEMANTIC, _each("init", _wrong_predicate)),
    _operator("missing_goal", FaultClass.SEMANTIC, _each("goal", lambda w, t, r: [])),
    _operator("wrong_goal_object", FaultClass.SEMANTIC, _each("goal", _wrong_object)),
    _operator("swapped_goal", FaultClass.SEMANTIC, _each("goal", _swapped)),
    _operator("negated_goal", FaultClass.SEMANTIC, _negated_goal),
)
