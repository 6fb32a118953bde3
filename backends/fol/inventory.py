"""Which engines the fol backend knows and which are at hand."""

from __future__ import annotations

import shutil
from functools import cache
from importlib import metadata, util

from quod.backends.fol.external import CHECKERS
from quod.core.protocols import EngineInfo

__all__ = ["engines"]


def _installed(module: str, distribution: str) -> str | None:
    if util.find_spec(module) is None:
        return None
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "?"


@cache
def engines() -> tuple[EngineInfo, ...]:
    """Engines known and at hand; none is started to find out."""
    eprover = shutil.which("eprover")
    return (
        EngineInfo(name="quod-ground", version="1", licence="Apache-2.0", note="grounding and SAT; finite models"),
        EngineInfo(name="quod-forward", version="1", licence="Apache-2.0", note="the closure and closed semantics"),
        EngineInfo(name="z3", version=_installed("z3", "z3-solver"), licence="MIT", note="quantifiers, arithmetic"),
        EngineInfo(
            name="cvc5", version=_installed("cvc5", "cvc5"), licence="BSD-3-Clause", note="finite model finding"
        ),
        EngineInfo(name="pysmt", version=_installed("pysmt", "pysmt"), licence="Apache-2.0", note="reading SMT-LIB 2"),
        EngineInfo(
            name="eprover",
            version="installed" if eprover else None,
            licence="GPL-2.0",
            optional=True,
            note="first-order prover; `apt-get install eprover`",
        ),
        *(EngineInfo(name=c.name, version=c.version, licence=c.licence, optional=True, note=c.note) for c in CHECKERS),
    )
