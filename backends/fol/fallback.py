"""Engines that take over what the search here leaves open: Z3, cvc5 and E, raced and killable.

An engine that refutes names the sentences it used; the search here is then tried again on those alone, so that a
certificate may still be had. Otherwise two engines that share no code have to agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from quod.backends.fol.engines.smt import MAX_PROOF
from quod.backends.fol.family import FAMILY
from quod.backends.fol.smt_writer import smt_script
from quod.backends.fol.syntax import Sentence, Theory
from quod.backends.fol.tptp_writer import tptp_problem
from quod.backends.sandbox import Call, CallResult, Limits, race, run_program, steady
from quod.core.model import JsonDict
from quod.core.run import Run

__all__ = ["Proof", "Word", "ask_engines", "certify_core"]


@dataclass(frozen=True)
class Proof:
    """A refutation as its engine wrote it."""

    engine: str
    format: str
    """``TSTP`` or ``CPC`` (cvc5's Cooperating Proof Calculus)."""
    text: str


@dataclass(frozen=True)
class Word:
    """What engines say of a set of sentences: ``sat``, ``unsat`` or ``unknown``, and which of them said it."""

    kind: str
    engines: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    why: str = ""
    clash: bool = False
    """Whether one said ``sat`` and another ``unsat``."""
    proofs: tuple[Proof, ...] = ()
    """What they wrote as a proof, for whoever has a checker for it; nothing here rests on it."""


def ask_engines(theory: Theory, sentences: dict[str, Sentence], run: Run, allowed: Callable[[str], bool]) -> Word:
    """Ask until two engines agree or time is out."""
    seconds = run.engine_seconds / 2
    limits = Limits.of(run.budget, seconds)
    said: dict[str, tuple[str, tuple[str, ...]]] = {}
    proofs: list[Proof] = []
    why = "no engine decided it"
    script = smt_script(theory, sentences)
    if script is not None:
        text, labels = script
        request: JsonDict = {"script": text, "seconds": max(0.05, seconds * 0.8)}
        calls = []
        if allowed("z3"):
            calls.append(("z3", Call("z3", "quod.backends.fol.engines.smt:z3_solve", request, limits)))
        if allowed("cvc5"):
            # cvc5 looks for finite models or saturates, not both at once.
            for finite in (True, False):
                asked: JsonDict = {**request, "finite": finite}
                calls.append(("cvc5", Call("cvc5", "quod.backends.fol.engines.smt:cvc5_solve", asked, limits)))
        heard: set[str] = set()

        def enough(result: CallResult) -> bool:
            value = result.value if isinstance(result.value, dict) else {}
            if result.ok and value.get("result") in {"sat", "unsat"}:
                heard.add(str(value.get("engine")))
            return len(heard) > 1

        results = race([c for _, c in calls], enough, cancel=run.cancel) if calls else ()
        for (name, _), result in zip(calls, results, strict=False):
            value = result.value if isinstance(result.value, dict) else {}
            word = str(value.get("result", "unknown"))
            if result.ok and word in {"sat", "unsat"}:
                listed = value.get("core")
                core = tuple(labels[str(c)] for c in listed if str(c) in labels) if isinstance(listed, list) else ()
                if isinstance(proof := value.get("proof"), str) and proof:
                    proofs.append(Proof(name, "CPC", proof))
                if said.setdefault(name, (word, core))[0] != word:
                    return Word("unknown", (name,), why=f"{name} contradicts itself", clash=True)
            else:
                why = result.detail or str(result.ended)
    kinds = {word for word, _ in said.values()}
    if len(kinds) < 2 and len(said) < 2 and allowed("eprover"):
        answer = _eprover(theory, sentences, run)
        if answer is not None:
            word, core, proof_text = answer
            said["eprover"] = (word, core)
            if proof_text:
                proofs.append(Proof("eprover", "TSTP", proof_text))
            kinds = {word for word, _ in said.values()}
    if len(kinds) == 2:
        return Word("unknown", tuple(said), why="engines contradict each other", clash=True)
    if not kinds:
        return Word("unknown", why=why)
    kind = kinds.pop()
    core = next((c for _, c in said.values() if c), ())
    return Word(kind, tuple(said), core, proofs=tuple(proofs) if kind == "unsat" else ())


def _eprover(theory: Theory, sentences: dict[str, Sentence], run: Run) -> tuple[str, tuple[str, ...], str] | None:
    """``sat`` or ``unsat``, the sentences used, and the proof in TSTP."""
    problem = tptp_problem(theory, sentences)
    if problem is None:
        return None
    text, labels = problem
    seconds = max(1, int(run.engine_seconds / 2))
    argv = ["eprover", "--auto", "-s", "--proof-object", f"--cpu-limit={seconds}", "--tstp-format", "in.p"]
    result = run_program(
        argv, files={"in.p": text.encode()}, limits=Limits.of(run.budget, seconds + 1.0), cancel=run.cancel
    )
    output = result.stdout.decode(errors="replace")
    status = re.search(r"SZS status (\w+)", output)
    if status is None:
        return None
    if status[1] in {"Unsatisfiable", "Theorem", "ContradictoryAxioms"}:
        used = dict.fromkeys(re.findall(r"file\('in\.p',\s*(a\d+)\)", output))
        proof = re.search(r"# SZS output start CNFRefutation.*?\n(.*?)# SZS output end", output, re.DOTALL)
        kept = proof[1] if proof and len(proof[1]) <= MAX_PROOF else ""
        return "unsat", tuple(labels[u] for u in used if u in labels), kept
    if status[1] in {"Satisfiable", "CounterSatisfiable"}:
        return "sat", (), ""
    return None


def certify_core(text: str, facts: JsonDict, extra: tuple[str, ...], word: Word, run: Run) -> JsonDict | None:
    """A refutation found here from the sentences an engine named, if one is to be had."""
    if word.kind != "unsat" or not word.core:
        return None
    seconds = min(3.0, run.engine_seconds / 2)
    request: JsonDict = {
        "text": text, "facts": facts, "extra": list(extra), "sentences": list(word.core),
        "seconds": max(0.05, seconds * 0.8),
    }  # fmt: skip
    limits = Limits.of(run.budget, seconds)
    result = steady(FAMILY, "quod.backends.fol.engines.ground:refute", request, limits, cancel=run.cancel)
    value = result.value if isinstance(result.value, dict) else {}
    evidence = value.get("evidence")
    return evidence if isinstance(evidence, dict) else None
