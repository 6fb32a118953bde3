"""What quod's own code adds to a model call: a call through the whole stack against the bare library.

Both talk HTTP to the scripted server on this machine, which answers at once, so the difference is ours: messages,
hard deadline, budget, rate limit, retry, record-keeping, cache look-up, memory of the job. Targets: under 5 ms a
call, under 2 ms for a cache hit.

    .venv/bin/python benchmarks/model_overhead.py [--quick]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openai

from quod.core.formalism import Formalism
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.settings import Settings
from quod.translators.llm.client import user
from quod.translators.llm.config import ModelSettings, assemble
from quod.translators.llm.prompting import Prompter
from quod.translators.llm.reply import read_reply
from quod.translators.llm.scripted import ScriptedServer

REPLY = "```fol\npremises:\n  s1: shy(rex) ::: Rex is shy.\nquestion:\n  shy(rex) ::: Rex is shy.\n```"


def milliseconds(work: Callable[[int], object], times: int) -> float:
    """The median of ``times`` runs, in milliseconds."""
    spent = []
    for number in range(times):
        started = time.perf_counter()
        work(number)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1000


def measure(times: int) -> dict[str, float]:
    """Medians in milliseconds."""
    problem = Problem(text="Rex is shy. True or false: Rex is shy.")
    prompter = Prompter(Formalism.FOL)
    messages = prompter.draft(problem)
    plain = [{"role": m.role, "content": m.content} for m in messages]
    with ScriptedServer.of([{"reply": REPLY}]) as server, tempfile.TemporaryDirectory() as home:
        bare = openai.OpenAI(base_url=server.url, api_key="none", max_retries=0)

        def library(number: int) -> object:
            return list(
                bare.chat.completions.create(  # type: ignore[call-overload]
                    model="m", messages=plain, stream=True, stream_options={"include_usage": True}, seed=number,
                    temperature=0, max_tokens=4096,
                )
            )  # fmt: skip

        settings = Settings(model="m", model_base_url=server.url, home=Path(home))
        model = assemble(settings, ModelSettings())

        def ours(number: int) -> object:
            return model.complete(messages, seed=number, run=Run())

        library(-1)
        model.complete([user("warm up")], run=Run())
        # turn and turn about, so that a busy machine is busy for both
        library_ms, ours_ms = [], []
        for block in range(8):
            start = 1000 * (block + 1)
            library_ms.append(milliseconds(lambda n, s=start: library(s + n), times // 8))
            ours_ms.append(milliseconds(lambda n, s=start: ours(s + n), times // 8))
        bare.close()
        return {
            "bare library": statistics.median(library_ms),
            "quod": statistics.median(ours_ms),
            "cache hit": milliseconds(lambda _: ours(1000), times),
            "prompt": milliseconds(lambda _: prompter.draft(problem), times),
            "reading the reply": milliseconds(lambda _: read_reply(REPLY, Formalism.FOL, problem.text), times),
        }


def main() -> int:
    """Print the medians and the overhead; exit status 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer calls")
    times = 80 if parser.parse_args().quick else 400
    found = measure(times)
    for name, value in found.items():
        print(f"{name:>18}: {value:7.2f} ms")
    overhead = found["quod"] - found["bare library"] + found["prompt"] + found["reading the reply"]
    print(
        f"{'overhead of a call':>18}: {overhead:7.2f} ms (target 5), ratio {found['quod'] / found['bare library']:.2f}"
    )
    print(f"{'a cache hit':>18}: {found['cache hit']:7.2f} ms (target 2)")
    return 0 if overhead < 5 and found["cache hit"] < 2 else 1


if __name__ == "__main__":
    raise SystemExit(main())
