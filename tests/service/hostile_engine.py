"""What an engine taken over by a formal text would try; run in the sandbox in an engine's place."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path


def passwd(_: object) -> str:
    return Path("/etc/passwd").read_text(encoding="utf-8")


def connect(_: object) -> str:
    with socket.create_connection(("127.0.0.1", 9), timeout=2):
        return "connected"


def fork_bomb(_: object) -> str:
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)


def fill_disk(_: object) -> str:
    for number in range(10_000):
        Path(f"file{number}").write_bytes(b"x" * 2**22)
    return "full"


def eat_memory(_: object) -> str:
    held = []
    while True:
        held.append(bytearray(os.urandom(2**20)) * 8)


def never_end(_: object) -> str:
    while True:
        pass
