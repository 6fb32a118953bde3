"""Which translators are asked, in which order, and what each came back with."""

from __future__ import annotations

from dataclasses import dataclass

from quod.core.diagnostics import Diagnostic
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.repair.codes import AMBIGUOUS_FORMALISM, NO_GRAMMAR
from quod.translators.registry import controlled_translator, with_grammar

__all__ = ["GrammarDraft", "draft_by_grammar"]


@dataclass(frozen=True)
class GrammarDraft:
    """What the deterministic grammars made of a text."""

    formalism: Formalism | None
    """Which grammar read it; on abstention, which came nearest."""
    translation: Translation
    translator: str = ""


def draft_by_grammar(problem: Problem, run: Run) -> GrammarDraft:
    """Ask every grammar that may serve. The one that accounts for the whole text wins.

    Should two formalisms' grammars both account for it, neither is believed: the person must choose. On
    abstention the diagnostics are those of the grammar that understood most, since its complaint is the one
    the person can act on.
    """
    formalisms = (problem.formalism,) if problem.formalism else with_grammar()
    read: list[GrammarDraft] = []
    nearest: GrammarDraft | None = None
    for formalism in formalisms:
        translator = controlled_translator(formalism)
        if translator is None:
            continue
        run.cancel.check()
        translation = translator.translate(problem, run)
        draft = GrammarDraft(formalism, translation, translator.name)
        if translation.formalization is not None:
            read.append(draft)
        elif nearest is None or translation.understood > nearest.translation.understood:
            nearest = draft
    if len(read) == 1:
        return read[0]
    if len(read) > 1:
        return GrammarDraft(None, Translation(diagnostics=(_which(read),), question=_question(read), understood=1.0))
    if nearest is not None:
        return nearest
    if problem.formalism is None:
        raise InputError("no formalism has a grammar")
    missing = NO_GRAMMAR.error(
        f"there is no deterministic translator for {problem.formalism}",
        hint="configure a language model, or give the formal text",
    )
    return GrammarDraft(problem.formalism, Translation(diagnostics=(missing,)))


def _names(read: list[GrammarDraft]) -> str:
    return " and ".join(str(draft.formalism) for draft in read)


def _which(read: list[GrammarDraft]) -> Diagnostic:
    return AMBIGUOUS_FORMALISM.error(
        f"the text can be read as {_names(read)}", hint="say which with the problem's formalism"
    )


def _question(read: list[GrammarDraft]) -> str:
    return f"Is this a problem of {' or of '.join(str(draft.formalism) for draft in read)}?"
