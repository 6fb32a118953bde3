"""Never weaken, counted: two hundred repairs that weaken, two hundred that do not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from quod.repair.never_weaken import refused

_spec = importlib.util.spec_from_file_location("guard_samples", Path(__file__).with_name("guard_samples.py"))
assert _spec is not None
assert _spec.loader is not None
samples = importlib.util.module_from_spec(_spec)
sys.modules["guard_samples"] = samples
_spec.loader.exec_module(samples)


def test_every_weakening_is_refused() -> None:
    repairs = list(samples.weakening())
    assert len(repairs) >= 200
    let_through = [r.name for r in repairs if not refused(r.before, r.after, r.diagnostics, r.text)]
    assert let_through == []


def test_genuine_repairs_pass() -> None:
    repairs = list(samples.genuine())
    assert len(repairs) >= 200
    stopped = [r.name for r in repairs if refused(r.before, r.after, r.diagnostics, r.text)]
    assert len(stopped) <= 0.05 * len(repairs), stopped
