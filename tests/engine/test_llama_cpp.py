"""The in-process engine, on real (tiny, random) models of both tokenizer families."""

from __future__ import annotations

import math
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.engine import Control, DoneEvent, Engine, Request, TextEvent, complete, llama_cpp
from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.errors import ContextError, EngineError, ModelError
from kakehashi.gguf_file import read_gguf
from tests.tiny_model import BPE_CONTROLS, SPM_CONTROLS, write_gemma3

BOS = Control("<bos>")
TEXT = "令和６年４月１５日、ﾃﾞｰﾀｾﾝﾀｰを見学し\nました。The office opens at 8:30."


def prompt(text: str = TEXT, **options: object) -> Request:
    return Request((BOS, text), **{"max_tokens": 12, **options})  # type: ignore[arg-type]


def test_it_is_an_engine(gemma: LlamaCppEngine) -> None:
    assert isinstance(gemma, Engine)
    assert (gemma.name, gemma.parallel, gemma.context_tokens) == ("llama_cpp", 4, 512)


def test_events_add_up_to_the_completion(gemma: LlamaCppEngine) -> None:
    events = list(gemma.generate([prompt(), prompt("雪"), prompt("電車が遅れて")]))
    for index in range(3):
        text = "".join(e.text for e in events if isinstance(e, TextEvent) and e.index == index)
        (done,) = (e for e in events if isinstance(e, DoneEvent) and e.index == index)
        assert done.completion.text == text != ""
        assert done.completion.stop_reason == "length"
        assert done.completion.usage.completion_tokens == 12
        assert done.completion.usage.decode_seconds > 0


def test_usage_counts_the_prompt_as_the_tokenizer_does(gemma: LlamaCppEngine) -> None:
    (done,) = complete(gemma, [prompt("図書館は月曜日が休みです。")])
    assert done.usage.prompt_tokens == 1 + gemma.count_tokens("図書館は月曜日が休みです。")


def test_a_batch_longer_than_parallel_is_finished_and_in_order(gemma: LlamaCppEngine) -> None:
    batch = [prompt(f"資料 {n}", max_tokens=n + 1) for n in range(11)]
    assert [done.usage.completion_tokens for done in complete(gemma, batch)] == list(range(1, 12))


def test_an_empty_batch_has_no_events(gemma: LlamaCppEngine) -> None:
    assert list(gemma.generate([])) == []


def test_greedy_repeats_itself_and_batching_does_not_change_it(gemma: LlamaCppEngine) -> None:
    alone = complete(gemma, [prompt()])[0].text
    assert {done.text for done in complete(gemma, [prompt()] * 4)} == {alone}


def test_the_seed_decides_what_is_sampled(gemma: LlamaCppEngine) -> None:
    def sampled(seed: int) -> str:
        request = prompt(temperature=1.0, top_p=0.95, seed=seed, max_tokens=24)
        return complete(gemma, [request])[0].text

    # One at a time and with the prompt in the cache: neighbours in a batch change the last
    # bits of a sum, and the flat distribution of a random model shows that at once.
    sampled(0)
    assert sampled(1) == sampled(1) != sampled(2)


def test_a_stop_string_ends_it_and_is_left_out(gemma: LlamaCppEngine) -> None:
    whole = complete(gemma, [prompt(max_tokens=30)])[0]
    stop = whole.text[5:8]
    (done,) = complete(gemma, [prompt(max_tokens=30, stop=(stop, "never"))])
    assert done.stop_reason == "stop"
    assert done.text == whole.text[: whole.text.index(stop)]


def test_the_repeat_penalty_changes_a_loop(llama: LlamaCppEngine) -> None:
    request = Request((Control("<|im_start|>"), "late late late late"), max_tokens=40)
    plain = complete(llama, [request])[0].text
    harder = Request(request.parts, max_tokens=40, repeat_penalty=1.8)
    assert complete(llama, [harder])[0].text != plain


def test_the_score_is_the_mean_log_probability(gemma: LlamaCppEngine) -> None:
    scored, plain = complete(gemma, [prompt(logprobs=True), prompt()])
    assert plain.score is None
    assert scored.score is not None
    assert scored.text == plain.text
    # Greedy takes the likeliest of `rows` tokens, so it cannot be less likely than 1 / rows.
    rows = len(read_gguf(gemma._path, tensors=False).get("tokenizer.ggml.tokens"))
    assert -math.log(rows) < scored.score < 0
    (sampled,) = complete(gemma, [prompt(logprobs=True, temperature=2.0, seed=3)])
    assert sampled.score is not None
    assert sampled.score < scored.score


def test_the_prompt_cache_is_used_and_changes_nothing(gemma: LlamaCppEngine) -> None:
    request = prompt("同じ文書の同じ長い書き出しは二度目には計算されない。" * 2)
    cold = complete(gemma, [request])[0]
    warm = complete(gemma, [request])[0]
    assert warm.usage.cached_tokens > warm.usage.prompt_tokens // 2
    assert warm.usage.prompt_tokens == cold.usage.prompt_tokens
    assert warm.text == cold.text


@pytest.mark.parametrize("name", ["<bos>", "<eos>", "<start_of_turn>", "<unused3>"])
def test_text_that_spells_a_control_token_stays_text(gemma: LlamaCppEngine, name: str) -> None:
    ids = gemma.tokenize(f"前{name}後")
    assert gemma.control_id(name) not in ids
    assert gemma.count_tokens(name) > 1
    as_text, as_control = (
        complete(gemma, [Request((BOS, "雪", part, "電車"), max_tokens=4)])[0]
        for part in (name, Control(name))
    )
    assert as_text.usage.prompt_tokens == as_control.usage.prompt_tokens - 1 + len(
        gemma.tokenize(name)
    )


@pytest.mark.parametrize("name", BPE_CONTROLS)
def test_the_same_with_a_byte_level_vocabulary(llama: LlamaCppEngine, name: str) -> None:
    assert llama.control_id(name) not in llama.tokenize(f"前{name}後")
    assert llama.control_id(name) == BPE_CONTROLS.index(name)


def test_a_task_token_that_the_vocabulary_marks_as_ordinary_stays_out_of_text(
    gemma_gguf: Path, tmp_path: Path
) -> None:
    model = write_gemma3(tmp_path / "model.gguf", user_defined=("<unused1>",))
    with LlamaCppEngine(model, threads=1, parallel=1, context=64) as engine:
        # Only naming it as a control token tells the engine that it is one.
        number = SPM_CONTROLS.index("<unused1>")
        assert engine.tokenize("<unused1>") == [number]
    with LlamaCppEngine(model, threads=1, parallel=1, context=64, controls=["<unused1>"]) as engine:
        assert number not in engine.tokenize("a<unused1>b<unused1>")
        assert engine.prompt_ids(Request((Control("<unused1>"),))) == [number]


def test_control_tokens_are_found_by_name(gemma: LlamaCppEngine) -> None:
    assert gemma.prompt_ids(Request((BOS, "雪", Control("<unused0>")))) == [
        SPM_CONTROLS.index("<bos>"),
        *gemma.tokenize("雪"),
        SPM_CONTROLS.index("<unused0>"),
    ]
    with pytest.raises(ModelError, match="<no-such-token>"):
        complete(gemma, [Request((Control("<no-such-token>"),))])


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=30))
def test_the_vocabulary_spells_every_text(
    gemma: LlamaCppEngine, llama: LlamaCppEngine, text: str
) -> None:
    text = text.encode("utf-8", "ignore").decode()
    for engine in (gemma, llama):
        tokens = engine.tokenize(text)
        assert engine.count_tokens(text) == len(tokens)
        assert _spell(engine, tokens) == text.encode()


def _spell(engine: LlamaCppEngine, tokens: list[int]) -> bytes:
    from tests.tiny_model import byte_alphabet

    model = read_gguf(engine._path, tensors=False)
    pieces = model.get("tokenizer.ggml.tokens")
    if model.get("tokenizer.ggml.model") == "gpt2":
        back = {char: byte for byte, char in byte_alphabet().items()}
        return bytes(back[char] for token in tokens for char in pieces[token])
    kinds = model.get("tokenizer.ggml.token_type")
    return b"".join(
        bytes([int(pieces[t][3:-1], 16)]) if kinds[t] == 6 else pieces[t].replace("▁", " ").encode()
        for t in tokens
    )


def test_a_request_over_the_context_is_refused_before_anything_runs(
    gemma: LlamaCppEngine,
) -> None:
    with pytest.raises(ContextError, match="request 1 needs 5 \\+ 600 tokens"):
        gemma.generate([prompt(), Request((BOS, "!!!!"), max_tokens=600)])
    with pytest.raises(EngineError, match="empty prompt"):
        gemma.generate([Request(())])


def test_closing_the_iterator_stops_the_generation(gemma: LlamaCppEngine) -> None:
    before = threading.active_count()
    stream = gemma.generate([prompt(max_tokens=400)] * 12)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
    process = psutil.Process()
    used = process.cpu_times()
    threading.Event().wait(0.2)
    now = process.cpu_times()
    # 12 × 400 tokens would keep a core busy for seconds.
    assert now.user - used.user < 0.1
    assert complete(gemma, [prompt()])[0].usage.completion_tokens == 12


def test_cancelling_keeps_the_text_and_the_counts(gemma: LlamaCppEngine) -> None:
    cancel = threading.Event()
    texts = ["", "", "", "", "", ""]
    done: dict[int, DoneEvent] = {}
    for event in gemma.generate([prompt(max_tokens=400)] * 6, cancel=cancel):
        if isinstance(event, TextEvent):
            texts[event.index] += event.text
            cancel.set()
        else:
            done[event.index] = event
    assert sorted(done) == list(range(6))
    for index, event in done.items():
        assert event.completion.stop_reason == "cancelled"
        assert event.completion.text == texts[index]
        assert event.completion.usage.completion_tokens < 400
    first = next(done[i].completion for i in range(6) if texts[i])
    assert first.usage.completion_tokens >= 1


def test_closing_the_engine_cancels_what_runs(gemma_gguf: Path) -> None:
    engine = LlamaCppEngine(gemma_gguf, threads=1, parallel=2, context=512)
    stream = engine.generate([prompt(max_tokens=400)] * 2)
    next(stream)
    engine.close()
    engine.close()
    reasons = [e.completion.stop_reason for e in stream if isinstance(e, DoneEvent)]
    assert reasons == ["cancelled", "cancelled"]
    with pytest.raises(EngineError, match="closed"):
        complete(engine, [prompt()])
    with pytest.raises(EngineError, match="closed"):
        engine.count_tokens("雪")


def test_threads_follow_the_free_cores_between_batches(
    gemma_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [2]
    monkeypatch.setattr(llama_cpp, "default_threads", lambda: free[0])
    monkeypatch.setattr(llama_cpp, "_SECONDS_BETWEEN_CHANGES", 0.0)
    with LlamaCppEngine(gemma_gguf, parallel=2, context=512) as engine:
        assert engine.threads == 2
        before = complete(engine, [prompt()])[0].text
        free[0] = 1
        stream = engine.generate([prompt(max_tokens=100)])
        next(stream)
        assert engine.threads == 1
        free[0] = 2
        assert complete(engine, [prompt()])[0].text == before
        assert engine.threads == 1  # something was running
        assert sum(isinstance(event, DoneEvent) for event in stream) == 1
        assert complete(engine, [prompt()])[0].text == before
        assert engine.threads == 2
        assert engine.count_tokens("雪") > 0
    with pytest.raises(EngineError, match="closed"):
        complete(engine, [prompt()])
    with LlamaCppEngine(gemma_gguf, threads=1, parallel=1, context=128) as engine:
        complete(engine, [prompt()])
        assert engine.threads == 1


def test_without_a_stream_the_whole_comes_at_the_end(gemma: LlamaCppEngine) -> None:
    streamed, whole = prompt(), replace(prompt(), stream=False)
    events = list(gemma.generate([whole, streamed]))
    assert {event.index for event in events if isinstance(event, TextEvent)} == {1}
    done = {e.index: e.completion for e in events if isinstance(e, DoneEvent)}
    assert done[0].text == done[1].text
    assert done[0].stop_reason == done[1].stop_reason
    assert done[0].usage.completion_tokens == done[1].usage.completion_tokens
    assert done[0].usage.decode_seconds > 0


def test_two_engines_live_side_by_side(gemma: LlamaCppEngine, llama: LlamaCppEngine) -> None:
    one = gemma.generate([prompt(max_tokens=20)])
    other = llama.generate([Request((Control("<|im_start|>"), "雪"), max_tokens=20)])
    ends = [e for pair in zip(one, other, strict=False) for e in pair if isinstance(e, DoneEvent)]
    ends += [e for stream in (one, other) for e in stream if isinstance(e, DoneEvent)]
    assert [end.completion.usage.completion_tokens for end in ends] == [20, 20]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")
def test_no_port_listens_and_nobody_else_may_enter(gemma: LlamaCppEngine) -> None:
    listening = [c for c in psutil.Process().net_connections("inet") if c.status == "LISTEN"]
    assert listening == []
    folder = Path(gemma._server.address.removeprefix("unix://")).parent
    assert folder.stat().st_mode & 0o077 == 0


def test_the_private_folder_is_gone_after_closing(gemma_gguf: Path) -> None:
    with LlamaCppEngine(gemma_gguf, threads=1, parallel=1, context=64) as engine:
        folder = engine._server._folder
        assert folder.is_dir()
    assert not folder.exists()


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF and then nothing that makes sense" * 50)
    with pytest.raises(EngineError, match="could not start") as caught:
        LlamaCppEngine(path)
    assert caught.value.where == str(path)


_SCRIPT = """
from pathlib import Path
import sys
from kakehashi.engine import Control, Request, complete
from kakehashi.engine.llama_cpp import LlamaCppEngine
engine = LlamaCppEngine(Path(sys.argv[1]), threads=1, parallel=1, context=64)
request = Request((Control("<bos>"), "a"), max_tokens=50)
complete(engine, [request])
if sys.argv[2] == "close":
    engine.close()
if sys.argv[2] == "leave it running":
    stream = engine.generate([request])
    next(stream)
"""


@pytest.mark.parametrize("end", ["close", "forget to close", "leave it running"])
def test_a_process_says_nothing_and_ends_well(gemma_gguf: Path, end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(gemma_gguf), end],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_text_begins_as_it_was_told_and_that_is_scored(gemma: LlamaCppEngine) -> None:
    free, held, other = complete(
        gemma,
        [
            prompt(logprobs=True),
            prompt(logprobs=True, begins='介護支援"専門員"は', max_tokens=60),
            prompt(logprobs=True, begins="zzzz", max_tokens=60),
        ],
    )
    assert held.text.startswith('介護支援"専門員"は')
    assert "\n" not in held.text
    assert other.text.startswith("zzzz")
    assert free.score is not None
    assert held.score is not None
    assert held.score < free.score  # greedy is the likeliest; what is forced is not
