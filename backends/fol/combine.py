"""A conclusion from what several engines say of each search a question needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from quod.backends.fol import codes
from quod.backends.fol.checker import Rejected, check_model, check_refutation
from quod.backends.fol.fallback import Proof, Word, ask_engines, certify_core
from quod.backends.fol.obligations import assumed, claimed, denied
from quod.backends.fol.syntax import Theory
from quod.core.assurance import Assurance, Claim
from quod.core.diagnostics import Diagnostic
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion

__all__ = ["Combined", "combine"]


@dataclass
class _Part:
    """One search: its outcome, its evidence if the checker accepted some, and who vouches for it."""

    kind: str
    evidence: JsonDict | None = None
    engines: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def assurance(self) -> Assurance:
        if self.evidence is not None:
            return Assurance.CERTIFICATE
        return Assurance.CROSS_CHECKED if len(self.engines) > 1 else Assurance.ENGINE


@dataclass
class Combined:
    """The conclusion, with a payload where every part of it has evidence."""

    conclusion: Conclusion | None
    assurance: Assurance = Assurance.NONE
    payload: JsonDict | None = None
    engines: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    diagnostics: list[Diagnostic] = field(default_factory=list)
    data: JsonDict = field(default_factory=dict)
    why: str = ""


class _Asker:
    def __init__(self, theory: Theory, text: str, facts: JsonDict, found: JsonDict, problem: Problem, run: Run) -> None:
        self.theory, self.text, self.facts, self.run = theory, text, facts, run
        chosen = problem.options.engines
        self.allowed = (lambda name: name in chosen) if chosen else (lambda name: True)
        self.partial = _dict(found.get("partial"))
        self.pieces = _dict(found.get("pieces"))
        self.clash = False
        self.why = ""

    def part(self, extra: tuple[str, ...]) -> _Part:
        """One search, by whoever can decide it."""
        key = extra[0] if extra else ""
        piece = self.pieces.get(key)
        sentences = assumed(self.theory, extra)
        if isinstance(piece, dict) and self.partial.get(key) in {"sat", "unsat"}:
            accepted = self.accepted(extra, str(self.partial[key]), piece)
            if accepted:
                return _Part(str(self.partial[key]), piece, ("quod-ground",))
        word: Word = ask_engines(self.theory, sentences, self.run, self.allowed)
        self.run.cancel.check()
        self.clash = self.clash or word.clash
        self.why = word.why or self.why
        evidence = certify_core(self.text, self.facts, extra, word, self.run)
        if evidence is not None and not self.accepted(extra, "unsat", evidence):
            evidence = None
        return _Part(word.kind, evidence, word.engines, word.proofs)

    def accepted(self, extra: tuple[str, ...], kind: str, piece: JsonDict) -> bool:
        try:
            if kind == "unsat":
                check_refutation(self.theory, assumed(self.theory, extra), piece)
            else:
                check_model(self.theory, assumed(self.theory, extra), piece)
        except Rejected:
            return False
        return True


def _dict(value: JsonValue) -> JsonDict:
    return value if isinstance(value, dict) else {}


def combine(theory: Theory, text: str, facts: JsonDict, found: JsonDict, problem: Problem, run: Run) -> Combined:
    """What can be concluded of a question the search here left open."""
    asker = _Asker(theory, text, facts, found, problem, run)
    result = _entails(asker) if theory.question.kind == "entails" else _choice(asker)
    if asker.clash:
        message = "two engines contradict each other about this text; nothing is concluded from either"
        return Combined(None, diagnostics=[codes.DISAGREE.error(message)], why="engines contradict each other")
    if result.conclusion is None:
        result.why = asker.why or str(found.get("why") or "")
    return result


def _entails(asker: _Asker) -> Combined:
    against, along = asker.part((denied(),)), asker.part((claimed(),))
    kinds = (against.kind, along.kind)
    if kinds == ("unsat", "unsat"):
        alone = asker.part(())
        if alone.kind != "unsat":
            # What refutes both a statement and its negation refutes what they share.
            alone = _Part("unsat", None, tuple(set(against.engines) & set(along.engines)))
        return _made(Conclusion.INCONSISTENT, [alone], ("the premises contradict each other",))
    if kinds == ("unsat", "sat"):
        return _made(Conclusion.PROVED, [against, along], ("the conclusion follows", "the premises are consistent"))
    if kinds == ("sat", "unsat"):
        return _made(Conclusion.DISPROVED, [along, against], ("the negation follows", "the premises are consistent"))
    if kinds == ("sat", "sat"):
        return _made(Conclusion.UNDETERMINED, [along, against], ("it can be true", "it can be false"))
    if "unsat" in kinds:
        proved = against.kind == "unsat"
        conclusion = Conclusion.PROVED if proved else Conclusion.DISPROVED
        result = _made(conclusion, [against if proved else along], ("it follows",))
        result.payload = None
        result.assurance = min((result.assurance, Assurance.CROSS_CHECKED), key=lambda a: a.strength)
        message = "it could not be shown that the premises do not contradict each other"
        result.diagnostics.append(codes.CONSISTENCY_UNKNOWN.warning(message))
        return result
    return Combined(None)


def _choice(asker: _Asker) -> Combined:
    if asker.theory.question.kind != "choice":
        return Combined(None)
    parts = [asker.part((denied(k),)) for k in range(len(asker.theory.question.formulas))]
    if any(p.kind == "unknown" for p in parts):
        return Combined(None)
    holding = [k for k, p in enumerate(parts) if p.kind == "unsat"]
    if len(holding) == len(parts):
        return Combined(None, why="every option follows, so the premises may contradict each other")
    conclusion = Conclusion.UNIQUE if len(holding) == 1 else Conclusion.SEVERAL if holding else Conclusion.NONE
    words = tuple(f"option {s.id}" for s in asker.theory.question.formulas)
    result = _made(conclusion, parts, words)
    names: list[JsonValue] = [asker.theory.question.formulas[k].id for k in holding]
    result.data["answer"] = names[0] if len(names) == 1 else names
    if len(names) == 1:
        result.data["option"] = names[0]
    if result.payload is not None:
        result.payload["holding"] = list(holding)
    return result


def _made(conclusion: Conclusion, parts: list[_Part], words: tuple[str, ...]) -> Combined:
    assurance = min((p.assurance for p in parts), key=lambda a: a.strength)
    evidence: list[JsonValue] = [p.evidence for p in parts if p.evidence is not None]
    complete = len(evidence) == len(parts)
    engines = tuple(dict.fromkeys(e for p in parts for e in p.engines))
    claims = tuple(
        Claim(name=f"part_{i}", words=w, assurance=p.assurance, engines=p.engines)
        for i, (w, p) in enumerate(zip(words, parts, strict=True), start=1)
    )
    payload: JsonDict | None = {"evidence": evidence} if complete else None
    proofs: list[JsonValue] = [
        {"part": w, "engine": proof.engine, "format": proof.format, "text": proof.text}
        for w, p in zip(words, parts, strict=True)
        for proof in p.proofs
        if p.evidence is None
    ]
    return Combined(conclusion, assurance, payload, engines, claims, data={"proofs": proofs} if proofs else {})
