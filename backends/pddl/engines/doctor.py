"""What ``quod doctor`` says about the planners."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, version

from quod.backends.pddl.engines.base import Engine, package_dir
from quod.backends.pddl.engines.catalogue import ENGINES
from quod.core.protocols import EngineInfo

__all__ = ["engine_infos"]

_DISTRIBUTION = {
    "up_fast_downward": "up-fast-downward",
    "up_symk": "up-symk",
    "pyperplan": "pyperplan",
    "up_enhsp": "up-enhsp",
    "up_aries": "up-aries",
    "up_tamer": "up-tamer",
    "up_lpg": "up-lpg",
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
            note=_note(engine),
        )
        for engine in ENGINES
    )


def _note(engine: Engine) -> str:
    if not engine.asks:
        return engine.note
    how = "accepted" if engine.accepted else f"not run: QUOD_ACCEPT_LICENCES={engine.name.lower()} accepts its licence"
    return f"{engine.note}; {how}"


def _version(package: str, program: str) -> str | None:
    if package_dir(package) is None or (program and shutil.which(program) is None):
        return None
    try:
        return version(_DISTRIBUTION.get(package, package))
    except PackageNotFoundError:
        return "unknown"
