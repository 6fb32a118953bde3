"""Aries: temporal planning with concurrency, through unified-planning's serialization. Optional.

unified-planning reads the PDDL in a sandboxed child and writes the protobuf that Aries' binary reads; Aries then
runs as an external program like every other planner.
"""

from __future__ import annotations

import base64
import platform
import re

from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome, package_dir, reason_of
from quod.backends.pddl.plans import Plan, parse_plan
from quod.backends.sandbox import Ended, Limits, call, run_program
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

__all__ = ["ARIES"]

_NAME = "Aries"
_BINARIES = {
    ("Linux", "x86_64"): "up-aries_linux_amd64",
    ("Linux", "aarch64"): "up-aries_linux_arm64",
    ("Darwin", "x86_64"): "up-aries_macos_amd64",
    ("Darwin", "arm64"): "up-aries_macos_arm64",
}
_STEP = re.compile(r"^\s*\d+(?:\.\d+)?\s*:\s*\(.*\)\s*(?:\[\s*\d+(?:\.\d+)?\s*\])?\s*$")


def _run(domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel) -> Outcome:  # noqa: ARG001
    where = package_dir("up_aries")
    binary = _BINARIES.get((platform.system(), platform.machine()))
    if where is None or binary is None or not (where / "bin" / binary).is_file():
        return Outcome(_NAME, _NAME, Found.NOTHING, gave_up=GaveUp.UNSUPPORTED, detail="not installed")
    target = "quod.backends.pddl.engines.aries_child:serialize"
    written = call("up", target, {"domain": domain, "problem": problem}, limits, cancel=cancel)
    value = written.value if written.ok and isinstance(written.value, dict) else {}
    text = value.get("problem")
    if not isinstance(text, str):
        detail = str(value.get("unsupported") or written.detail)
        reason = GaveUp.UNSUPPORTED if written.ok else reason_of(written.ended)
        return Outcome(_NAME, _NAME, Found.NOTHING, seconds=written.seconds, gave_up=reason, detail=detail)
    seconds = max(1, int(limits.wall - written.seconds))
    better = ["--optimal"] if goal is Goal.BETTER else []
    command = [str(where / "bin" / binary), "-l", "error", "solve", *better, "--timeout", str(seconds), "problem.pb"]
    files = {"problem.pb": base64.b64decode(text)}
    result = run_program(command, limits=limits, files=files, cancel=cancel)
    total = written.seconds + result.seconds
    plan = _last_plan(result.stdout.decode(errors="replace"))
    if plan is not None:
        return Outcome(_NAME, _NAME, Found.PLAN, (plan,), seconds=total)
    reason = GaveUp.INCOMPLETE if result.ended is Ended.OK else reason_of(result.ended)
    said = (result.stderr or result.stdout).decode(errors="replace").strip()
    return Outcome(_NAME, _NAME, Found.NOTHING, seconds=total, gave_up=reason, detail=result.detail or said[:300])


def _last_plan(said: str) -> Plan | None:
    """The plan printed last: the block of steps before ``PLAN FOUND``."""
    if "PLAN FOUND" not in said:
        return None
    lines = [line for line in said.rsplit("PLAN FOUND", 1)[0].splitlines() if line.strip()]
    steps: list[str] = []
    for line in reversed(lines):
        if not _STEP.match(line):
            break
        steps.append(line)
    return parse_plan("\n".join(reversed(steps)))


_FEATURES = frozenset(
    "typing negative-preconditions disjunctive-preconditions equality action-costs numeric-fluents "
    "durative-actions duration-inequalities timed-initial-literals".split()
)
ARIES = Engine(
    name=_NAME,
    family=_NAME,
    package="up_aries",
    licence="MIT",
    note="temporal planning; optional: pip install 'quod[aries]'; whole numbers only",
    features=_FEATURES,
    goals=frozenset({Goal.ANY, Goal.BETTER}),
    run=_run,
    optional=True,
)
