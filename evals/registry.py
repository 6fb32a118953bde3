"""Which benchmarks there are: one line each, imported when first asked for."""

from __future__ import annotations

import importlib
from functools import cache

from quod.core.errors import InputError
from quod.evals.benchmark import Benchmark

__all__ = ["benchmark_names", "get_benchmark"]

# Each target is ``module:attribute`` of a Benchmark.
_TARGETS = {
    "folio": "quod.evals.benchmarks.logic:FOLIO",
    "llmp": "quod.evals.benchmarks.planning:LLMP",
    "logicaldeduction": "quod.evals.benchmarks.logic:LOGICAL_DEDUCTION",
    "mamo": "quod.evals.benchmarks.optimization:MAMO",
    "minif2f": "quod.evals.benchmarks.proving:MINIF2F",
    "nl4opt": "quod.evals.benchmarks.optimization:NL4OPT",
    "prontoqa": "quod.evals.benchmarks.logic:PRONTOQA",
    "proofwriter": "quod.evals.benchmarks.logic:PROOFWRITER",
}


@cache
def get_benchmark(name: str) -> Benchmark:
    """The benchmark of that name. Raises InputError listing those there are."""
    if name not in _TARGETS:
        raise InputError(f"there is no benchmark '{name}'", hint=f"the benchmarks are {', '.join(benchmark_names())}")
    module, _, attribute = _TARGETS[name].partition(":")
    benchmark: Benchmark = getattr(importlib.import_module(module), attribute)
    return benchmark


def benchmark_names() -> tuple[str, ...]:
    """Every benchmark's name."""
    return tuple(sorted(_TARGETS))
