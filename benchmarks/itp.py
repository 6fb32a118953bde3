"""Checks per second of a warm Rocq session, against a cold one and against plain coqc per file; memory of the pool.

    .venv/bin/python benchmarks/itp.py [--quick]

Ratios are within one run, statements share a header, each proof is one tactic.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quod.backends.itp.pool import PoolLimits
from quod.backends.rocq.portfolio import default_pool
from quod.backends.rocq.session import RocqSession

HEADER = "Require Import Reals Lra Psatz.\nOpen Scope R_scope.\n"


def statement(number: int) -> tuple[str, str]:
    """A statement and the tactic that proves it."""
    return f"Theorem t{number} (x y : R) : x + {number} = y -> y - x = {number}.", "intros; lra."


def plain(count: int) -> float:
    """Checks per second of coqc, one file each, outside the sandbox."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        for number in range(count):
            stated, tactic = statement(number)
            path = Path(folder) / f"t{number}.v"
            path.write_text(f"{HEADER}{stated}\nProof. {tactic} Qed.\n", encoding="utf-8")
            subprocess.run(["coqc", "-q", str(path)], check=True, capture_output=True)
        return count / (time.monotonic() - started)


def check(session: RocqSession, number: int) -> None:
    """One statement proved in a session."""
    stated, tactic = statement(number)
    for sentence in (stated, tactic, "Qed."):
        reply = session.run(sentence, 20)
        assert reply.ok, reply.output


def cold(count: int) -> float:
    """Checks per second when every check starts its own session."""
    started = time.monotonic()
    for number in range(count):
        session = RocqSession(HEADER)
        check(session, number)
        session.close()
    return count / (time.monotonic() - started)


def warm(count: int) -> tuple[float, float]:
    """Checks per second over a pool, and the pool's peak memory in MiB."""
    pool = default_pool(PoolLimits(sessions=1))
    with pool.lease(HEADER) as session:
        check(session, 0)
    started = time.monotonic()
    for number in range(count):
        with pool.lease(HEADER) as session:
            check(session, number)
    rate = count / (time.monotonic() - started)
    pool.close()
    return rate, pool.stats.peak_mb


def memory(checks: int) -> tuple[float, int, int]:
    """Peak memory in MiB of a pool of two under many checks with three headers, sessions started, sessions retired."""
    pool = default_pool(PoolLimits(sessions=2, uses=20))
    headers = ("Require Import ZArith Lia.\n", "Require Import Reals Lra.\n", "Require Import List Arith Lia.\n")
    for number in range(checks):
        with pool.lease(headers[(number // 10) % len(headers)]) as session:
            session.run(f"Theorem t : forall n : nat, n + {number} = {number} + n.", 20)
            session.run("intros; now rewrite PeanoNat.Nat.add_comm.", 20)
            session.run("Qed.", 20)
    pool.close()
    stats = pool.stats
    return stats.peak_mb, stats.started, stats.retired_age + stats.retired_memory + stats.evicted


def main() -> int:
    """Print the figures; exit 1 if the target of five times plain coqc is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    base = plain(3 if quick else 12)
    alone = cold(2 if quick else 8)
    rate, peak = warm(30 if quick else 120)
    print(f"plain coqc, a file each      {base:8.2f} checks/s   1.0x")
    print(f"cold session, sandboxed      {alone:8.2f} checks/s   {alone / base:.1f}x")
    print(f"warm session from the pool   {rate:8.2f} checks/s   {rate / base:.1f}x   (target 5x)")
    print(f"memory of the one session    {peak:8.0f} MiB")
    checks = 40 if quick else 200
    most, started, retired = memory(checks)
    tail = f"{started} started, {retired} retired"
    print(f"pool of two, {checks} checks, 3 headers: peak {most:.0f} MiB, {tail}")
    return 0 if rate >= 5 * base else 1


if __name__ == "__main__":
    sys.exit(main())
