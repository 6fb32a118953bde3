"""The layers: reported as they are, and what is left of the sandbox where some cannot be had."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quod.backends.sandbox import Ended, Limits, call, layers, lockdown, seccomp
from quod.backends.sandbox.pool import Pool

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NAMES = ["network", "files", "processes", "uid", "landlock", "seccomp"]

REPORT = """
import json, sys
from quod.backends.sandbox import Limits, call, layers, run_program
from quod.backends.sandbox.pool import Pool
pool = Pool()
limits = Limits(20.0)
def ask(name, payload=None, **more):
    result = call("plain", "sandbox_targets:" + name, payload, Limits(20.0, **more), pool=pool)
    return [result.ended.value, result.value, result.detail]
try:
    report = {
        "layers": {layer.name: layer.active for layer in layers(pool)},
        "echo": ask("echo", 1),
        "read": ask("read_files", ["/etc/shadow", "/etc/hostname", sys.argv[1]]),
        "write": ask("write_files", [sys.argv[1], "mine"]),
        "sockets": ask("sockets"),
        "daemon": ask("daemon", 60),
        "memory": ask("eat", memory_mb=300),
        "program": run_program(["sh", "-c", "echo hi > f; cat f"], limits=limits, pool=pool).stdout.decode(),
        "capabilities": ask("capabilities"),
    }
    print(json.dumps(report))
finally:
    pool.close()
"""

NO_NAMESPACES = """
import sys
from quod.backends.sandbox import linux, seccomp
seccomp._REFUSED = {name: seccomp._REFUSED[name] for name in ("unshare", "mount")}
linux.no_new_privileges()
seccomp.install()  # as a container engine's own filter does
exec(sys.argv.pop(1))
"""


def _interpreter_for_all() -> str | None:
    """A Python of our version that any user may run: ours, or the system's."""
    ours = Path(sys.executable).resolve()
    if all(parent.stat().st_mode & 0o005 == 0o005 for parent in ours.parents):
        return sys.executable
    other = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin")
    return other if other and Path(other).resolve() != ours else None


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that every user may read and write, as far as permissions go."""
    path = tmp_path / "secret"
    path.write_text("secret")
    path.chmod(0o666)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.name.startswith("pytest-"):
            folder.chmod(0o755)
    tmp_path.chmod(0o755)
    return path


@pytest.fixture
def report(secret: Path) -> Callable[..., dict[str, Any]]:
    """``report(namespaces, as_user)``: what a quod of its own process finds and suffers."""

    def run(*, namespaces: bool, as_user: bool, mode: str = "auto") -> dict[str, Any]:
        python: str | None = sys.executable
        who: dict[str, Any] = {}
        if as_user and os.geteuid() == 0:
            python = _interpreter_for_all()
            if python is None:
                pytest.skip("no Python of our version that an unprivileged user may run")
            who = {"user": 65534, "group": 65534, "extra_groups": []}
        script = [REPORT] if namespaces else [NO_NAMESPACES, REPORT]
        libraries = sysconfig.get_paths()["purelib"]
        ended = subprocess.run(
            [str(python), "-c", *script, str(secret)],
            env={
                "PYTHONPATH": f"{HERE}:{ROOT}:{libraries}",
                "PATH": os.defpath,
                "HOME": "/nonexistent",
                "QUOD_SANDBOX": mode,
            },
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            **who,
        )
        assert ended.returncode == 0, ended.stderr
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    return run


def test_every_layer_is_reported_with_a_note(pool):
    found = layers(pool)
    assert [layer.name for layer in found] == NAMES
    assert all(layer.note for layer in found)


def holds(found: dict[str, Any], secret: Path) -> None:
    """What must be so whatever the layers are, given Landlock and seccomp."""
    assert found["echo"][:2] == ["ok", 1]
    assert found["program"] == "hi\n"
    assert found["memory"][0] == "memory"
    if found["layers"]["landlock"] and found["layers"]["seccomp"]:
        assert "done" not in found["read"][1].values()
        assert found["write"][1] == {str(secret): found["write"][1][str(secret)], "mine": "done"}
        assert found["write"][1][str(secret)] != "done"
        assert set(found["sockets"][1].values()) == {"PermissionError", "done"}
        assert found["sockets"][1]["inet"] == "PermissionError"
        assert found["daemon"][1] == {"session": True, "group": True}
        assert int(found["capabilities"][1], 16) == 0
    assert secret.read_text() == "secret"


def test_an_unprivileged_user_has_a_sandbox(report, secret):
    found = report(namespaces=True, as_user=True)
    assert found["layers"]["uid"] is False
    holds(found, secret)


def test_an_unprivileged_user_without_namespaces_has_a_sandbox(report, secret):
    found = report(namespaces=False, as_user=True)
    assert [found["layers"][name] for name in ("network", "files", "processes", "uid")] == [False] * 4
    holds(found, secret)


def test_root_without_namespaces_has_a_sandbox(report, secret):
    """As in most containers."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    found = report(namespaces=False, as_user=False)
    assert found["layers"]["files"] is False
    holds(found, secret)


def test_limits_hold_with_every_layer_switched_off(report, secret):
    found = report(namespaces=True, as_user=False, mode="rlimits")
    assert found["layers"] == dict.fromkeys(NAMES, False)
    assert found["echo"][:2] == ["ok", 1]
    assert found["memory"][0] == "memory"


def test_require_refuses_where_isolation_cannot_be_had(monkeypatch, pool):
    demanding = Pool(mode="require")
    try:
        result = call("plain", "sandbox_targets:echo", 1, Limits(5.0), pool=demanding)
        active = {layer.name for layer in layers(pool) if layer.active}
        isolated = active & {"network", "seccomp"} and active & {"files", "landlock"}
        assert result.ended is (Ended.OK if isolated else Ended.UNAVAILABLE), result.detail
    finally:
        demanding.close()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_well_formed(machine):
    """Every jump stays inside, and every path ends in a return."""
    code = seccomp._assemble(machine)
    statements = [code[i : i + 8] for i in range(0, len(code), 8)]
    assert len(statements) < 4096
    returns = 0
    for at, statement in enumerate(statements):
        kind, yes, no = int.from_bytes(statement[:2], sys.byteorder), statement[2], statement[3]
        if kind == 0x06:
            returns += 1
        elif kind & 0x07 == 0x05:
            assert at + 1 + max(yes, no) < len(statements)
    assert returns > 40
    assert statements[-1][:2] == (0x06).to_bytes(2, sys.byteorder)


def test_private_places_inside_readable_folders_are_spared(tmp_path):
    for name in ("program/lib", "program/home/keys", "other"):
        (tmp_path / name).mkdir(parents=True)
    readable = [str(tmp_path / "program"), str(tmp_path / "program" / "lib"), str(tmp_path / "other"), "/no/such"]
    private = [str(tmp_path / "program" / "home"), "/no/such/either"]
    assert lockdown._tops(readable, private) == [str(tmp_path / "other"), str(tmp_path / "program" / "lib")]
