"""The remote engine against a real llama.cpp server on a loopback port, and plain HTTP faults."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from kakehashi.engine import Control, DoneEvent, Engine, Request, TextEvent, complete
from kakehashi.engine._local_server import load_bindings
from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.engine.openai_compatible import OpenAICompatibleEngine
from kakehashi.errors import ContextError, EngineError

BOS = Control("<bos>")
TEXT = "令和６年４月１５日、ﾃﾞｰﾀｾﾝﾀｰを見学し\nました。"
KEY = "kk-test-key"


def prompt(text: str = TEXT, **options: Any) -> Request:
    return Request((BOS, text), **{"max_tokens": 12, **options})


@pytest.fixture(scope="module")
def address(gemma_gguf: Path) -> Iterator[str]:
    bindings = load_bindings()
    params = bindings.CommonParams()
    params.model.path = str(gemma_gguf)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [KEY]
    params.n_parallel = 2
    params.n_ctx = 2 * 512
    params.verbosity = 0
    params.fit_params = False
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.endpoint_metrics = True
    server = bindings.Server(params)
    server.handle_metrics()  # see LocalServer: its loop must run before it may end
    yield server.listening_address
    del server


@pytest.fixture
def remote(address: str) -> Iterator[OpenAICompatibleEngine]:
    with OpenAICompatibleEngine(address + "/v1/", "tiny", KEY, parallel=2) as engine:
        yield engine


def test_it_is_an_engine_that_knows_its_server(remote: OpenAICompatibleEngine) -> None:
    assert isinstance(remote, Engine)
    assert (remote.name, remote.kind) == ("openai_compatible", "llama_cpp")
    assert (remote.context_tokens, remote.parallel) == (512, 2)


def test_it_says_what_the_engine_in_process_says(
    remote: OpenAICompatibleEngine, gemma: LlamaCppEngine
) -> None:
    batch = [prompt(), prompt("雪のため<eos>電車が", logprobs=True), prompt("Friday", stop=("に",))]
    for here, there in zip(complete(gemma, batch), complete(remote, batch), strict=True):
        assert there.text == here.text
        assert there.stop_reason == here.stop_reason
        assert there.usage.prompt_tokens == here.usage.prompt_tokens
        assert there.usage.completion_tokens == here.usage.completion_tokens
        assert there.usage.decode_seconds > 0
        assert there.score == (None if here.score is None else pytest.approx(here.score, abs=0.05))


def test_tokens_are_counted_by_the_server(
    remote: OpenAICompatibleEngine, gemma: LlamaCppEngine
) -> None:
    for text in (TEXT, "", "前<eos>後", "𠮷野家 ① ㈱"):
        assert remote.count_tokens(text) == gemma.count_tokens(text)


def test_events_add_up_over_a_batch_longer_than_parallel(remote: OpenAICompatibleEngine) -> None:
    events = list(remote.generate([prompt(f"資料{n}") for n in range(5)]))
    done = {e.index: e.completion for e in events if isinstance(e, DoneEvent)}
    assert sorted(done) == list(range(5))
    for index, completion in done.items():
        pieces = [e.text for e in events if isinstance(e, TextEvent) and e.index == index]
        assert "".join(pieces) == completion.text
        assert len(pieces) > 1


def predicted(address: str) -> int:
    """Tokens that the server has generated since it started, by its own count."""
    headers = {"Authorization": f"Bearer {KEY}"}
    text = httpx.get(address + "/metrics", headers=headers).text
    found = re.search(r"^llamacpp:tokens_predicted_total (\d+)$", text, re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_closing_the_iterator_makes_the_server_stop(
    remote: OpenAICompatibleEngine, address: str
) -> None:
    complete(remote, [prompt()])
    before = predicted(address)
    stream = remote.generate([prompt(max_tokens=400)] * 60)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    complete(remote, [prompt(), prompt()])
    # A tiny model makes thousands of tokens a second: what counts is that most were never made.
    assert 24 <= predicted(address) - before < 60 * 400 / 2


def test_cancelling_keeps_the_text_and_the_counts(remote: OpenAICompatibleEngine) -> None:
    cancel = threading.Event()
    texts = {0: "", 1: "", 2: ""}
    done: dict[int, DoneEvent] = {}
    for event in remote.generate([prompt(max_tokens=400)] * 3, cancel=cancel):
        if isinstance(event, TextEvent):
            texts[event.index] += event.text
            cancel.set()
        else:
            done[event.index] = event
    assert sorted(done) == [0, 1, 2]
    for index, event in done.items():
        assert event.completion.text == texts[index]
    # The third one waited for a slot of ours and was never sent.
    assert done[2].completion.stop_reason == "cancelled"
    assert done[2].completion.text == ""


def test_a_request_over_the_context_is_refused(remote: OpenAICompatibleEngine) -> None:
    with pytest.raises(ContextError, match="request 1 needs"):
        remote.generate([prompt(), prompt(max_tokens=600)])


def test_the_servers_own_refusal_of_a_long_prompt_is_told(address: str) -> None:
    with (
        OpenAICompatibleEngine(address, "tiny", KEY, context=10_000) as engine,
        pytest.raises(ContextError, match=r"request 0: the server answered 400.*exceeds"),
    ):
        complete(engine, [prompt("雪" * 600)])


def test_a_control_token_that_the_server_does_not_have(remote: OpenAICompatibleEngine) -> None:
    with pytest.raises(EngineError, match="no control token '<nope>'"):
        complete(remote, [Request((Control("<nope>"),))])


def test_a_wrong_key_is_named_and_not_shown(address: str) -> None:
    with (
        OpenAICompatibleEngine(address, "tiny", "kk-secret") as engine,
        pytest.raises(EngineError, match="answered 401") as caught,
    ):
        complete(engine, [prompt()])
    assert "API key" in caught.value.hint
    assert "kk-secret" not in str(caught.value) + repr(caught.value)


def test_nobody_there() -> None:
    with (
        OpenAICompatibleEngine("http://127.0.0.1:9", "m") as engine,
        pytest.raises(EngineError, match="cannot be reached"),
    ):
        complete(engine, [prompt()])


def test_after_closing(address: str) -> None:
    engine = OpenAICompatibleEngine(address, "tiny", KEY)
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        complete(engine, [prompt()])


class _Plain(BaseHTTPRequestHandler):
    """A server of the third kind (no /tokenize), as bytes on the wire."""

    received: list[bytes] = []  # noqa: RUF012
    answer = b""
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/completions":
            self.send_error(404)
            return
        self.received.append(body)
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.answer)
        if self.answer.endswith(b"..."):
            time.sleep(0.3)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def plain() -> Iterator[tuple[OpenAICompatibleEngine, type[_Plain]]]:
    handler = type("Handler", (_Plain,), {"received": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    with OpenAICompatibleEngine(url, "m", timeout=5.0) as engine:
        yield engine, handler
    server.shutdown()
    thread.join()
    server.server_close()


_OPENAI = (
    b'data: {"choices":[{"text":"\xe9\x9b\xaa","logprobs":{"token_logprobs":[-1.0]},'
    b'"finish_reason":null}]}\n\n'
    b'data: {"choices":[{"text":"\xe3\x80\x82","logprobs":{"token_logprobs":[-2.0]},'
    b'"finish_reason":"length"}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,'
    b'"prompt_tokens_details":{"cached_tokens":3}}}\n\ndata: [DONE]\n\n'
)


def test_a_server_without_a_tokenizer(plain: tuple[OpenAICompatibleEngine, type[_Plain]]) -> None:
    engine, handler = plain
    handler.answer = _OPENAI
    (done,) = complete(engine, [Request((BOS, "雪"), max_tokens=2, logprobs=True)])
    assert (done.text, done.stop_reason, done.score) == ("雪。", "length", -1.5)
    assert (done.usage.prompt_tokens, done.usage.cached_tokens) == (7, 3)
    assert done.usage.completion_tokens == 2
    assert b'"prompt":"<bos>\xe9\x9b\xaa"' in handler.received[0]
    with pytest.raises(EngineError, match="cannot count tokens"):
        engine.count_tokens("雪")
    with pytest.raises(EngineError, match="spells a control token"):
        complete(engine, [Request((BOS, "a <bos> b"))])


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (429, b'{"error":{"message":"slow down"}}', "request 0: the server answered 429: slow"),
        (500, b"<html>oops</html>", "answered 500: <html>oops"),
        (200, b'data: {"error":{"message":"out of memory"}}\n\n', "failed: out of memory"),
        (200, _OPENAI[:60], "ended without a reason|not JSON"),
        (200, b'data: {"choices":[{"text":"a"', "not JSON"),
    ],
)
def test_faults_on_the_wire(
    plain: tuple[OpenAICompatibleEngine, type[_Plain]], status: int, answer: bytes, told: str
) -> None:
    engine, handler = plain
    handler.status, handler.answer = status, answer
    with pytest.raises(EngineError, match=told):
        complete(engine, [prompt()])
