"""From a problem to an answer: route, translate, check, judge, and repair what fails.

The two ways in are :func:`solve` (plain language) and :func:`check` (formal text). Both return an Answer for
whatever the text or the engines do; they raise only Cancelled, InputError and InfrastructureError.
"""

from quod.repair.pipeline import check, solve

__all__ = ["check", "solve"]
