"""``quod doctor``: what is at hand, what is missing, and how to get it."""

from __future__ import annotations

import json
import platform
import shutil
import sys

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

import quod
from quod.backends.registry import get_backend, supported
from quod.backends.sandbox import layers
from quod.core.errors import InfrastructureError
from quod.core.model import JsonDict, JsonValue
from quod.core.plain import plain
from quod.core.settings import Settings, get_settings
from quod.translators.registry import with_grammar

__all__ = ["doctor"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--no-model-call", is_flag=True, help="Do not make the tiny round trip to the language model.")
def doctor(as_json: bool, no_model_call: bool) -> int:
    """Report which engines, sandbox layers and models are at hand, and how to get what is missing.

    Exit status: 0 when everything that is not optional is there, 1 otherwise.
    """
    settings = get_settings()
    report: JsonDict = {
        "quod": quod.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "engines": _engines(),
        "sandbox": _sandbox(),
        "grammars": [str(f) for f in with_grammar()],
        "model": _model(settings, call=not no_model_call),
        "runtime": _runtime(settings),
    }
    healthy = _healthy(report)
    report["healthy"] = healthy
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        _show(report)
    return 0 if healthy else 1


def _engines() -> JsonValue:
    return [
        {"formalism": str(formalism), **info.model_dump(mode="json")}
        for formalism in supported()
        for info in get_backend(formalism).engines()
    ]


def _sandbox() -> JsonValue:
    try:
        return [{"layer": layer.name, "active": layer.active, "note": layer.note} for layer in layers()]
    except InfrastructureError as error:
        return [{"layer": "sandbox", "active": False, "note": f"{error.message} [{error.code}]"}]


def _model(settings: Settings, *, call: bool) -> JsonValue:
    from quod.translators.llm import probe_model

    if settings.model is None:
        return {"configured": False, "note": "set QUOD_MODEL and QUOD_MODEL_BASE_URL; see docs/models.md"}
    where = settings.model_base_url or settings.model_provider
    report: JsonDict = {"configured": True, "model": settings.model, "at": where}
    if call:
        report.update(probe_model(settings))
    return report


def _runtime(settings: Settings) -> JsonValue:
    embedded = settings.broker_url.startswith("memory:")
    return {
        "kind": "embedded" if embedded else "distributed",
        "store": "sqlite" if settings.database_url is None else settings.database_url.split(":", 1)[0],
        "home": str(settings.home_dir),
        "disk_free_mb": shutil.disk_usage(sys.prefix).free // 2**20,
    }


def _healthy(report: JsonDict) -> bool:
    engines, model = report["engines"], report["model"]
    assert isinstance(engines, list)
    assert isinstance(model, dict)
    sandbox = report["sandbox"]
    assert isinstance(sandbox, list)
    if any(isinstance(layer, dict) and layer["layer"] == "sandbox" for layer in sandbox):
        return False
    missing = [e for e in engines if isinstance(e, dict) and e["version"] is None and not e["optional"]]
    return not missing and model.get("ok", True) is not False


def _show(report: JsonDict) -> None:
    console = Console(highlight=False)
    console.print(f"quod {report['quod']}, Python {report['python']}, {report['platform']}", markup=False)
    _table(console, "Engines", report["engines"], ["formalism", "name", "version", "licence", "note"])
    _table(console, "Sandbox", report["sandbox"], ["layer", "active", "note"])
    for title in ("model", "runtime"):
        facts = report[title]
        assert isinstance(facts, dict)
        words = ", ".join(f"{key} {value}" for key, value in facts.items())
        console.print(plain(f"{title}: {words}"), markup=False)
    console.print("everything needed is here" if report["healthy"] else "something needed is missing", style="bold")


def _table(console: Console, title: str, rows: JsonValue, columns: list[str]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    assert isinstance(rows, list)
    for row in rows:
        assert isinstance(row, dict)
        table.add_row(*[Text(plain(_cell(row[column]))) for column in columns])
    console.print(table)


def _cell(value: JsonValue) -> str:
    if value is None:
        return "missing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
