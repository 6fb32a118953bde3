"""The automation portfolio: strategies tried on a goal in a live session, cheapest first for its shape.

A strategy is an Ltac of ``tactics/*.v``, named ``p_…`` there. They come in two tiers, so that a statement about
integers does not load the reals. For each shape of goal, the strategies that proved most of such goals among the
development statements come first, the others after them by cost.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quod.backends.itp.pool import PoolLimits, SessionPool
from quod.backends.itp.types import Statement
from quod.backends.rocq.sentences import split, strip_comments
from quod.backends.rocq.session import RocqSession
from quod.core.errors import InfrastructureError
from quod.core.run import Cancel

__all__ = [
    "Found",
    "Tier",
    "default_pool",
    "features",
    "order",
    "preamble",
    "preamble_of",
    "prove",
    "speaks_ssreflect",
    "strategies",
    "tier_of",
    "with_proof",
]

_FOLDER = Path(__file__).parent / "tactics"
_LIBRARIES: tuple[tuple[str, str, str], ...] = (
    # tier, library, what in a tactic needs it (empty: always)
    ("integers", "Coq.ZArith.ZArith", ""),
    ("integers", "Coq.Arith.Arith", ""),
    ("integers", "Coq.micromega.Lia", ""),
    ("integers", "Coq.micromega.ZifyNat", ""),
    ("integers", "Coq.micromega.ZifyN", ""),
    ("integers", "Coq.micromega.ZifyBool", ""),
    ("reals", "Coq.Reals.Reals", ""),
    ("reals", "Coq.micromega.Lra", ""),
    ("reals", "Coq.micromega.Psatz", ""),
    ("reals", "Coq.QArith.QArith", r"\bQ"),
    ("reals", "Coq.nsatz.Nsatz", "nsatz"),
    ("reals", "Coquelicot.Coquelicot", r"\bRtoC\b"),
    ("reals", "Interval.Tactic", r"\binterval\b"),
)
_REAL = re.compile(r"\b(?:Reals|Rdefinitions|Rfunctions|Rbasic_fun|Rpower|Rtrigo\w*|Ranalysis\w*|Raxioms|RIneq|"
                   r"Coquelicot|QArith\w*|Qreals|Lra|Psatz|Interval|Flocq|Znumtheory|R|Q|C)\b")  # fmt: skip
_SSREFLECT = re.compile(r"mathcomp|Coquelicot|Interval|ssreflect")
_MODULE = "QuodTactics"
_REALS_BEGIN = "(* The portfolio for real, rational and complex numbers. *)"
Tier = str
"""``integers`` or ``reals``."""


def tier_of(statement: Statement) -> Tier:
    """Which tier a statement needs."""
    return "reals" if _REAL.search(strip_comments(statement.header + statement.text)) else "integers"


@cache
def _tactic_text(tier: Tier) -> str:
    parts = [(_FOLDER / "integers.v").read_text(encoding="utf-8")]
    if tier == "reals":
        parts.append((_FOLDER / "reals.v").read_text(encoding="utf-8"))
    return "\n".join(parts)


@cache
def strategies(tier: Tier) -> tuple[str, ...]:
    """The strategies of a tier, in the order they are written down."""
    return tuple(re.findall(r"^Ltac (p_\w+)", _tactic_text(tier), re.MULTILINE))


@cache
def preamble(tier: Tier, *only: str, ssreflect: bool = False) -> str:
    """What goes between header and statement: libraries (not imported), and the tactics in a module of their own.

    With ``only``, just the definitions that these strategies need; ``ssreflect``: whether the header has its syntax.
    """
    bodies = {m[1]: t.text for t in split(_tactic_text(tier)) if (m := re.match(r"Ltac ([\w']+)", t.text))}
    wanted = set(bodies)
    if only:
        wanted, todo = set(), re.findall(r"\b[pq]_\w+", " ".join(only))
        while todo:
            name = todo.pop()
            if name in bodies and name not in wanted:
                wanted.add(name)
                todo += re.findall(r"\b[pq]_\w+", bodies[name])
    lines = [text for name, text in bodies.items() if name in wanted]
    used = "\n".join(lines)
    tiers = {"integers", tier}
    libraries = [name for where, name, needs in _LIBRARIES if where in tiers and re.search(needs, used)]
    scope = "R_scope" if tier == "reals" else "nat_scope"
    reals = [t for t in lines if t in _tactic_text(tier).split(_REALS_BEGIN)[-1]] if tier == "reals" else []
    return "\n".join([
        *(f"Require {name}." for name in libraries),
        f"Module {_MODULE}.",
        f"Import {' '.join(libraries)}.",
        # ssreflect's `rewrite` knows neither `by` nor lists; where the header brings it, ours reads the plain one
        *(["Local Unset SsrRewrite."] if ssreflect else []),
        "Local Open Scope nat_scope.",
        *(t for t in lines if t not in reals),
        f"Local Open Scope {scope}.",
        *reals,
        f"End {_MODULE}.",
        f"Import {_MODULE}.",
        "",
    ])  # fmt: skip


def speaks_ssreflect(statement: Statement) -> bool:
    """Whether the statement's header may have loaded ssreflect, which changes bullets and ``rewrite``."""
    return _SSREFLECT.search(statement.header) is not None


def preamble_of(statement: Statement, *only: str) -> str:
    """The preamble that fits between a statement and its header."""
    return preamble(tier_of(statement), *only, ssreflect=speaks_ssreflect(statement))


def with_proof(statement: Statement, strategy: str) -> str:
    """The whole file that proves ``statement`` with one strategy."""
    return f"{statement.header}{preamble_of(statement, strategy)}{statement.text}\nProof.\n  {strategy}.\nQed.\n"


# ---------------------------------------------------------------------------------------------------- the order
def features(statement: Statement) -> frozenset[str]:
    """What a statement looks like, for the order of strategies."""
    text = strip_comments(statement.text)
    last = statement.goal or statement.type
    tests = {
        "real": tier_of(statement) == "reals"
        and bool(re.search(r"\bR\b|sqrt|Rabs|ln\b|\bPI\b|R_scope", statement.header + text)),
        "complex": bool(re.search(r"\bC\b|\bCi\b|C_scope", statement.header + text)),
        "closed": not statement.binders and not statement.quantified,
        "mod": " mod " in text or "divide" in text or "Nat.modulo" in text,
        "exists": "exists" in last or bool(re.search(r"\([^()|]*\|[^()|]*\)|divide", last)),
        "sqrt": "sqrt" in text,
        "abs": "Rabs" in text or "Z.abs" in text,
        "log": bool(re.search(r"\bln\b|Rpower|exp\b", text)),
        "division": "/" in re.sub(r"/\\|\\/", "", text),
        "inequality": bool(re.search(r"[<>]", last.replace("<->", "").replace("->", ""))),
        "function": bool(re.search(r"->\s*(?:R|nat|Z|C)\)?\s*[),:(]", text)),
        "power": bool(re.search(r"\^\s*\(?\s*[a-z]", text)),
    }
    return frozenset(name for name, holds in tests.items() if holds)


_COST = {"p_bounded": 3, "p_bounded2": 6, "p_psatz3": 4, "p_psatz4": 6, "p_exists": 4, "p_residues2": 5, "p_logic": 5,
         "p_instances": 3, "p_rinstances": 3, "p_products": 3, "p_shifts": 2, "p_interval": 2}  # fmt: skip
_PREFERRED: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"complex"}), ("p_complex", "p_lra")),
    (frozenset({"real", "abs"}), ("p_absolute", "p_lra", "p_interval")),
    (frozenset({"real", "log"}), ("p_logs", "p_lra", "p_interval")),
    (frozenset({"real", "sqrt"}), ("p_algebra", "p_interval", "p_nsatz")),
    (frozenset({"real", "division"}), ("p_lra", "p_algebra", "p_nsatz", "p_field")),
    (frozenset({"real", "inequality"}), ("p_lra", "p_nra", "p_psatz2", "p_differences")),
    (frozenset({"real"}), ("p_lra", "p_nra", "p_nsatz", "p_algebra")),
    (frozenset({"mod", "closed"}), ("p_compute", "p_binary", "p_lia")),
    (frozenset({"closed"}), ("p_compute", "p_lia", "p_rational")),
    (frozenset({"mod"}), ("p_lia", "p_quotient", "p_residues", "p_induct_above")),
    (frozenset({"exists"}), ("p_lia", "p_quotient", "p_witness", "p_or", "p_induct_above")),
    (frozenset(), ("p_lia", "p_nia", "p_compute", "p_induct_above", "p_bounded")),
)


def order(statement: Statement) -> tuple[str, ...]:
    """Every strategy of the statement's tier, the likeliest for its shape first."""
    shape = features(statement)
    known = strategies(tier_of(statement))
    first: list[str] = []
    for wanted, names in _PREFERRED:
        if wanted <= shape:
            first += [n for n in names if n in known and n not in first]
    real = "real" in shape or "complex" in shape
    reals = set(strategies("reals")) - set(strategies("integers"))
    rest = [n for n in known if n not in first]
    rest.sort(key=lambda n: ((n in reals) != real, _COST.get(n, 1)))
    return tuple(first + rest)


# ---------------------------------------------------------------------------------------------------- the search
@dataclass(frozen=True)
class Found:
    """A strategy that closed the goal, still to be checked from scratch."""

    strategy: str
    seconds: float
    """Wall-clock seconds of the search."""
    tried: int


def default_pool(limits: PoolLimits | None = None) -> SessionPool[RocqSession]:
    """A pool of sessions keyed by header text."""
    return SessionPool(RocqSession, limits)


class _Queue:
    """Strategies still to try, with a limit each: a short first round, then longer ones for those that ran out."""

    def __init__(self, names: tuple[str, ...], rounds: tuple[float, ...]) -> None:
        self._todo = [(name, rounds[0], 0) for name in names]
        self._rounds = rounds
        self._lock = threading.Lock()
        self.tried = 0

    def take(self) -> tuple[str, float, int] | None:
        with self._lock:
            if not self._todo:
                return None
            self.tried += 1
            return self._todo.pop(0)

    def again(self, name: str, done: int) -> None:
        with self._lock:
            if done + 1 < len(self._rounds):
                self._todo.append((name, self._rounds[done + 1], done + 1))


def prove(
    statement: Statement,
    pool: SessionPool[RocqSession],
    seconds: float,
    *,
    workers: int = 1,
    cancel: Cancel | None = None,
    names: tuple[str, ...] | None = None,
    rounds: tuple[float, ...] = (2.0, 8.0),
) -> Found | None:
    """Search for a strategy that proves ``statement``; None if there is none within ``seconds``.

    Raises InfrastructureError when no session can be had (HeaderRejected when the header is at fault).
    """
    started = time.monotonic()
    deadline = started + seconds
    queue = _Queue(names or order(statement), rounds)
    stop = threading.Event()
    winners: list[str] = []
    errors: list[InfrastructureError] = []

    def work() -> None:
        try:
            for strategy in _attempts(statement, pool, queue, deadline, stop, cancel):
                winners.append(strategy)
                stop.set()
                return
        except InfrastructureError as error:
            errors.append(error)

    threads = [
        # each with the caller's context, so that what it logs carries the job
        threading.Thread(target=copy_context().run, args=(work,), daemon=True, name=f"quod-portfolio-{i}")
        for i in range(workers - 1)
    ]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    if cancel is not None:
        cancel.check()
    if winners:
        return Found(winners[0], time.monotonic() - started, queue.tried)
    if errors:
        raise errors[0]
    return None


def _attempts(
    statement: Statement,
    pool: SessionPool[RocqSession],
    queue: _Queue,
    deadline: float,
    stop: threading.Event,
    cancel: Cancel | None,
) -> Iterator[str]:
    key = statement.header + preamble_of(statement)
    while True:  # again with a fresh session whenever one is lost
        with pool.lease(key, timeout=max(1.0, deadline - time.monotonic())) as session:
            stated = session.run(statement.text, 20.0)
            if not stated.ok:
                raise InfrastructureError(f"Rocq rejects the statement: {stated.error}", code="rocq.statement_fails")
            state = session.state
            while session.alive:
                left = deadline - time.monotonic()
                if stop.is_set() or left < 1 or (cancel is not None and cancel.requested):
                    return
                job = queue.take()
                if job is None:
                    return
                name, limit, done = job
                reply = session.tactic(f"(solve [{name}])", min(limit, left))
                if reply.finished and session.run("Qed.", 20.0).ok:
                    yield name
                    return
                if reply.timed_out or reply.finished:
                    queue.again(name, done)
                session.back_to(state)
