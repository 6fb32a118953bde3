"""Where the trust bench takes its gold from: texts whose formal text is known to say the same.

For nl4opt, FOLIO, llmp and miniF2F (the Rocq statements that compile) that is their authors' own gold; the proofs are
our own. PrOntoQA and ProofWriter publish none: there the grammar's reading is the gold, which their labels have
confirmed row by row (docs/results.md).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, Options, Problem, make_problem
from quod.core.run import Run
from quod.evals.benchmark import Setting
from quod.evals.gold.itp_honest import STEPS
from quod.evals.registry import get_benchmark
from quod.evals.trust.bench import Gold
from quod.translators.registry import controlled_translator

__all__ = ["SOURCES", "UNSOUND", "golds"]

_BUDGET = Budget(seconds=20, engine_seconds=8)
_PROOF_BUDGET = Budget(seconds=12, engine_seconds=3)


def _authors(benchmark: str, file: str, setting: Setting) -> Callable[[Path], Iterator[Gold]]:
    def load(data: Path) -> Iterator[Gold]:
        for row in get_benchmark(benchmark).rows(data / file, setting):
            case = row.cases[0]
            if case.gold is not None:
                yield Gold(f"{benchmark}/{row.id}", case.problem, case.gold)

    return load


def _grammars(benchmark: str, file: str) -> Callable[[Path], Iterator[Gold]]:
    def load(data: Path) -> Iterator[Gold]:
        translator = controlled_translator(Formalism.FOL)
        assert translator is not None
        for row in get_benchmark(benchmark).rows(data / file, Setting("controlled", Options(translator="controlled"))):
            problem = row.cases[0].problem
            reading = translator.translate(problem, Run(budget=_BUDGET))
            if reading.formalization is not None:
                yield Gold(f"{benchmark}/{row.id}", reading.problem or problem, reading.formalization)

    return load


def _statements(data: Path) -> Iterator[Gold]:
    """miniF2F's Rocq statements that compile, without proofs: what is judged is the statement, and what the
    automation makes of it in the little time it is given."""
    for line in (data / "minif2f" / "rocq_valid.jsonl").read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        if raw.get("compiles_coq_8_16"):
            text = f"{raw['header']}{raw['formal_statement']}\n"
            stated = Formalization(formalism=Formalism.ROCQ, language="rocq", text=text)
            problem = make_problem(text=raw["informal_statement"], formalism=Formalism.ROCQ)
            yield Gold(f"minif2f/{raw['name']}", problem, stated)


def _proofs(_: Path) -> Iterator[Gold]:
    """Our own Rocq statements with honest proofs of several steps."""
    for honest in STEPS:
        stated = Formalization(formalism=Formalism.ROCQ, language="rocq", text=honest.candidate)
        yield Gold(f"proofs/{honest.name}", make_problem(text=FORMAL_ONLY, formalism=Formalism.ROCQ), stated)


_GOLD = Setting("gold", Options(translator="controlled"))
SOURCES: dict[str, Callable[[Path], Iterator[Gold]]] = {
    "nl4opt": _authors("nl4opt", "nl4opt/dev.jsonl", _GOLD),
    "folio": _authors("folio", "folio/gold.jsonl", _GOLD),
    "prontoqa": _grammars("prontoqa", "prontoqa/dev.jsonl"),
    "proofwriter": _grammars("proofwriter", "proofwriter/dev.jsonl"),
    "blocksworld": _authors("llmp", "llmp/blocksworld/problems.jsonl", _GOLD),
    "grippers": _authors("llmp", "llmp/grippers/problems.jsonl", _GOLD),
    "barman": _authors("llmp", "llmp/barman/problems.jsonl", _GOLD),
    "minif2f": _statements,
    "proofs": _proofs,
}
"""By name; each yields the golds of a data folder."""


UNSOUND = {
    "nl4opt/nl4opt-dev--106908195": "asks for 1000 of each; the words say 1000 'in any combination'",
    "nl4opt/nl4opt-dev--1379231929": "the new accounts are missing: a constraint reads 0 >= 1200",
    "nl4opt/nl4opt-dev-1962552394": "asks for 20 shifts in all; the words say 20 of dentists",
    "nl4opt/nl4opt-dev--996226930": "the 500 passengers that a train can carry are no constraint",
    "nl4opt/nl4opt-dev-137282577": "the 45 guests of a coin-based system are missing from the guests per hour",
    "nl4opt/nl4opt-dev-558300309": "asks for 20 shifts in all; the words say 20 of dentists",
    "nl4opt/nl4opt-dev-141730788": "the orders per day are missing: a constraint reads 0 >= 150000",
    "nl4opt/nl4opt-dev--641246185": "maximizes the units; the words say the square feet, 1000 and 800 a unit",
    "nl4opt/nl4opt-dev-471112257": "the 150 sets of a small line are missing from the sets of clothing",
    "nl4opt/nl4opt-dev-709701618": "that there must be more escalators than elevators is no constraint",
    "folio/folio-validation-0002": "a formula has a closing parenthesis too many",
    **dict.fromkeys(
        (f"folio/folio-validation-000{n}" for n in (3, 4, 5)),
        "scheduling meetings is 'Meeting' here and 'Meetings' there",
    ),
    **dict.fromkeys(
        (f"folio/folio-validation-0{n}" for n in range(199, 204)),
        "being a football player is 'FootballPlayer' here and 'Footballplayer' there",
    ),
    "folio/folio-validation-0119": "the question leaves out that the cove is in Antarctica",
    "folio/folio-validation-0087": "the question is another one: who appears in a movie is a good guy",
    **dict.fromkeys(
        (f"folio/folio-validation-0{n}" for n in (173, 174, 175)),
        "seven sentences and six formulas; one is about Marcy, whom no sentence names",
    ),
}
"""Golds that are left out because they do not say what their words say."""


def golds(
    data: Path, *, most: int | Mapping[str, int], seed: int = 0, sources: tuple[str, ...] = tuple(SOURCES)
) -> Iterator[Gold]:
    """At most ``most`` golds of each source (or as many as it says for each), chosen by ``seed``."""
    for name in sources:
        if name not in SOURCES:
            raise InputError(f"there is no source '{name}'", hint=f"the sources are {', '.join(SOURCES)}")
        found = [gold for gold in SOURCES[name](data) if gold.id not in UNSOUND]
        random.Random(seed).shuffle(found)
        for gold in islice(found, most if isinstance(most, int) else most.get(name, 0)):
            # whether a plan is the best is not what is measured here, and costs a search for each mutant
            options = gold.problem.options.model_copy(update={"optimal": False})
            budget = _PROOF_BUDGET if gold.formalization.formalism is Formalism.ROCQ else _BUDGET
            problem = gold.problem.model_copy(update={"budget": budget, "options": options})
            yield Gold(gold.id, problem, _laid_out(gold.formalization, problem))


def _laid_out(formalization: Formalization, problem: Problem) -> Formalization:
    """JSON with one element a line, as the operators write it, so that gold and mutant differ in the fault alone.

    NL4Opt's declarations do not say what must be whole; where the grammar reads the words, it says (kilograms and
    hours need not be), else every quantity is taken as whole.
    """
    if formalization.formalism is not Formalism.MILP:
        return formalization
    model = json.loads(formalization.text)
    domains = _domains(problem)
    only = next(iter(domains.values())) if len(set(domains.values())) == 1 else None
    for entry in model["variables"].values():
        domain = domains.get(entry.get("gloss"), only)
        if domain is not None:
            entry["domain"] = domain
    return formalization.model_copy(update={"text": json.dumps(model, indent=1, ensure_ascii=False)})


def _domains(problem: Problem) -> dict[str, str]:
    """What each quantity ranges over, by its gloss, as the grammar reads it; empty where it cannot."""
    translator = controlled_translator(Formalism.MILP)
    assert translator is not None
    reading = translator.translate(problem, Run(budget=_BUDGET)).formalization
    if reading is None:
        return {}
    variables = json.loads(reading.text)["variables"]
    return {v["gloss"]: v["domain"] for v in variables.values() if "gloss" in v and "domain" in v}
