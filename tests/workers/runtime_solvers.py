"""Solvers for the tests of the runtime: small real functions in the place of the pipeline.

What they do is read from the problem's text, one word and its argument: ``echo hello``, ``sleep 2``, ``steps 5``.
"""

from __future__ import annotations

import time
from pathlib import Path

from quod.core.answer import Answer, Status
from quod.core.budget import Cost
from quod.core.errors import InfrastructureError, InputError
from quod.core.formalization import Formalization
from quod.core.model import JsonValue
from quod.core.problem import Problem
from quod.core.run import Run


def answered(words: str, **data: JsonValue) -> Answer:
    return Answer(
        status=Status.UNVERIFIED,
        statement="said, not checked",
        answer=words,
        data=data,
        cost=Cost(seconds=1.5, money=0.25),
    )


class WordSolver:
    """``trail``: a file that gets a line for each step really computed."""

    def __init__(self, trail: Path | None = None) -> None:
        self.trail = trail

    def _leave(self, line: str) -> None:
        if self.trail:
            with self.trail.open("a", encoding="utf-8") as out:
                out.write(line + "\n")

    def solve(self, problem: Problem, run: Run) -> Answer:
        verb, _, rest = problem.text.partition(" ")
        run.emit("routed", {"formalism": problem.formalism or "fol"})
        match verb:
            case "echo":
                return answered(rest)
            case "sleep":
                deadline = time.monotonic() + float(rest)
                while time.monotonic() < deadline:
                    run.cancel.check()
                    time.sleep(0.01)
                return answered("slept")
            case "steps":
                total = 0
                for number in range(int(rest)):
                    run.cancel.check()
                    total += int(str(run.memo(f"step-{number}", lambda n=number: self._step(n))))
                return answered(f"{total}", total=total)
            case "crash":
                raise RuntimeError("secret detail")
            case "refuse":
                raise InputError("no such thing", hint="say another")
            case "flaky":
                raise InfrastructureError("the model server is down")
            case "stubborn":
                time.sleep(float(rest))
                return answered("stubborn")
            case "route":
                run.emit("routed", {"formalism": rest})
                return answered(f"as {rest}")
            case "ask":
                first, _, clarified = rest.partition("\n")
                if clarified:
                    return answered(clarified)
                if problem.formalism:
                    return answered(f"{first} in {problem.formalism}")
                return Answer(status=Status.NEEDS_CLARIFICATION, statement="two readings", question="Which?")
        raise InputError(f"no verb {verb}")

    def _step(self, number: int) -> int:
        self._leave(f"step-{number}")
        time.sleep(0.15)
        return number

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> Answer:
        if formalization.text == "slow":
            time.sleep(0.5)
        run.emit("solved", {"text": formalization.text[:20]})
        return answered(formalization.text, digest=formalization.digest)
