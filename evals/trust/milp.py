"""Faults in milp models."""

from __future__ import annotations

import copy
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from quod.core.formalism import Formalism
from quod.evals.trust.mutation import Edit, FaultClass, Operator, replace_at

__all__ = ["OPERATORS"]

_FLIP = {"<=": ">=", ">=": "<="}
_NUMBER = r"(?<![\w.\]])\d+(?:\.\d+)?(?![\w.])"
Change = Callable[[dict[str, Any], random.Random], Iterator[str]]
"""Changes a copy of the model in place and yields the name of the element it touched, once for each way it can."""


def _model(change: Change) -> Callable[[str, random.Random], Iterator[Edit]]:
    """An operator over the parsed model; the text keeps its layout of one element a line."""

    def apply(text: str, rng: random.Random) -> Iterator[Edit]:
        try:
            model = json.loads(text)
        except ValueError:
            return
        for index in range(1000):
            changed = copy.deepcopy(model)
            element = next((name for i, name in enumerate(change(changed, random.Random(index))) if i == 0), None)
            if element is None or index > 40:
                return
            written = _written(changed)
            yield Edit(written, max(written.find(f'"{element}"'), 0), element)

    def shuffled(text: str, rng: random.Random) -> Iterator[Edit]:
        edits = list(apply(text, rng))
        rng.shuffle(edits)
        yield from edits

    return shuffled


def _written(model: dict[str, Any]) -> str:
    return json.dumps(model, indent=1, ensure_ascii=False)


def _rules(model: dict[str, Any], rng: random.Random) -> list[dict[str, Any]]:
    rules = [c for c in model.get("constraints", []) if isinstance(c, dict) and isinstance(c.get("rule"), str)]
    rng.shuffle(rules)
    return rules


def _in_rule(
    pattern: str, new: Callable[[re.Match[str], random.Random], str | None], *, objective: bool = False
) -> Change:
    """Change one match of ``pattern`` in one constraint (or in the objective)."""

    def change(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
        places = [(c, "rule", c.get("name", "")) for c in _rules(model, rng)]
        if objective and isinstance(model.get("objective"), dict):
            places.append((model["objective"], "expression", "objective"))
            rng.shuffle(places)
        for holder, key, name in places:
            matches = list(re.finditer(pattern, holder[key]))
            rng.shuffle(matches)
            for match in matches:
                changed = new(match, rng)
                if changed is not None and changed != match[0]:
                    holder[key] = replace_at(holder[key], match, changed).text
                    yield str(name)
                    return

    return change


def _other_number(match: re.Match[str], rng: random.Random) -> str:
    value = float(match[0])
    return str(rng.choice([n for n in (value + 1, value * 10, value * 2, value + 7) if n != value])).removesuffix(".0")


def _doubled(match: re.Match[str], rng: random.Random) -> str:
    return f"{match[0]} / {match[0]}"


def _variables(model: dict[str, Any]) -> list[str]:
    return list(model.get("variables", {}))


def _swap_coefficients(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    places = [(c, "rule", str(c.get("name", ""))) for c in _rules(model, rng)]
    if isinstance(model.get("objective"), dict):
        places.append((model["objective"], "expression", "objective"))
    rng.shuffle(places)
    for holder, key, name in places:
        found = list(re.finditer(rf"({_NUMBER})\s*\*", holder[key]))
        for a, b in itertools.pairwise(found):
            if a[1] != b[1]:
                text = holder[key]
                holder[key] = text[: a.start(1)] + b[1] + text[a.end(1) : b.start(1)] + a[1] + text[b.end(1) :]
                yield name
                return


def _wrong_variable(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    names = _variables(model)
    if len(names) < 2:
        return
    pattern = rf"\b(?:{'|'.join(map(re.escape, names))})\b"
    yield from _in_rule(pattern, lambda m, r: r.choice([n for n in names if n != m[0]]), objective=True)(model, rng)


def _drop_constraint(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    rules = model.get("constraints", [])
    if rules:
        gone = rules.pop(rng.randrange(len(rules)))
        yield str(gone.get("name", ""))


def _flip_sense(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    objective = model.get("objective")
    if isinstance(objective, dict):
        sense = str(objective.get("sense"))
        objective["sense"] = "min" + sense[3:] if sense.startswith("max") else "max" + sense[3:]
        yield "objective"


def _drop_term(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    yield from _in_rule(rf"\s*[+]\s*(?:{_NUMBER}\s*\*\s*)?[^\W\d]\w*", lambda m, r: "", objective=True)(model, rng)


def _domain(new: str) -> Change:
    def change(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
        names = _variables(model)
        rng.shuffle(names)
        for name in names:
            entry = model["variables"][name]
            if isinstance(entry, dict) and entry.get("domain", "continuous") != new:
                entry["domain"] = new
                yield name
                return

    return change


def _key(section: str, key: str, value: object) -> Change:
    def change(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
        entries = model.get(section)
        if section == "objective" and isinstance(entries, dict):
            entries[key] = value
            yield "objective"
        elif isinstance(entries, dict) and entries:
            name = rng.choice(list(entries))
            if isinstance(entries[name], dict):
                entries[name][key] = value
                yield name

    return change


def _undeclare(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    names = _variables(model)
    if len(names) > 1:
        gone = rng.choice(names)
        del model["variables"][gone]
        yield gone


def _misspell_variable(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    names = [n for n in _variables(model) if len(n) > 1]
    if names:
        pattern = rf"\b(?:{'|'.join(map(re.escape, names))})\b"
        yield from _in_rule(
            pattern, lambda m, r: m[0] + "s" if m[0] + "s" not in names else m[0] + "_z", objective=True
        )(model, rng)


def _crossed_bounds(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    names = _variables(model)
    if names:
        name = rng.choice(names)
        if isinstance(model["variables"][name], dict):
            model["variables"][name].update(lower=10, upper=2)
            yield name


def _empty_rule(model: dict[str, Any], rng: random.Random) -> Iterator[str]:
    for rule in _rules(model, rng)[:1]:
        rule["rule"] = "0 <= 1"
        yield str(rule.get("name", ""))


def _text(pattern: str, new: str) -> Callable[[str, random.Random], Iterator[Edit]]:
    """An operator over the characters of the text."""

    def apply(text: str, rng: random.Random) -> Iterator[Edit]:
        matches = list(re.finditer(pattern, text))
        rng.shuffle(matches)
        for match in matches:
            yield replace_at(text, match, match.expand(new))

    return apply


def _operator(name: str, fault: FaultClass, apply: Callable[[str, random.Random], Iterator[Edit]]) -> Operator:
    return Operator(f"milp.{name}", fault, Formalism.MILP, apply)


OPERATORS = (
    _operator("lost_brace", FaultClass.SYNTAX, _text(r"[}\]]", "")),
    _operator("lost_quote", FaultClass.SYNTAX, _text(r'(?<=[{,:\[\s])"(?=\w)', "")),
    _operator("doubled_operator", FaultClass.SYNTAX, _model(_in_rule(r"[+*]", _doubled, objective=True))),
    _operator("lost_comparison", FaultClass.SYNTAX, _model(_in_rule(r"<=|>=|=", lambda m, _: "<> "))),
    _operator("unknown_domain", FaultClass.TYPING, _model(_domain("whole"))),
    _operator("unknown_sense", FaultClass.TYPING, _model(_key("objective", "sense", "best"))),
    _operator("bound_not_a_number", FaultClass.TYPING, _model(_key("variables", "upper", "plenty"))),
    _operator("rule_without_comparison", FaultClass.TYPING, _model(_in_rule(r"\s*(<=|>=|=).*$", lambda m, _: ""))),
    _operator("misspelt_variable", FaultClass.SCOPE, _model(_misspell_variable)),
    _operator("undeclared_variable", FaultClass.SCOPE, _model(_undeclare)),
    _operator("crossed_bounds", FaultClass.LINT, _model(_crossed_bounds)),
    _operator("empty_constraint", FaultClass.LINT, _model(_empty_rule)),
    _operator("changed_number", FaultClass.SEMANTIC, _model(_in_rule(_NUMBER, _other_number, objective=True))),
    _operator("swapped_coefficients", FaultClass.SEMANTIC, _model(_swap_coefficients)),
    _operator("flipped_comparison", FaultClass.SEMANTIC, _model(_in_rule(r"<=|>=", lambda m, _: _FLIP[m[0]]))),
    _operator("equality_for_bound", FaultClass.SEMANTIC, _model(_in_rule(r"<=|>=", lambda m, _: "="))),
    _operator("dropped_constraint", FaultClass.SEMANTIC, _model(_drop_constraint)),
    _operator("dropped_term", FaultClass.SEMANTIC, _model(_drop_term)),
    _operator("flipped_sense", FaultClass.SEMANTIC, _model(_flip_sense)),
    _operator("integrality_lost", FaultClass.SEMANTIC, _model(_domain("continuous"))),
    _operator("integrality_added", FaultClass.SEMANTIC, _model(_domain("integer"))),
    _operator("wrong_variable", FaultClass.SEMANTIC, _model(_wrong_variable)),
)  # fmt: skip
