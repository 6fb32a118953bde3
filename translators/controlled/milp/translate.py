"""Word problems of resource allocation in English to a model, or an abstention that names the words."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Coverage, Faithfulness, FaithfulnessLevel, Tally
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization, SourceLink
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.translators.codes import NOT_UNDERSTOOD
from quod.translators.controlled.milp.assemble import Assembled, Row, assemble
from quod.translators.controlled.milp.entities import Entities
from quod.translators.controlled.milp.lexicon import VERBS
from quod.translators.controlled.milp.measuring import divisible
from quod.translators.controlled.milp.naming import beyond, candidates
from quod.translators.controlled.milp.paraphrase import Paraphrase, paraphrase
from quod.translators.controlled.milp.pricing import per_dollar
from quod.translators.controlled.milp.relations import read_relations
from quod.translators.controlled.milp.scanner import class_nouns
from quod.translators.controlled.milp.scruples import scruples, several_aims
from quod.translators.controlled.milp.statements import read
from quod.translators.controlled.milp.tokens import Sentence, sentences
from quod.translators.controlled.milp.wholeness import divided
from quod.translators.controlled.milp.wording import named, plain, symbols

__all__ = ["ControlledMilp", "interpret"]


# "(x1 and x2 are unknown and greater than or equal to 0)": true of all that is counted.
_NO_LESS_THAN_NOTHING = re.compile(
    r"\([^()\d]*(?:x\d[^()\d]*)*(?:greater than or equal to (?:0|zero)|non-?negative)\s*\)", re.IGNORECASE
)


@dataclass
class Interpretation:
    entities: Entities
    model: Assembled
    numbers: int


def interpret(text: str, said_plainly: str) -> tuple[list[Interpretation], list[str], float]:
    """Every complete reading; else the words the best partial one could not read, and the share it read.

    The first grammar reads the text as it is ``said_plainly``.
    """
    said = sentences(_NO_LESS_THAN_NOTHING.sub(lambda m: " " * len(m[0]), said_plainly))
    complete: list[Interpretation] = []
    best: tuple[float, list[str]] = (0.0, [])
    total = sum(1 for s in said for t in s.tokens if t.value is not None)
    for entities in candidates(said):
        nouns = class_nouns(said, entities)
        entities = entities.without(nouns)
        reading = read(said, entities)
        reading.unread += beyond(said, entities, nouns)
        model = assemble(reading, entities, nouns)
        if not model.problems and model.objective:
            complete.append(Interpretation(entities, model, total))
        else:
            share = max(0.0, 1 - len(model.problems) / max(1, total))
            if share > best[0] or not best[1]:
                best = (share, model.problems)
    if not complete:
        complete = _related(text, sentences(text))
    if complete:
        # a name that starts with a verb is a worse guess than one without
        fewest = min(_verbs(i.entities) for i in complete)
        complete = [i for i in complete if _verbs(i.entities) == fewest]
    return complete, best[1], best[0]


def _related(text: str, said: list[Sentence]) -> list[Interpretation]:
    """The complete readings of the grammar of relations."""
    flat = plain(text)
    if scruples(
        re.sub(r"\b(?!(?:one|two|each)\b)([a-z]{3,}) scores? of\b", r"\1 rating of", flat)
    ):  # no score of things
        return []
    if re.search(r"\bin cents\b", text, re.IGNORECASE):  # amounts are read as dollars
        return []
    lettered = symbols(flat)
    stems = Counter(t.stem for s in said for t in s.tokens if t.kind == "word")
    known = frozenset(word for word, n in stems.items() if n > 1)
    dollars = per_dollar(text)
    complete: list[Interpretation] = []
    for entities in [lettered] if lettered else named(sentences(flat)):
        for money in (False, True):
            model, numbers = read_relations(
                flat, entities, money=money, known=known, dollars=dollars, lettered=bool(lettered)
            )
            model.problems += beyond(said, entities, entities.shared)
            if not model.problems:
                complete.append(Interpretation(entities, model, numbers))
    return complete


def _verbs(entities: Entities) -> int:
    return sum(1 for name in entities.names for word in name[:-1] if word.lower() in VERBS)


def _shape(model: Assembled, many: int) -> tuple[object, ...]:
    """The model up to the order of its variables."""
    columns = sorted(
        (model.objective.get(j, Fraction(0)), *(r.terms.get(j, Fraction(0)) for r in model.rows)) for j in range(many)
    )
    return (model.sense, tuple(columns), tuple((r.op, r.right, r.strict, r.loose, r.optional) for r in model.rows))


class ControlledMilp:
    """The deterministic translator of optimization word problems."""

    name = "controlled-milp"
    formalism = Formalism.MILP

    def translate(self, problem: Problem, run: Run) -> Translation:  # noqa: ARG002 - fast, needs no limits
        """A model if exactly one complete reading exists."""
        text = problem.text
        if problem.context or len(text) > 20_000:
            return Translation(
                diagnostics=(NOT_UNDERSTOOD.error("attachments and long texts are not read by this grammar"),)
            )
        plainly = paraphrase(text)
        passed_over = scruples(plainly.text.replace("\\n", "\n")) + several_aims(text)
        if passed_over:
            # reasons and asides taken off, the grammar of relations may find nothing to stop at
            complete = _related(text, sentences(text))
            missing: list[str] = []
            share = 0.9
        else:
            complete, missing, share = interpret(text, plainly.text)
            missing = [plainly.original(words) for words in missing]
        if passed_over and not complete:
            found = [NOT_UNDERSTOOD.error(s.why, source=s.words, hint="say it in plain numbers") for s in passed_over]
            return Translation(diagnostics=tuple(found), understood=0.9)
        shapes = {_shape(i.model, len(i.entities.names)) for i in complete}
        if len(shapes) != 1:
            return Translation(
                diagnostics=tuple(_abstain(missing if not complete else [], len(shapes))), understood=min(share, 0.99)
            )
        low = " ".join(text.lower().split())
        # of equal readings, the one whose names stand in the text as they are, the fullest first
        best = max(
            complete,
            key=lambda i: (sum(" ".join(n).lower() in low for n in i.entities.names), sum(map(len, i.entities.names))),
        )
        return _translation(best, problem, sentences(plainly.text), plainly)


def _abstain(missing: list[str], readings: int) -> list[Diagnostic]:
    if readings > 1:
        return [
            NOT_UNDERSTOOD.error(f"the text can be read in {readings} ways", hint="say plainly what is to be decided")
        ]
    if not missing:
        return [
            NOT_UNDERSTOOD.error("no list of things to decide was found", hint="name them: 'makes chairs and tables'")
        ]
    hint = "one statement a sentence, for instance 'Each table takes 3 hours of labor'"
    return [
        NOT_UNDERSTOOD.error(f"could not read: “{words}”", source=words, hint=hint) for words in dict.fromkeys(missing)
    ][:8]


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _linear(terms: dict[int, Fraction], names: list[str]) -> str:
    parts: list[str] = []
    for j, name in enumerate(names):
        a = terms.get(j, Fraction(0))
        if not a:
            continue
        size = "" if abs(a) == 1 else f"{_number(abs(a))} * "
        sign = ("-" if a < 0 else "") if not parts else ("- " if a < 0 else "+ ")
        parts.append(f"{sign}{size}{name}")
    return " ".join(parts) or "0"


def _identifier(words: tuple[str, ...], taken: set[str]) -> str:
    base = "_".join("".join(c if c.isalnum() else "_" for c in w.lower()) for w in words).strip("_") or "x"
    if not base[0].isalpha() or base in {"in", "for", "if", "where", "and", "or", "not"}:
        base = f"n_{base}"
    name, k = base, 2
    while name in taken:
        name, k = f"{base}_{k}", k + 1
    taken.add(name)
    return name


def _translation(found: Interpretation, problem: Problem, said: list[Sentence], plainly: Paraphrase) -> Translation:
    model, entities = found.model, found.entities
    for row in model.rows:
        row.words = plainly.original(row.words)
    model.goal_words = plainly.original(model.goal_words)
    taken: set[str] = set()
    names = [_identifier(n, taken) for n in entities.names]
    said_divided = divided(problem.text)
    whole = said_divided is False or (
        said_divided is None
        and (
            not (divisible(said, entities) or model.money)
            or "whole number" in problem.text.lower()
            or "integer" in problem.text.lower()
        )
    )
    constraints = []
    links: list[SourceLink] = []
    used: set[str] = set()
    for row in model.rows:
        name, k = row.name, 2
        while name in used:
            name, k = f"{row.name}_{k}", k + 1
        used.add(name)
        item: dict[str, str] = {"name": name, "rule": f"{_linear(row.terms, names)} {row.op} {_number(row.right)}",
                                "kind": row.kind, "words": row.words}  # fmt: skip
        other = _other_reading(row.op, row.strict, row.loose)
        if row.optional:
            item["or"], item["rule"] = f"{_linear(row.terms, names)} > {_number(row.right)}", f"{names[0]} >= 0"
            del item["kind"]
        elif row.distance:
            item["or"] = _distance(row, names)
        elif other and whole and row.strict and "strictly" in row.words.lower():
            item["rule"] = f"{_linear(row.terms, names)} {other} {_number(row.right)}"
            del item["kind"]
        elif other:
            item["or"] = f"{_linear(row.terms, names)} {other} {_number(row.right)}"
        constraints.append(item)
        links.append(_link(name, row.words, problem.text))
    document = {
        "variables": {
            n: {"domain": "integer" if whole else "continuous", "lower": 0, "gloss": " ".join(words)}
            for n, words in zip(names, entities.names, strict=True)
        },
        "objective": {"sense": model.sense, "expression": _linear(model.objective, names), "gloss": model.goal,
                      "words": model.goal_words},
        "constraints": constraints,
    }  # fmt: skip
    links.append(_link("objective", model.goal_words, problem.text))
    text = json.dumps(document, indent=1, ensure_ascii=False)
    formalization = Formalization(formalism=Formalism.MILP, text=text, language="quod-milp", source_map=tuple(links))
    names_tally = Tally(accounted=len(names), total=len(names))
    coverage = Coverage(
        numbers=Tally(accounted=found.numbers, total=found.numbers),
        names=names_tally,
        sentences=Tally(accounted=len(said), total=len(said)),
    )
    faithfulness = Faithfulness(
        level=FaithfulnessLevel.CONTROLLED, coverage=coverage, note="grammar quod.translators.controlled.milp"
    )
    return Translation(formalization=formalization, faithfulness=faithfulness, understood=1.0)


def _other_reading(op: str, strict: bool, loose: bool) -> str:
    """The second way some people read the words: strictly more, exactly twice."""
    if loose:
        return "="
    if strict:
        return {">=": ">", "<=": "<"}[op]
    return ""


def _distance(row: Row, names: list[str]) -> str:
    """The reading in which a difference has no sign: how far apart the two are."""
    there, back = _linear(row.terms, names), _linear({e: -v for e, v in row.terms.items()}, names)
    joint = {"<=": "and", ">=": "or", "=": "or"}[row.op]
    right = _number(row.right)
    return f"{there} {row.op} {right} {joint} {back} {row.op} {right}"


def _link(element: str, words: str, text: str) -> SourceLink:
    start = text.find(words) if words else -1
    if start < 0:
        return SourceLink(element=element, words=words)
    return SourceLink(element=element, words=words, start=start, end=start + len(words))
