"""Runs in the sandbox: grounding and our own SAT search, over a whole question."""

from __future__ import annotations

from quod.backends.fol.engines.request import no_collection, rows_from_json
from quod.backends.fol.missing import missing_fact
from quod.backends.fol.obligations import assumed
from quod.backends.fol.question import answer
from quod.backends.fol.resolve import parse_document
from quod.backends.fol.search import decide
from quod.core.model import JsonDict, JsonValue

__all__ = ["NAME", "missing", "refute", "solve"]

NAME = "quod-ground"


@no_collection()
def solve(request: JsonDict) -> JsonValue:
    """``{text, facts, seconds}`` to ``{conclusion, payload, partial, why}``."""
    text, seconds = request["text"], request["seconds"]
    assert isinstance(text, str)
    assert isinstance(seconds, int | float)
    theory, _ = parse_document(text, rows_from_json(request.get("facts")))
    if theory is None:
        return {"conclusion": None, "why": "the text cannot be read"}
    found = answer(theory, float(seconds))
    return {
        "conclusion": found.conclusion.value if found.conclusion else None,
        "payload": found.payload,
        "partial": dict(found.partial),
        "why": found.why,
        "pieces": found.pieces,
    }


@no_collection()
def refute(request: JsonDict) -> JsonValue:
    """``{text, facts, extra, sentences, seconds}``: a refutation from the sentences named, if one is found."""
    text, seconds, extra, names = request["text"], request["seconds"], request["extra"], request["sentences"]
    assert isinstance(text, str)
    assert isinstance(seconds, int | float)
    assert isinstance(extra, list)
    assert isinstance(names, list)
    theory, _ = parse_document(text, rows_from_json(request.get("facts")))
    if theory is None:
        return {"evidence": None}
    sentences = assumed(theory, tuple(str(e) for e in extra))
    outcome = decide(theory, {n: s for n, s in sentences.items() if n in names}, float(seconds), rounds=6)
    return {"evidence": outcome.evidence if outcome.kind == "unsat" else None}


@no_collection()
def missing(request: JsonDict) -> JsonValue:
    """``{text, facts, seconds}``: the atom ``[name, constants]`` that would settle the question, or None."""
    text, seconds = request["text"], request["seconds"]
    assert isinstance(text, str)
    assert isinstance(seconds, int | float)
    theory, _ = parse_document(text, rows_from_json(request.get("facts")))
    atom = missing_fact(theory, float(seconds)) if theory is not None else None
    return None if atom is None else [atom.name, [t.name for t in atom.args]]
