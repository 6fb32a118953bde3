"""The transcript player's program: speaks the REPL's protocol from a script. Standard library only.

Usage: ``python player.py script.json``. The script is a list of ``{"request": …, "answer": "text", "fault": …}``; see
:mod:`quod.backends.lean.transcript`. Requests are matched by value, in order among equals.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def blocks(stream: Any) -> Any:
    """Requests: JSON values separated by blank lines."""
    current: list[str] = []
    for line in stream:
        if line.strip():
            current.append(line)
            continue
        if current:
            yield "".join(current)
            current = []
    if current:
        yield "".join(current)


def act(step: dict[str, Any]) -> None:
    """Give one answer, or fail as the script says."""
    fault = step.get("fault") or {}
    kind = fault.get("kind", "")
    answer = step["answer"]
    if kind == "delay":
        time.sleep(float(fault.get("seconds", 1)))
    elif kind == "hang":
        time.sleep(3600)
    elif kind == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif kind == "exit":
        sys.exit(int(fault.get("status", 1)))
    elif kind == "corrupt":
        at = int(fault.get("at", 1)) % max(1, len(answer))
        answer = answer[:at] + "\x07garbage\n\n" + answer[at:]
    elif kind == "memory":
        hoard = []
        for _ in range(int(fault.get("mib", 4096)) // 16):
            hoard.append(bytearray(os.urandom(1 << 16) * 256))
            time.sleep(0.005)
        time.sleep(3600)
    elif kind == "flood":
        while True:
            sys.stdout.write("x" * 65536)
    if kind == "cut":
        sys.stdout.write(answer[: int(fault.get("at", len(answer) // 2))])
        sys.stdout.flush()
        sys.exit(0)
    sys.stdout.write(answer.rstrip("\n") + "\n\n")
    sys.stdout.flush()


def main() -> None:
    """Answer until the input ends."""
    steps = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    used: set[int] = set()
    for text in blocks(sys.stdin):
        request = json.loads(text, strict=False)
        for index, step in enumerate(steps):
            if index not in used and step["request"] == request:
                used.add(index)
                act(step)
                break
        else:
            sys.stdout.write(json.dumps({"message": "Unknown environment."}) + "\n\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
