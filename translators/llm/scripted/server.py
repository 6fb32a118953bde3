"""The scripted server: plain HTTP/1.1 on the standard library, because it must be able to break its own protocol."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from quod.core.model import JsonDict
from quod.translators.llm.scripted.protocols import Anthropic, OpenAI, Said, count_tokens
from quod.translators.llm.scripted.script import Call, Rule, Script, reply_text

__all__ = ["ScriptedServer"]

_MAX_REQUEST = 32 * 1024 * 1024
_PROTOCOLS: dict[str, type[OpenAI | Anthropic]] = {
    "/v1/chat/completions": OpenAI,
    "/chat/completions": OpenAI,
    "/v1/messages": Anthropic,
}


class ScriptedServer:
    """A scripted model on a local port. A context manager; ``calls`` is what it was asked so far."""

    def __init__(self, script: Script, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.script = script
        self._lock = threading.Lock()
        self._matched: dict[int, int] = {}
        self._answered: dict[int, int] = {}
        self._calls: list[Call] = []
        self._started = time.monotonic()
        self.stopping = threading.Event()
        self._http = _Server((host, port), _Handler)
        self._http.scripted = self
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, script: object, *, port: int = 0) -> ScriptedServer:
        """A server for a script given as data (a mapping, or a list of rules)."""
        return cls(Script.of(script), port=port)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._http.server_address[1]

    @property
    def origin(self) -> str:
        """Scheme, host and port: the base URL of Anthropic's protocol."""
        return f"http://{self._http.server_address[0]!s}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL of OpenAI's protocol, ending in ``/v1``."""
        return f"{self.origin}/v1"

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call it got, in order."""
        with self._lock:
            return tuple(self._calls)

    def serve(self) -> None:
        """Answer calls until stopped."""
        self._http.serve_forever(poll_interval=0.05)

    def __enter__(self) -> ScriptedServer:
        self._thread = threading.Thread(target=self.serve, name="scripted-model", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening and let go of every connection."""
        self.stopping.set()
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def choose(self, request: JsonDict) -> tuple[str, Rule]:
        """The rule for a request, and its name; counts the call."""
        with self._lock:
            chosen: tuple[str, Rule] | None = None
            for index, rule in enumerate(self.script.rules):
                if not rule.match.holds(request):
                    continue
                nth = self._matched[index] = self._matched.get(index, 0) + 1
                wanted = (rule.call,) if isinstance(rule.call, int) else rule.call
                if chosen is not None or (wanted is not None and nth not in wanted):
                    continue
                if rule.times is not None and self._answered.get(index, 0) >= rule.times:
                    continue
                self._answered[index] = self._answered.get(index, 0) + 1
                chosen = (rule.name or f"rule {index + 1}", rule)
            return chosen or ("otherwise", self.script.otherwise)

    def log(self, path: str, request: JsonDict, rule: str, status: int, said: Said | None) -> None:
        """Write a call down."""
        with self._lock:
            self._calls.append(
                Call(
                    number=len(self._calls) + 1,
                    time=time.monotonic() - self._started,
                    path=path,
                    request=request,
                    rule=rule,
                    status=status,
                    prompt_tokens=said.prompt_tokens if said else 0,
                    completion_tokens=said.completion_tokens if said else 0,
                )
            )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    scripted: ScriptedServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "quod-scripted"
    server: _Server
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """The calls are logged by the server itself."""

    def do_GET(self) -> None:
        """The list of models, and the log of calls."""
        scripted = self.server.scripted
        if self.path in {"/v1/models", "/models"}:
            model: JsonDict = {"id": scripted.script.model, "object": "model", "created": 0, "owned_by": "scripted"}
            self._json(200, {"object": "list", "data": [model]})
        elif self.path == "/calls":
            self._json(200, {"calls": [call.model_dump(mode="json") for call in scripted.calls]})
        else:
            self._json(404, OpenAI.error(404, f"there is no {self.path} here"))

    def do_POST(self) -> None:
        """One chat call."""
        protocol = _PROTOCOLS.get(self.path.split("?")[0])
        length = int(self.headers.get("Content-Length") or 0)
        if protocol is None or length > _MAX_REQUEST:
            self.close_connection = True
            self._json(404 if protocol is None else 413, OpenAI.error(404, f"there is no {self.path} here"))
            return
        try:
            request = json.loads(self.rfile.read(length))
        except ValueError:
            request = None
        if not isinstance(request, dict):
            self._json(400, protocol.error(400, "the request is not a JSON object"))
            return
        scripted = self.server.scripted
        name, rule = scripted.choose(request)
        said = self._said(rule, request, protocol) if rule.status < 400 else None
        scripted.log(self.path, request, name, rule.status, said)
        if rule.delay:
            scripted.stopping.wait(rule.delay)
        with contextlib.suppress(ConnectionError, socket.timeout):
            self._answer(rule, request, protocol, said)

    def _said(self, rule: Rule, request: JsonDict, protocol: type[OpenAI | Anthropic]) -> Said:
        text, finish = reply_text(rule), rule.finish_reason or "stop"
        limit = protocol.max_tokens(request)
        if limit is not None and rule.usage is None and count_tokens(text) > limit:
            text, finish = text.encode()[: 4 * limit].decode(errors="ignore"), "length"
        prompt = count_tokens(json.dumps([request.get("system"), request.get("messages")], ensure_ascii=False))
        return Said(
            model=str(request.get("model") or self.server.scripted.script.model),
            text=text,
            refusal=rule.refusal,
            finish=finish,
            prompt_tokens=rule.usage.prompt_tokens if rule.usage else prompt,
            completion_tokens=rule.usage.completion_tokens if rule.usage else count_tokens(rule.refusal or text),
            chunk_size=rule.chunk_size,
        )

    def _answer(self, rule: Rule, request: JsonDict, protocol: type[OpenAI | Anthropic], said: Said | None) -> None:
        if rule.disconnect:
            self._break()
        elif rule.drip is not None:
            self._drip(rule.drip, protocol, streamed=bool(request.get("stream")))
        elif rule.body is not None:
            self._whole(rule, rule.body.encode(), "application/json")
        elif said is None:
            body = protocol.error(rule.status, rule.error or f"scripted error {rule.status}")
            self._whole(rule, json.dumps(body).encode(), "application/json")
        elif request.get("stream"):
            self._stream(rule, request, protocol, said)
        else:
            self._whole(rule, json.dumps(protocol.body(said)).encode(), "application/json")

    def _json(self, status: int, value: JsonDict) -> None:
        self._whole(Rule(status=status), json.dumps(value).encode(), "application/json")

    def _whole(self, rule: Rule, body: bytes, kind: str) -> None:
        self.send_response(rule.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for header, value in rule.headers.items():
            self.send_header(header, value)
        self.end_headers()
        if rule.truncate is None:
            self.wfile.write(body)
        else:
            self.wfile.write(body[: rule.truncate])
            self._break()

    def _head_of_stream(self, rule: Rule | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        for header, value in (rule.headers if rule else {}).items():
            self.send_header(header, value)
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def _stream(self, rule: Rule, request: JsonDict, protocol: type[OpenAI | Anthropic], said: Said) -> None:
        self._head_of_stream(rule)
        left = rule.truncate
        for event in protocol.events(said, request):
            data = event.encode()
            if left is not None and len(data) >= left:
                if left:
                    self._chunk(data[:left])
                self._break()
                return
            left = None if left is None else left - len(data)
            self._chunk(data)
            if rule.chunk_delay and self.server.scripted.stopping.wait(rule.chunk_delay):
                return
        self.wfile.write(b"0\r\n\r\n")

    def _drip(self, every: float, protocol: type[OpenAI | Anthropic], *, streamed: bool) -> None:
        """Events for ever; or for a call that did not ask for a stream, a body that never ends."""
        if streamed:
            self._head_of_stream(None)
        else:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
        number = 0
        while not self.server.scripted.stopping.wait(every):
            number += 1
            self._chunk(protocol.drip(number).encode() if streamed else b" ")
        self._break()

    def _break(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
