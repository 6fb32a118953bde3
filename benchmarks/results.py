"""Runs every section of docs/results.md and writes the page.

Each section runs in a process of its own and its figures are kept under results/, so that a run that was stopped
goes on where it was; the page keeps what it says of sections that were measured elsewhere. ``--smoke`` measures a
seeded sample instead, writes nothing to docs/, and fails if a section fails or misses its target grossly. ``--only
NAME`` runs some sections; ``--fresh`` forgets what was kept.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import quod
from quod.evals.sections import Sample, Section

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "results" / "sections"
SMOKE_EACH = 150.0
"""Seconds after which a section of the smoke run counts as hung, and fails: its sample is made to take under 30."""
SMOKE_ALL = 300.0
"""Seconds after which the smoke run starts no further section."""
RUNNING: set[subprocess.Popen[str]] = set()
SHARED = ROOT.parent / "shared" / "data"


def all_sections() -> list[Section]:
    """Every section of benchmarks/sections, in the order of their files."""
    found: list[Section] = []
    for path in sorted((ROOT / "benchmarks" / "sections").glob("[a-z]*.py")):
        spec = importlib.util.spec_from_file_location(f"sections_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        found += module.sections()
    return found


def run_one(name: str, smoke: bool, seed: int) -> None:
    """Run one section in this process and print its figures as JSON on the last line."""
    section = next(s for s in all_sections() if s.name == name)
    limit = section.smoke_limit if smoke else None
    figures = section.run(Sample(limit=limit, seed=seed, data=SHARED))
    kept = {"values": figures.values, "markdown": figures.markdown, "met": figures.met, "notes": list(figures.notes)}
    if figures.seconds is not None:
        kept["seconds"] = round(figures.seconds, 1)
    print(json.dumps(kept))


def kept_figures(section: Section) -> dict[str, object] | None:
    """The figures of a full run that was finished earlier."""
    kept = KEPT / f"{section.name}.json"
    if not kept.exists():
        return None
    loaded: dict[str, object] = json.loads(kept.read_text())
    return loaded


def measure(section: Section, smoke: bool, seed: int, fresh: bool) -> dict[str, object]:
    """The figures of a section: kept ones, or measured now in a process of its own."""
    kept = KEPT / f"{section.name}{'.smoke' if smoke else ''}.json"
    if not fresh and not smoke and (found := kept_figures(section)):
        return found
    command = [sys.executable, __file__, "--one", section.name, "--seed", str(seed), *(["--smoke"] if smoke else [])]
    started = time.monotonic()
    # a session of its own, so that a hung section goes with all it started
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        RUNNING.add(running)
        try:
            printed, _ = running.communicate(timeout=SMOKE_EACH if smoke else None)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            return {"failed": "cut off", "seconds": round(time.monotonic() - started, 1)}
        finally:
            RUNNING.discard(running)
    seconds = round(time.monotonic() - started, 1)
    if running.returncode != 0:
        return {"failed": f"exit status {running.returncode}", "seconds": seconds}
    result: dict[str, object] = {"seconds": seconds, **json.loads(printed.strip().splitlines()[-1])}
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result))
    return result


def said(page: str) -> dict[str, str]:
    """What a page says of each section, by title."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)[1:]
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def page(sections: list[Section], results: dict[str, dict[str, object]], before: str) -> str:
    """docs/results.md. What was not measured on this machine stays as the page says it."""
    stands = said(before)
    minutes = sum(_seconds(s, results, stands) * s.cores for s in sections) / 2 / 60
    lines = [
        "# Results",
        "",
        f"Measured by `make results` with quod {quod.__version__}, Python {platform.python_version()}, on 2 cores,",
        f"in {minutes:.0f} minutes in all (sections that keep one core busy run two at a time).",
        "Development splits only; each section states its target. Labels known to be wrong are listed, not hidden.",
    ]
    for section in sections:
        result = results[section.name]
        lines += ["", f"## {section.title}", ""]
        if _stays(section, results, stands):
            lines.append(stands[section.title])
            continue
        if "failed" in result:
            lines.append(f"*Not measured: {result['failed']}.*")
            continue
        met = {True: "target met", False: "**target missed**", None: "no target"}[result["met"]]  # type: ignore[index]
        lines += [str(result["markdown"]), "", f"*{met}; measured in {result['seconds']} s (`{section.name}`).*"]
        notes = result.get("notes")
        assert isinstance(notes, list)
        lines += [f"- {note}" for note in notes]
    return "\n".join(lines) + "\n"


def _stays(section: Section, results: dict[str, dict[str, object]], stands: dict[str, str]) -> bool:
    return "failed" in results[section.name] and "measured in" in stands.get(section.title, "")


def _seconds(section: Section, results: dict[str, dict[str, object]], stands: dict[str, str]) -> float:
    spent = str(results[section.name].get("seconds", 0))
    if _stays(section, results, stands):
        spent = re.findall(r"measured in ([\d.]+) s", stands[section.title])[-1]
    return float(spent)


def main() -> int:
    """Run, keep, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--one", default="")
    args = parser.parse_args()
    if args.one:
        run_one(args.one, args.smoke, args.seed)
        return 0
    if not SHARED.is_dir():
        print("the development data is not here (../shared/data): nothing to measure")
        return 0
    sections = [s for s in all_sections() if not args.only or s.name in args.only.split(",")]
    results: dict[str, dict[str, object]] = {}
    began = time.monotonic()
    if args.smoke:
        sections = [s for s in sections if s.smoke_limit > 0]

    def measured(section: Section) -> None:
        if args.smoke and time.monotonic() - began > SMOKE_ALL:
            result: dict[str, object] = {"skipped": "left to the full run", "seconds": 0.0}
        else:
            result = measure(section, args.smoke, args.seed, args.fresh)
        results[section.name] = result
        verdict = result.get("failed") or result.get("skipped")
        verdict = verdict or {True: "met", False: "MISSED", None: "-"}[result["met"]]  # type: ignore[index]
        print(f"{section.name:<32} {verdict:<8} {result['seconds']:>8} s", flush=True)

    with ThreadPoolExecutor(2) as lanes:
        try:
            list(lanes.map(measured, [s for s in sections if s.cores == 1]))
            for section in sections:
                if section.cores != 1:
                    lanes.submit(measured, section).result()
        except BaseException:
            for running in RUNNING:  # they are sessions of their own: Ctrl-C does not reach them
                os.killpg(running.pid, signal.SIGKILL)
            raise
    if not args.smoke:
        every = all_sections()
        for section in every:
            results.setdefault(section.name, kept_figures(section) or {"failed": "not run yet"})
        kept_page = ROOT / "docs" / "results.md"
        before = kept_page.read_text(encoding="utf-8") if kept_page.exists() else ""
        kept_page.write_text(page(every, results, before), encoding="utf-8")
        results = {section.name: results[section.name] for section in sections}
    return 1 if any("failed" in r or r.get("met") is False for r in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
