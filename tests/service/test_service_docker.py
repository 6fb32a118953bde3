"""What can be told of the images without a Docker engine: nothing runs as root, nothing inside is published."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DOCKER = Path(__file__).parents[2] / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SCRIPTS = sorted([*DOCKER.rglob("*.sh")])


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("mem_limit")
    assert "privileged" not in service
    if name != "secrets":  # it hands the files it makes to the group that reads them
        assert not str(service["user"]).startswith(("0", "root"))
        assert service["healthcheck"]["test"]
        assert service.get("cpus")
    assert "docker.sock" not in str(service)


def test_only_the_api_is_published_and_only_on_loopback() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["api"]
    assert SERVICES["api"]["ports"] == ["${QUOD_BIND:-127.0.0.1}:${QUOD_PORT:-8123}:8123"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["back"]


def test_every_image_is_pinned_and_no_secret_is_written_down() -> None:
    for name, service in SERVICES.items():
        tag = service["image"].rpartition(":")[2]
        assert tag != "latest", name
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCKER.rglob("*") if path.is_file())
    assert not re.search(r"(?i)password\s*[:=]\s*['\"]?[A-Za-z0-9]{6,}", text)


def test_redis_keeps_what_it_is_told() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_queues_of_the_workers_cover_all() -> None:
    from quod.workers.states import QUEUES

    served = ",".join(SERVICES[name]["command"][-1] for name in ("worker", "lean-worker")).split(",")
    assert sorted(served) == sorted(QUEUES)


def test_the_image_ends_as_an_unprivileged_user() -> None:
    stages = re.split(r"(?m)^FROM ", (DOCKER / "Dockerfile").read_text(encoding="utf-8"))[1:]
    for stage in stages:
        assert re.findall(r"(?m)^USER (\S+)", stage)[-1] == "10001:10001"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse_and_stop_at_the_first_error(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    shell = "sh" if text.startswith("#!/bin/sh") else "bash"
    subprocess.run([shell, "-n", script], check=True)
    assert re.search(r"^set -eu", text, re.MULTILINE)
    assert os.access(script, os.X_OK)


def test_secrets_are_made_once(tmp_path: Path) -> None:
    for _ in range(2):
        subprocess.run(["sh", DOCKER / "make-secrets.sh", tmp_path], check=True)
        made = {path.name: path.read_text() for path in tmp_path.iterdir()}
        assert sorted(made) == ["postgres_password", "redis.conf", "redis_password"]
    assert len(made["redis_password"]) == 64
    assert made["redis.conf"] == f"requirepass {made['redis_password']}\n"
    first = dict(made)
    subprocess.run(["sh", DOCKER / "make-secrets.sh", tmp_path], check=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == first
    assert (tmp_path / "redis_password").stat().st_mode & 0o007 == 0


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_clean_by_shellcheck(script: Path) -> None:
    if shutil.which("shellcheck") is None:
        message = "shellcheck is not installed (docker/install-system.sh does)"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


KNOWN = {  # of the Compose specification, what we use: a misspelt key would be passed over in silence
    "image", "build", "command", "user", "group_add", "environment", "env_file", "volumes", "tmpfs", "ports",
    "networks", "network_mode", "depends_on", "healthcheck", "restart", "read_only", "cap_drop", "cap_add",
    "security_opt", "logging", "mem_limit", "cpus", "pids_limit", "shm_size", "stop_grace_period", "profiles",
    "ipc", "deploy",
}  # fmt: skip


def merged(*files: str) -> dict[str, Any]:
    """Compose files laid over each other, as `docker compose -f … -f …` does, as far as these tests look."""
    services: dict[str, Any] = {}
    rest: dict[str, Any] = {"networks": {}, "volumes": {}}
    for file in files:
        told = yaml.safe_load((DOCKER / file).read_text(encoding="utf-8"))
        for name, service in told["services"].items():
            services[name] = services.get(name, {}) | service
        for kind, known in rest.items():
            known.update(told.get(kind, {}))
    return {"services": services, **rest}


@pytest.mark.parametrize("files", [("compose.yaml",), ("compose.yaml", "compose.gpu.yaml")], ids=" over ".join)
def test_compose_files_refer_to_what_is_there(files: tuple[str, ...]) -> None:
    whole = merged(*files)
    for name, service in whole["services"].items():
        assert set(service) <= KNOWN, name
        assert ("image" in service) or ("build" in service), name
        for other in service.get("depends_on", {}):
            assert other in whole["services"], name
        for network in service.get("networks", ()):
            assert network in whole["networks"], name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (DOCKER / source).exists(), (name, volume)
        if "build" in service:
            build = service["build"]
            context = (DOCKER / build["context"]).resolve()
            assert re.search(rf"(?m)^FROM \S+ AS {build['target']}$", (context / build["dockerfile"]).read_text())
        assert all(
            re.fullmatch(r"[^$]*(\$\{[A-Z_]+:-[^}]*\}[^$]*)*", str(service.get(k, ""))) for k in ("image", "cpus")
        )
    root = yaml.safe_load((DOCKER.parent / "compose.yaml").read_text(encoding="utf-8"))
    assert root == {"include": ["docker/compose.yaml"]}


def test_the_dockerfile_keeps_to_good_practice() -> None:
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", text).splitlines()
    steps = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    instructions = {"FROM", "ARG", "COPY", "RUN", "ENV", "USER", "WORKDIR", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert {verb for verb, _ in steps} <= instructions  # no ADD, no VOLUME, no misspelling
    stages: set[str] = set()
    for verb, rest in steps:
        if verb == "FROM":
            base, _, stage = rest.partition(" AS ")
            assert base in stages or (":" in base and not base.endswith(":latest"))
            stages.add(stage)
        elif verb in {"CMD", "ENTRYPOINT"}:
            assert isinstance(json.loads(rest), list)  # the exec form: signals reach the process
        elif verb == "COPY":
            assert all((DOCKER.parent / source).exists() for source in rest.split()[:-1])
        elif verb == "RUN" and "apt-get install" in rest:
            assert "--no-install-recommends" in rest
            assert rest.rstrip().endswith("rm -rf /var/lib/apt/lists/*")
        elif verb == "ENV":
            assert not re.search(r"(?i)password|secret|token", rest)


def test_what_the_lean_step_makes_is_where_the_image_looks_for_it() -> None:
    step = (DOCKER / "steps" / "40-lean.sh").read_text(encoding="utf-8")
    home = re.search(r"LEAN_HOME:-([^}]+)", step)
    assert home
    image = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    assert f"QUOD_LEAN_REPL={home[1]}/repl/.lake/build/bin/repl" in image
    assert f"QUOD_LEAN_PROJECT={home[1]}/mathlib4" in image
    assert f"-o quod -g quod -m 0755 {home[1]}" in (DOCKER / "steps" / "30-user.sh").read_text(encoding="utf-8")
    assert len(set(re.findall(r"\bv4\.(?!2\.|32\.)\d+\.\d+\b", step))) == 1  # one Lean version for all three
    assert step.count("sha256sum --check") == 1
