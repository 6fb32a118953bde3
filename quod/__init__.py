"""quod: plain language in, answers with independently checked evidence out.

>>> import quod
>>> answer = quod.solve("Every wumpus is not shy. Rex is a wumpus. True or false: Rex is shy.")
>>> answer.status, answer.conclusion
(<Status.VERIFIED: 'verified'>, <Conclusion.DISPROVED: 'disproved'>)
"""

from __future__ import annotations

from quod.core.answer import Answer, Status
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, ContextItem, Options, Problem

__all__ = ["Answer", "Budget", "ContextItem", "Formalism", "Options", "Problem", "Status", "check", "solve"]
__version__ = "0.1.0"


def solve(
    problem: str | Problem,
    *,
    formalism: Formalism | str | None = None,
    context: tuple[ContextItem, ...] = (),
    budget: Budget | None = None,
    options: Options | None = None,
) -> Answer:
    """Answer a problem stated in plain language.

    Raises InputError for a problem that cannot be one (empty, binary, too long), InfrastructureError if
    something quod depends on is missing. Whatever the engines do is in the Answer.
    """
    from quod.repair import solve as run_pipeline

    if isinstance(problem, str):
        problem = _problem(problem, formalism, context, budget, options)
    return run_pipeline(problem)


def check(
    text: str,
    formalism: Formalism | str,
    *,
    context: tuple[ContextItem, ...] = (),
    budget: Budget | None = None,
    options: Options | None = None,
) -> Answer:
    """Solve and certify a formal text; nothing is translated."""
    from quod.repair import check as run_check
    from quod.repair.given import language_of

    problem = _problem(FORMAL_ONLY, formalism, context, budget, options)
    assert problem.formalism is not None
    formalization = Formalization(formalism=problem.formalism, text=text, language=language_of(problem.formalism, text))
    return run_check(formalization, problem)


def _problem(
    text: str,
    formalism: Formalism | str | None,
    context: tuple[ContextItem, ...],
    budget: Budget | None,
    options: Options | None,
) -> Problem:
    from quod.core.problem import make_problem

    return make_problem(text=text, formalism=formalism, context=context, budget=budget, options=options)
