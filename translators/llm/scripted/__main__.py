"""``python -m quod.translators.llm.scripted SCRIPT.yaml``: start a scripted model server."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from quod.core.errors import InputError
from quod.translators.llm.scripted.script import Script
from quod.translators.llm.scripted.server import ScriptedServer


def main() -> int:
    """Serve until interrupted. Exit status 2 when the script is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m quod.translators.llm.scripted",
        description="A scripted stand-in for a language model's server (docs/scripted-server.md).",
    )
    parser.add_argument("script", type=Path, help="the script, YAML")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099, help="0 picks a free one")
    parser.add_argument("--log", type=Path, help="write every call to this file when it ends, one JSON object a line")
    arguments = parser.parse_args()
    try:
        script = Script.read(arguments.script)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    server = ScriptedServer(script, host=arguments.host, port=arguments.port)
    sys.stdout.write(f"scripted model at {server.url}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.serve()
    finally:
        if arguments.log:
            lines = (call.model_dump_json() + "\n" for call in server.calls)
            arguments.log.write_text("".join(lines), encoding="utf-8")
        server.stopping.set()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
