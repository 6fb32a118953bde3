"""FOLIO's gold formulas and published model outputs as formalizations. Nothing is corrected on the way."""

from __future__ import annotations

from typing import Any

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization, SourceLink

__all__ = ["folio_formalization", "logic_lm_formalization"]


def _line(formula: str, words: str) -> str:
    """One line of quod-fol; line breaks and the marks with a meaning there are taken out of the words alone."""
    return f"  {' '.join(formula.split())} ::: {' '.join(words.split())}"


def folio_formalization(row: dict[str, Any]) -> Formalization | None:
    """The gold formulas of a FOLIO row, one a sentence, or None where it has no formula for the question.

    Expects ``premises``, ``question`` and ``gold_fol`` with ``premises`` and ``conclusion``.
    """
    gold = row.get("gold_fol") or {}
    if not gold.get("conclusion"):
        return None
    texts = row["premises"]
    formulas = gold["premises"]
    words = list(texts) if isinstance(texts, list) and len(texts) == len(formulas) else [""] * len(formulas)
    lines = ["premises:", *(_line(f, w) for f, w in zip(formulas, words, strict=True))]
    lines += ["question:", _line(gold["conclusion"], row["question"])]
    links = [SourceLink(element=f"s{i}", words=w) for i, w in enumerate(words, start=1) if w]
    links.append(SourceLink(element="q1", words=row["question"]))
    text = "\n".join(lines) + "\n"
    return Formalization(formalism=Formalism.FOL, text=text, language="quod-fol", source_map=tuple(links))


def logic_lm_formalization(row: dict[str, Any]) -> Formalization:
    """A published model output (``program``) exactly as it stands."""
    return Formalization(formalism=Formalism.FOL, text=row["program"], language="quod-fol")
