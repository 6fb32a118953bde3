"""A second judge of Lean proofs, where one is installed: SafeVerify, which replays both files' declarations.

It takes the compiled statement (with ``sorry``) and the compiled candidate, adds every declaration of both to a fresh
environment through the kernel (as lean4checker does), and compares statements and axioms: what metaprogramming may have
smuggled into the candidate's environment does not survive that. github.com/GasStationManager/SafeVerify.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from quod.backends.itp.types import CheatKind, FileCheck, Outcome, Statement
from quod.backends.lean import codes
from quod.backends.lean.checker import strip_header, without_imports
from quod.backends.lean.repl import ReplProgram
from quod.backends.lean.statement import holed
from quod.backends.sandbox import Ended, Limits, run_program
from quod.core.run import Cancel

__all__ = ["second_judge"]

_NOT_COMPILED = 77
"""Exit status of the script where the files could not be compiled, so that nothing was judged."""


def second_judge(
    statement: Statement, candidate: str, program: ReplProgram, seconds: float, cancel: Cancel | None = None
) -> FileCheck | None:
    """SafeVerify's word on a candidate the first judge accepted; None where ``QUOD_LEAN_SAFE_VERIFY`` names none.

    A judge that could not run gives a warning and takes nothing back; one that refuses makes the proof a cheat.
    """
    command = os.environ.get("QUOD_LEAN_SAFE_VERIFY", "")
    project = os.environ.get("QUOD_LEAN_PROJECT", "")
    if not command or not project:
        return None
    compiled = 'lake env lean -o "$here/{0}.olean" "$here/{0}.lean"'
    both = f"{compiled.format('Target')} && {compiled.format('Submission')}"
    judging = f'lake env {command} "$here/Target.olean" "$here/Submission.olean"'
    script = f"here=$PWD; cd {shlex.quote(project)} && {both} || exit {_NOT_COMPILED}; exec {judging}"
    body, offset = strip_header(candidate, statement.header)
    submitted = statement.header + (body if offset else without_imports(candidate))
    files = {"Target.lean": holed(statement).encode(), "Submission.lean": submitted.encode()}
    limits = Limits(wall=seconds, memory_mb=program.memory_mb)
    tool = Path(shlex.split(command)[0])
    paths = (*program.read_paths, *((str(tool),) if tool.is_absolute() else ()))
    ran = run_program(["sh", "-c", script], files=files, limits=limits, cancel=cancel, read_paths=paths)
    said = (ran.stdout + ran.stderr).decode(errors="replace").strip()[-600:]
    if ran.ended is not Ended.OK or ran.returncode == _NOT_COMPILED:
        doubt = codes.SECOND_JUDGE_ABSENT.warning("the second judge (SafeVerify) could not be run", hint=said or None)
        return FileCheck(Outcome.PROVED, (doubt,))
    if ran.returncode != 0:
        refused = codes.SECOND_JUDGE_REFUSES.error("the second judge (SafeVerify) refuses the proof", hint=said or None)
        return FileCheck(Outcome.CHEAT, (refused,), cheat=CheatKind.UNSOUND)
    return FileCheck(Outcome.PROVED, (codes.SECOND_JUDGE.info("SafeVerify accepts the proof too"),))
