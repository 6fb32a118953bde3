"""Benchmark files by hub name, where there is a network: ``hub:OWNER/NAME[@REVISION]/path/to/file``.

The file is fetched once into ``<home>/hub`` and its checksum is kept with every run. ``HF_ENDPOINT`` names another
hub that speaks the same addresses.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx

from quod.core.errors import InfrastructureError, InputError
from quod.core.settings import get_settings

__all__ = ["locate"]

_NAME = re.compile(r"hub:(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)(?:@(?P<revision>[\w.-]+))?/(?P<file>[\w./ -]+)")
_MOST_BYTES = 512 * 2**20


def locate(data: str) -> Path:
    """The path of ``--data``: a path as it is, a hub name fetched. Raises InputError or InfrastructureError."""
    if not data.startswith("hub:"):
        return Path(data)
    match = _NAME.fullmatch(data)
    if match is None or ".." in data:
        raise InputError(
            f"cannot read the hub name '{data}'", hint="hub:OWNER/NAME/FILE or hub:OWNER/NAME@REVISION/FILE"
        )
    revision = match["revision"] or "main"
    kept = get_settings().home_dir / "hub" / match["owner"] / match["name"] / revision / match["file"]
    if not kept.exists():
        hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
        url = f"{hub}/datasets/{match['owner']}/{match['name']}/resolve/{revision}/{match['file']}"
        _fetch(url, kept, data)
    return kept


def _fetch(url: str, kept: Path, name: str) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    scratch = kept.with_name(kept.name + ".part")
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=60) as reply:
            if reply.status_code in {401, 403, 404}:
                raise InputError(
                    f"the hub has no '{name}' that may be read ({reply.status_code})", code="input.not_found"
                )
            reply.raise_for_status()
            size = 0
            with scratch.open("wb") as out:
                for chunk in reply.iter_bytes():
                    size += len(chunk)
                    if size > _MOST_BYTES:
                        raise InputError(f"'{name}' is over {_MOST_BYTES // 2**20} MiB")
                    out.write(chunk)
        scratch.replace(kept)
    except httpx.HTTPError as error:
        hint = "without a network, fetch the file elsewhere and give its path with --data"
        raise InfrastructureError(f"cannot fetch '{name}': {error}", hint=hint) from None
    finally:
        scratch.unlink(missing_ok=True)
