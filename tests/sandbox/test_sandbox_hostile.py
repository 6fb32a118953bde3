"""Engines that mean harm: what they reach for, they do not get; what they start, does not stay."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quod.backends.sandbox import Ended, Limits, call, layers
from quod.backends.sandbox.pool import Pool
from quod.core.settings import get_settings


@pytest.fixture(scope="session")
def active(pool: Pool) -> set[str]:
    """The layers this machine has."""
    return {layer.name for layer in layers(pool) if layer.active}


def need(active: set[str], *names: str) -> None:
    if not active & set(names):
        pytest.skip(f"this machine has none of: {', '.join(names)}")


def family_of(pool: Pool) -> list[int]:
    """Every process of the pool's plain zygote: each was forked from it and has its folder on the command line."""
    base = os.fsencode(pool.zygote("plain").base)
    found = []
    for entry in Path("/proc").glob("[1-9]*/cmdline"):
        try:
            if base in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def settled(pool: Pool, before: list[int]) -> bool:
    """Whether the zygote's family is what it was, given a moment for the dying to die."""
    deadline = time.monotonic() + 20
    while set(family_of(pool)) - set(before):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# -- files ------------------------------------------------------------------------------------------------------------
def test_secret_files_cannot_be_read(engine, active):
    need(active, "files", "landlock", "uid")
    assert engine("read_files", ["/etc/shadow"]).value == {"/etc/shadow": "PermissionError"}


@pytest.fixture
def secretive_pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Pool, list[Path]]]:
    """A pool of a quod whose home, working folder and user's home all hold a secret that any user may read."""
    home, work, user = tmp_path / "quod-home", tmp_path / "work", tmp_path / "user"
    secrets = [home / "key", work / ".env", user / ".ssh" / "id"]
    for path in secrets:
        path.parent.mkdir(parents=True)
        path.write_text("secret")
        path.chmod(0o644)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() != "root" or folder.name.startswith("pytest-"):
            folder.chmod(0o755)
    monkeypatch.setenv("QUOD_HOME", str(home))
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("QUOD_MODEL_API_KEY", "sk-very-secret")
    monkeypatch.chdir(work)
    get_settings.cache_clear()
    pool = Pool()
    yield pool, secrets
    pool.close()
    get_settings.cache_clear()


def test_planted_secrets_cannot_be_read_or_overwritten(secretive_pool, active):
    need(active, "files", "landlock")
    pool, secrets = secretive_pool
    paths = [str(p) for p in secrets]
    for target in ("read_files", "write_files"):
        result = call("plain", f"sandbox_targets:{target}", paths, Limits(10.0), pool=pool)
        assert set(result.value) == set(paths)
        assert set(result.value.values()) <= {"FileNotFoundError", "PermissionError", "NotADirectoryError", "OSError"}
    assert [p.read_text() for p in secrets] == ["secret"] * 3


def test_secrets_in_the_environment_stay_there(secretive_pool, active):
    pool, _ = secretive_pool
    own = call("plain", "sandbox_targets:environment", None, Limits(10.0), pool=pool).value
    assert set(own) == {"PATH", "HOME", "TMPDIR", "LANG"}
    need(active, "processes", "landlock", "uid")
    others = call("plain", "sandbox_targets:other_environments", None, Limits(10.0), pool=pool)
    assert others.ok
    assert "sk-very-secret" not in others.value


def test_nothing_outside_the_scratch_folder_can_be_written(engine, active, tmp_path):
    need(active, "files", "landlock", "uid")
    code = Path(__file__)
    targets = [str(tmp_path / "x"), "/etc/quod-test", "/usr/quod-test", "/dev/shm/quod-test", str(code)]
    text = code.read_text()
    result = engine("write_files", targets)
    assert "done" not in result.value.values()
    assert code.read_text() == text
    assert engine("write_files", ["own-file", "/dev/null"]).value == {"own-file": "done", "/dev/null": "done"}


def test_no_descriptor_of_ours_is_open_in_a_child(engine):
    assert engine("open_descriptors").value == []


# -- network ----------------------------------------------------------------------------------------------------------
def test_sockets_cannot_be_opened(engine, active):
    need(active, "seccomp")
    assert engine("sockets").value == {
        "inet": "PermissionError",
        "inet6": "PermissionError",
        "unix": "PermissionError",
        "netlink": "PermissionError",
        "datagram pair": "PermissionError",
        "stream pair": "done",
    }


def test_a_listening_server_on_this_machine_is_out_of_reach(engine, active):
    need(active, "network", "seccomp")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass  # so it is there
        assert engine("connect_to", port).value != "done"


# -- processes --------------------------------------------------------------------------------------------------------
def test_a_fork_bomb_ends_with_its_call(engine, pool):
    before = family_of(pool)
    result = engine("fork_bomb", wall=3.0, processes=32)
    assert result.ended in {Ended.CRASHED, Ended.TIMEOUT}
    assert settled(pool, before)


@pytest.mark.parametrize("target", ["daemon", "daemon_and_wait"])
def test_a_daemon_ends_with_its_call(engine, pool, target):
    before = family_of(pool)
    engine(target, 60, wall=1.0)
    assert settled(pool, before)


def test_the_process_group_cannot_be_left(engine, active):
    need(active, "seccomp")
    assert engine("daemon", 1).value == {"session": True, "group": True}


def test_a_daemon_ends_with_its_call_even_where_only_limits_are_had(pool):
    """Without seccomp it does leave the group; its zygote still finds it, as the reaper of orphans."""
    plain = Pool(mode="rlimits")
    try:
        before = family_of(plain)
        result = call("plain", "sandbox_targets:daemon", 60, Limits(5.0), pool=plain)
        assert result.ended is Ended.OK
        assert settled(plain, before)
        call("plain", "sandbox_targets:daemon_and_wait", 60, Limits(1.0), pool=plain)
        assert settled(plain, before)
    finally:
        plain.close()


def test_other_processes_cannot_be_killed(engine, active):
    need(active, "processes", "landlock", "uid")
    result = engine("kill_processes", [os.getpid()])
    assert result.value[str(os.getpid())] in {"ProcessLookupError", "PermissionError"}


def test_the_zygote_cannot_be_killed_by_its_child(engine, active, pool):
    need(active, "processes", "landlock", "uid")
    before = pool.zygote("plain").process
    assert engine("kill_parent").value in {"PermissionError", "done"}  # as its namespace's init it ignores the signal
    assert engine("echo", 1).ok
    assert pool.zygote("plain").process is before


def test_children_have_uids_of_their_own(engine, active):
    need(active, "uid")
    uids = {engine("uid").value for _ in range(3)}
    assert len(uids) == 3
    assert min(uids) > 1000


def test_the_kernel_is_not_theirs_to_administer(engine, active):
    need(active, "seccomp")
    answers = engine("kernel").value
    assert set(answers.values()) == {"Operation not permitted"}
    assert int(engine("capabilities").value, 16) == 0


# -- disk -------------------------------------------------------------------------------------------------------------
def test_the_disk_cannot_be_filled(engine, pool):
    result = engine("fill_disk", wall=30, disk_mb=100)
    assert result.ended is Ended.CRASHED
    assert "files" in result.detail
    assert list(pool.zygote("plain").base.iterdir()) == []


def test_one_file_cannot_be_too_large(engine):
    assert engine("fill_one_file", disk_mb=32).value == "OSError"


def test_too_many_files_end_a_call(engine):
    result = engine("many_files", 10_500, wall=30)
    assert result.ended is Ended.CRASHED
    assert "files" in result.detail


def test_a_program_started_by_an_engine_is_as_locked_in(engine, active):
    need(active, "seccomp")
    code = "import socket\ntry:\n socket.socket()\nexcept OSError as e:\n print(type(e).__name__)"
    assert engine("run_python", code).value == "PermissionError\n"
