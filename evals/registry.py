"""Which benchmarks there are: one line each, imported when first asked for; and a user's own, by path."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path

from quod.core.errors import InputError, NotFoundError
from quod.evals.benchmark import Benchmark

__all__ = ["benchmark_names", "get_benchmark", "is_path"]

# Each target is ``module:attribute`` of a Benchmark.
_TARGETS = {
    "ar_lsat": "quod.evals.benchmarks.logic:AR_LSAT",
    "complexor": "quod.evals.benchmarks.optimization:COMPLEXOR",
    "dcp_bench": "quod.evals.benchmarks.puzzles:DCP_BENCH",
    "folio": "quod.evals.benchmarks.logic:FOLIO",
    "industryor": "quod.evals.benchmarks.optimization:INDUSTRYOR",
    "llmp": "quod.evals.benchmarks.planning:LLMP",
    "logicaldeduction": "quod.evals.benchmarks.logic:LOGICAL_DEDUCTION",
    "mamo": "quod.evals.benchmarks.optimization:MAMO",
    "minif2f": "quod.evals.benchmarks.proving:MINIF2F",
    "nl4opt": "quod.evals.benchmarks.optimization:NL4OPT",
    "optibench": "quod.evals.benchmarks.optimization:OPTIBENCH",
    "optmath": "quod.evals.benchmarks.optimization:OPTMATH",
    "planbench": "quod.evals.benchmarks.planning:PLANBENCH",
    "prontoqa": "quod.evals.benchmarks.logic:PRONTOQA",
    "proofwriter": "quod.evals.benchmarks.logic:PROOFWRITER",
    "scale": "quod.evals.benchmarks.scale:SCALE",
    "zebralogic": "quod.evals.benchmarks.puzzles:ZEBRALOGIC",
}


def benchmark_names() -> tuple[str, ...]:
    """Every shipped benchmark's name."""
    return tuple(sorted(_TARGETS))


def is_path(name: str) -> bool:
    """Whether a benchmark is named by path (a Python file, or a folder with ``benchmark.py``)."""
    return "/" in name or name.endswith(".py") or (name not in _TARGETS and Path(name, "benchmark.py").is_file())


@cache
def get_benchmark(name: str) -> Benchmark:
    """The benchmark of that name or path. Raises InputError listing those there are."""
    if is_path(name):
        return _load(Path(name))
    if name not in _TARGETS:
        hint = f"the benchmarks are {', '.join(benchmark_names())}; your own: quod eval new NAME"
        raise InputError(f"there is no benchmark '{name}'", hint=hint)
    module, _, attribute = _TARGETS[name].partition(":")
    benchmark: Benchmark = getattr(importlib.import_module(module), attribute)
    return benchmark


def _load(path: Path) -> Benchmark:
    """A user's own benchmark: the attribute BENCHMARK of a Python file they wrote (and so trust)."""
    file = path / "benchmark.py" if path.is_dir() else path
    if not file.is_file():
        raise NotFoundError(f"there is no benchmark at '{path}'", hint="quod eval new NAME makes one")
    name = f"quod_benchmark_{file.resolve().parent.name.replace('-', '_')}_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its graders are pickled by this name
    try:
        spec.loader.exec_module(module)
    except (SyntaxError, ImportError) as error:
        raise InputError(f"'{file}' cannot be loaded: {error}") from None
    benchmark = getattr(module, "BENCHMARK", None)
    if benchmark is None:
        raise InputError(f"'{file}' defines no BENCHMARK")
    loaded: Benchmark = benchmark
    return loaded
