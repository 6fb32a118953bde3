"""The scripted server speaks the protocols and misbehaves as told."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from quod.core.errors import InputError
from quod.translators.llm.scripted import Script, ScriptedServer


def post(server: ScriptedServer, path: str, body: dict[str, object]) -> tuple[int, bytes]:
    request = urllib.request.Request(server.origin + path, json.dumps(body).encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def ask(server: ScriptedServer, words: str, **more: object) -> str:
    turns = [{"role": "user", "content": words}]
    status, body = post(server, "/v1/chat/completions", {"model": "m", "messages": turns, **more})
    assert status == 200, body
    return str(json.loads(body)["choices"][0]["message"]["content"])


def test_rules_are_tried_in_order_and_count_their_calls() -> None:
    rules = [
        {"match": "weather", "call": 1, "reply": "sun"},
        {"match": "weather", "call": [2, 3], "reply": "rain"},
        {"match": {"last": "weather"}, "times": 1, "reply": "snow"},
        {"reply_json": {"any": "thing"}},
    ]
    with ScriptedServer.of(rules) as server:
        said = [ask(server, "the weather?") for _ in range(4)]
        # the second rule had matched the first call too, so calls 2 and 3 of it are calls 2 and 3 here
        assert said == ["sun", "rain", "rain", "snow"]
        assert json.loads(ask(server, "the weather?")) == {"any": "thing"}
        assert [call.rule for call in server.calls] == ["rule 1", "rule 2", "rule 2", "rule 3", "rule 4"]


def test_conditions_on_roles_and_parameters() -> None:
    rules = [
        {"match": {"system": "pirate", "user": "hello"}, "reply": "ahoy"},
        {"match": {"has": ["response_format"]}, "reply": "{}"},
        {"match": {"lacks": ["seed"], "model": "^m$"}, "reply": "no seed"},
    ]
    with ScriptedServer.of(rules) as server:
        turns = [{"role": "system", "content": "you are a pirate"}, {"role": "user", "content": "hello"}]
        assert ask(server, "", messages=turns) == "ahoy"
        assert ask(server, "hello", response_format={"type": "json_object"}) == "{}"
        assert ask(server, "hello") == "no seed"
        status, _ = post(server, "/v1/chat/completions", {"model": "x", "messages": []})
        assert status == 500


def test_a_streamed_answer_has_the_same_words() -> None:
    with ScriptedServer.of([{"reply": "one two three", "chunk_size": 4}]) as server:
        _, body = post(server, "/v1/chat/completions", {"messages": [], "stream": True})
        lines = [line[6:] for line in body.decode().split("\n\n") if line]
        assert lines.pop() == "[DONE]"
        deltas = [json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines]
        assert "".join(deltas) == "one two three"
        assert len([d for d in deltas if d]) == 4


def test_answers_stop_at_the_token_limit_as_a_real_server_s_do() -> None:
    with ScriptedServer.of([{"reply": "x" * 100}]) as server:
        _, body = post(server, "/v1/chat/completions", {"messages": [], "max_tokens": 5})
        answer = json.loads(body)
        assert answer["choices"][0]["finish_reason"] == "length"
        assert answer["usage"]["completion_tokens"] == 5


def test_the_other_protocol() -> None:
    with ScriptedServer.of([{"match": {"system": "terse"}, "reply": "yes"}]) as server:
        body = {"model": "m", "system": "be terse", "max_tokens": 9, "messages": [{"role": "user", "content": "?"}]}
        _, answer = post(server, "/v1/messages", body)
        assert json.loads(answer)["content"] == [{"type": "text", "text": "yes"}]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([{"match": "(", "reply": "x"}], "not a regular expression"),
        ([{"replay": "x"}], "rules.0.replay"),
        ({"rules": [{"status": 9000}]}, "rules.0.status"),
        ("nonsense", "the top"),
    ],
)
def test_a_wrong_script_is_refused_with_its_place(script: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Script.of(script)


def test_the_command_serves_a_script_with_replies_from_files(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text("from a file")
    (tmp_path / "script.yaml").write_text("rules:\n- match: hello\n  reply_file: reply.txt\n")
    command = [sys.executable, "-m", "quod.translators.llm.scripted", str(tmp_path / "script.yaml"), "--port", "0"]
    with subprocess.Popen([*command, "--log", str(tmp_path / "log")], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        body = json.dumps({"messages": [{"role": "user", "content": "hello"}]}).encode()
        with urllib.request.urlopen(f"{url}/chat/completions", body, timeout=5) as answer:
            assert json.loads(answer.read())["choices"][0]["message"]["content"] == "from a file"
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert json.loads((tmp_path / "log").read_text())["rule"] == "rule 1"


def test_the_command_says_what_is_wrong_with_a_script(tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text("rules: [{rply: x}]")
    command = [sys.executable, "-m", "quod.translators.llm.scripted", str(tmp_path / "script.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "rules.0.rply" in done.stderr
