"""What ``quod doctor`` says about the planners."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, version

from quod.backends.pddl.engines.base import package_dir
from quod.backends.pddl.engines.catalogue import ENGINES
from quod.core.protocols import EngineInfo

__all__ = ["engine_infos"]

_DISTRIBUTION = {
    "up_fast_downward": "up-fast-downward",
    "up_symk": "up-symk",
    "pyperplan": "pyperplan",
    "up_enhsp": "up-enhsp",
    "up_aries": "up-aries",
    "unified_planning": "unified-planning",
}


def engine_infos() -> tuple[EngineInfo, ...]:
    """Every planner, with its version where it is installed."""
    return tuple(
        EngineInfo(
            name=engine.name,
            version=_version(engine.package, engine.program),
            licence=engine.licence,
            optional=engine.optional,
            note=engine.note,
        )
        for engine in ENGINES
    )


def _version(package: str, program: str) -> str | None:
    if package_dir(package) is None or (program and shutil.which(program) is None):
        return None
    try:
        return version(_DISTRIBUTION.get(package, package))
    except PackageNotFoundError:
        return "unknown"
