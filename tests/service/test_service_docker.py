"""What can be told of the images without a Docker engine: nothing runs as root, nothing inside is published."""

from __future__ import annotations

import os
import re
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
