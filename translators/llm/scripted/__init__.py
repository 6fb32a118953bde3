"""A scripted model: a real HTTP server that speaks the chat protocols and says what a script tells it to.

It is a stand-in and says so: no language model is behind it. It ships with quod for tests, demos and users' own
tests, and can misbehave in every way that real servers do. ``python -m quod.translators.llm.scripted SCRIPT.yaml``
starts one; in a test::

    with ScriptedServer.of([{"match": "Rex", "reply": "…"}]) as server:
        model = OpenAIModel("scripted", base_url=server.url)

docs/scripted-server.md describes the script.
"""

from quod.translators.llm.scripted.script import Call, Rule, Script
from quod.translators.llm.scripted.server import ScriptedServer

__all__ = ["Call", "Rule", "Script", "ScriptedServer"]
