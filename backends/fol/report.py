"""The answer in words and in data, made from what the checker accepted."""

from __future__ import annotations

from quod.backends.fol.evaluate import Structure, structure_from_json
from quod.backends.fol.ground import RESERVED
from quod.backends.fol.syntax import Theory
from quod.backends.fol.words import Speaker, listed
from quod.core.model import JsonDict, JsonValue
from quod.core.verdict import Conclusion

__all__ = ["describe", "describe_chain", "describe_word", "used_sentences"]

_LABEL = {
    Conclusion.PROVED: "True",
    Conclusion.DISPROVED: "False",
    Conclusion.UNDETERMINED: "Unknown",
    Conclusion.INCONSISTENT: "inconsistent",
}


def used_sentences(theory: Theory, piece: JsonValue) -> list[str]:
    """The ids of the premises a refutation uses, in the order of the text."""
    names = piece.get("sentences") if isinstance(piece, dict) else None
    used = {str(n) for n in names} if isinstance(names, list) else set()
    return [s.id for s in theory.premises if s.id in used]


def _facts_used(theory: Theory, piece: JsonValue, say: Speaker) -> list[str]:
    from quod.backends.fol.checker import fact_sentences

    names = piece.get("sentences") if isinstance(piece, dict) else None
    listed_names = [str(n) for n in names] if isinstance(names, list) else []
    rows = fact_sentences(theory, [n for n in listed_names if n.startswith(RESERVED)])
    return [say.sentence(s) for s in rows.values()]


def _structure(theory: Theory, piece: JsonValue) -> Structure | None:
    data = piece.get("structure") if isinstance(piece, dict) else None
    return structure_from_json(theory, data) if isinstance(data, dict) else None


def describe(theory: Theory, conclusion: Conclusion, payload: JsonDict) -> tuple[str, JsonDict]:
    """Words and data for a conclusion whose payload was accepted."""
    evidence = payload.get("evidence")
    pieces = evidence if isinstance(evidence, list) else []
    say = Speaker(theory)
    if conclusion is Conclusion.INCONSISTENT:
        return _contradiction(theory, pieces[0], say)
    if theory.question.kind == "entails":
        return _entails(theory, conclusion, pieces, say)
    if theory.question.kind == "choice":
        return _choice(theory, conclusion, payload, pieces, say)
    return _find(theory, conclusion, pieces, say)


def _quoted(words: list[str]) -> str:
    if len(words) > 20:
        return _quoted([*words[:20]]) + f" (and {len(words) - 20} more)"
    return listed([f"“{w.rstrip('.')}”" for w in words])


def _needed(theory: Theory, piece: JsonValue, say: Speaker) -> tuple[list[str], list[str]]:
    ids = used_sentences(theory, piece)
    by_id = {s.id: s for s in theory.premises}
    return ids, [say.sentence(by_id[i]) for i in ids] + _facts_used(theory, piece, say)


def _contradiction(theory: Theory, piece: JsonValue, say: Speaker) -> tuple[str, JsonDict]:
    ids, words = _needed(theory, piece, say)
    text = f"The premises contradict each other, so they settle nothing: {_quoted(words)} cannot all be true."
    return text, {"answer": "inconsistent", "conflict": list(ids), "conflict_words": list(words)}


def _entails(theory: Theory, conclusion: Conclusion, pieces: list[JsonValue], say: Speaker) -> tuple[str, JsonDict]:
    asked = say.sentence(theory.question.formulas[0]).rstrip(".")
    label = _LABEL[conclusion]
    data: JsonDict = {"answer": label}
    if conclusion in {Conclusion.PROVED, Conclusion.DISPROVED}:
        ids, words = _needed(theory, pieces[0], say)
        data |= {"needed": list(ids), "needed_words": list(words)}
        follows = "follows from" if conclusion is Conclusion.PROVED else "is ruled out by"
        why = _quoted(words) if words else "no premise at all: it holds by its form alone"
        if not words and conclusion is Conclusion.DISPROVED:
            why = "its form alone"
        return f"{label}: “{asked}” {follows} {why}.", data
    for name, piece in zip(("true", "false"), pieces, strict=True):
        structure = _structure(theory, piece)
        if structure is not None:
            data[f"example_{name}"] = say.structure(structure)
    text = (
        f"Unknown: the premises leave open whether “{asked}”. They are all true, and so is it, if "
        f"{data.get('example_true')}. They are all true, and it is false, if {data.get('example_false')}."
    )
    return text, data


def _choice(
    theory: Theory, conclusion: Conclusion, payload: JsonDict, pieces: list[JsonValue], say: Speaker
) -> tuple[str, JsonDict]:
    chosen = payload.get("holding")
    holding = [k for k in chosen if isinstance(k, int)] if isinstance(chosen, list) else []
    options = theory.question.formulas
    data: JsonDict = {
        "options": {o.id: ("holds" if k in holding else "does not follow") for k, o in enumerate(options)}
    }
    if conclusion is Conclusion.UNIQUE:
        k = holding[0]
        ids, words = _needed(theory, pieces[k], say)
        data |= {"answer": options[k].id, "option": options[k].id, "needed": list(ids), "needed_words": list(words)}
        text = f"{options[k].id}: “{say.sentence(options[k]).rstrip('.')}” follows from {_quoted(words)}."
        other = next((j for j in range(len(options)) if j != k), None)
        structure = _structure(theory, pieces[other]) if other is not None else None
        if structure is not None and other is not None:
            data["counterexample"] = say.structure(structure)
            text += f" No other option does; {options[other].id}, for one, is false if {data['counterexample']}."
        return text, data
    if conclusion is Conclusion.SEVERAL:
        data["answer"] = [options[k].id for k in holding]
        return f"Several options follow: {listed([options[k].id for k in holding])}.", data
    data["answer"] = None
    return "None of the options follows from the premises.", data


def _find(theory: Theory, conclusion: Conclusion, pieces: list[JsonValue], say: Speaker) -> tuple[str, JsonDict]:
    if conclusion is Conclusion.NONE:
        ids, words = _needed(theory, pieces[0], say)
        text = f"There is no solution: {_quoted(words)} cannot all be true."
        return text, {"answer": None, "conflict": list(ids), "conflict_words": list(words)}
    solutions = [s for p in pieces if (s := _structure(theory, p)) is not None]
    data: JsonDict = {"solutions": [_as_data(theory, s) for s in solutions]}
    if conclusion is Conclusion.UNIQUE:
        data["answer"] = _as_data(theory, solutions[0])
        return f"There is exactly one solution: {say.structure(solutions[0], 60)}.", data
    one, two = (say.structure(s, 30) for s in solutions[:2])
    return f"There are several solutions. One: {one}. Another: {two}.", data


def describe_chain(
    theory: Theory, conclusion: Conclusion, payload: JsonDict, needed: list[str], *, closed: bool
) -> tuple[str, JsonDict]:
    """Words and data for a conclusion reached by running rules forward."""
    say = Speaker(theory)
    by_id = {s.id: s for s in theory.premises}
    words = [say.sentence(by_id[i]) for i in needed]
    data: JsonDict = {"needed": list(needed), "needed_words": list(words)}
    reading = "closed (what cannot be derived is false)" if closed else "closure (rules run forward only)"
    if conclusion is Conclusion.INCONSISTENT:
        text = f"The rules contradict each other, so they settle nothing: {_quoted(words)} lead to opposite results."
        return text, {"answer": "inconsistent", "conflict": list(needed), "conflict_words": list(words)}
    if theory.question.kind == "choice":
        chosen = payload.get("holding")
        holding = [k for k in chosen if isinstance(k, int)] if isinstance(chosen, list) else []
        names = [theory.question.formulas[k].id for k in holding]
        data["answer"] = names[0] if len(names) == 1 else list(names)
        if len(names) == 1:
            data["option"] = names[0]
        return (f"What follows: {listed(names)}." if names else "None of the options follows."), data
    asked = say.sentence(theory.question.formulas[0]).rstrip(".")
    label = _LABEL[conclusion]
    data["answer"] = label
    if conclusion is Conclusion.UNDETERMINED:
        text = f"Unknown: running the rules forward derives neither “{asked}” nor its opposite."
    elif words:
        verb = "follows from" if conclusion is Conclusion.PROVED else "is ruled out by"
        text = f"{label}: “{asked}” {verb} {_quoted(words)}."
    else:
        text = f"{label}: “{asked}”, since nothing derives it and what cannot be derived is false."
        if conclusion is Conclusion.PROVED:
            text = f"{label}: “{asked}” follows since its opposite cannot be derived."
    data["semantics"] = "closed" if closed else "closure"
    return f"{text} Reading: {reading}.", data


def describe_word(theory: Theory, conclusion: Conclusion, engine: str) -> tuple[str, JsonDict]:
    """Words and data for a conclusion that rests on engines and not on evidence."""
    say = Speaker(theory)
    asked = say.sentence(theory.question.formulas[0]).rstrip(".")
    label = _LABEL.get(conclusion, conclusion.value)
    if conclusion is Conclusion.INCONSISTENT:
        return f"The premises contradict each other, so they settle nothing (found by {engine}).", {"answer": label}
    return f"{label}: “{asked}” (found by {engine}).", {"answer": label}


def _as_data(theory: Theory, s: Structure) -> JsonDict:
    functions: dict[str, JsonValue] = {}
    for f in theory.functions.values():
        table = s.functions[f.name]
        functions[f.name] = {",".join(a): v for a, v in table.items()} if f.sorts else table[()]
    predicates: dict[str, JsonValue] = {p: [list(r) for r in sorted(rows)] for p, rows in sorted(s.predicates.items())}
    return {"functions": functions, "predicates": predicates}
