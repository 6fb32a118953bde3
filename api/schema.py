"""The OpenAPI description as it is published in docs/openapi.json: `python -m quod.api.schema > docs/openapi.json`."""

from __future__ import annotations

import json
import sys

from quod.api.app import create_app
from quod.core.settings import Settings

__all__ = ["openapi_text"]


def openapi_text() -> str:
    """The description, with a line break at the end. The version stays out of it: it changes with every release."""
    described = create_app(Settings(_env_file=None)).openapi()
    described["info"].pop("version", None)
    described["info"]["version"] = "v1"
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_text())
