"""Running the real command, as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded


@pytest.fixture
def quod_command(tmp_path: Path) -> Callable[..., Ran]:
    """``quod_command("solve", "-", stdin=…, env=…)``: one run of the installed command, from an empty folder."""

    def run(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None, timeout: float = 120) -> Ran:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("QUOD_")}
        done = subprocess.run(
            [str(Path(sys.executable).with_name("quod")), *args],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**clean, "QUOD_HOME": str(tmp_path / "home"), **(env or {})},
            timeout=timeout,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in ran.err, ran.err
        return ran

    return run
