"""A child process that holds one model and does the work that is being measured.

One model a process keeps the figures apart: memory belongs to one model, and nothing of the
other can be in its caches. The parent sends one JSON object a line and gets one back:

    {"do": "prefill", "texts": [...]}                    → tokens, seconds
    {"do": "decode", "texts": [...], "tokens": 128}      → tokens, seconds
    {"do": "translate", "texts": [...], "streams": 1}    → seconds, outputs, tokens
    {"do": "memory"}                                     → resident_bytes, peak_bytes
    {"do": "close"}

Tokens and seconds of `prefill` and `decode` are the engine's own counts; seconds of
`translate` are wall-clock time from the first prompt given to the last character received.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from kakehashi.bench.machine import memory_of
from kakehashi.engine import Control, Engine, Manifest, Request, complete
from kakehashi.engine.base import PromptPart
from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.engine.manifest import ControlPart, Task
from kakehashi.engine.models import load_engine
from kakehashi.errors import EngineError, KakehashiError

TASK = "translate:en-ja"
MOST_PROMPTS = 64


def opening(task: Task) -> tuple[PromptPart, ...]:
    """The control token at the very start of a template (begin of text), if there is one."""
    first = task.template[0] if task.template else None
    return (Control(first.control),) if isinstance(first, ControlPart) else ()


def prefill(engine: Engine, task: Task, texts: Sequence[str]) -> dict[str, float]:
    """Read each text as a prompt and generate one token.

    Tokens that came from the prompt cache are not counted.
    """
    tokens = 0
    seconds = 0.0
    for text in texts:
        (done,) = complete(engine, [Request((*opening(task), text), max_tokens=1)])
        tokens += done.usage.prompt_tokens - done.usage.cached_tokens
        seconds += done.usage.prefill_seconds
    return {"tokens": tokens, "seconds": seconds}


def decode(engine: Engine, task: Task, texts: Sequence[str], tokens: int) -> dict[str, float]:
    """Continue the texts, one stream, until `tokens` tokens have been generated.

    The end-of-text token is never taken (a model made for tasks ends a bare text at once), so
    that both models generate the same number; if one stops all the same, the next prompt is
    taken. The first token of a completion is the result of the prefill, and the
    engine's decode time begins after it; it is therefore not counted.

    Raises:
        EngineError: the model ends every text at once.
    """
    made = 0
    seconds = 0.0
    for number in range(MOST_PROMPTS):
        text = texts[number % len(texts)]
        request = Request((*opening(task), text), max_tokens=tokens - made + 1, ignore_eos=True)
        (done,) = complete(engine, [request])
        if done.usage.completion_tokens > 1:
            made += done.usage.completion_tokens - 1
            seconds += done.usage.decode_seconds
        if made >= tokens:
            return {"tokens": made, "seconds": seconds}
    raise EngineError(
        f"the model generated {made} tokens for {MOST_PROMPTS} prompts, {tokens} were asked for",
        hint="it ends every text at once; look at what it says with 'kakehashi translate'",
    )


def translate(engine: Engine, task: Task, texts: Sequence[str], streams: int) -> dict[str, Any]:
    """Translate sentences, one after the other or `streams` side by side.

    Greedy, one try, no checks: what the two models need for the same sentences, without the
    retries of the product, which would only make the worse model slower still. Prompt, stops
    and room for the output are those of the model's own manifest.
    """
    requests = [
        Request(
            task.render(text),
            max_tokens=task.max_tokens(engine.count_tokens(text)),
            stop=task.stop,
        )
        for text in texts
    ]
    start = time.perf_counter()
    if streams == 1:
        done = [complete(engine, [request])[0] for request in requests]
    else:
        done = complete(engine, requests)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "outputs": [one.text.strip() for one in done],
        "prompt_tokens": sum(one.usage.prompt_tokens for one in done),
        "cached_tokens": sum(one.usage.cached_tokens for one in done),
        "completion_tokens": sum(one.usage.completion_tokens for one in done),
    }


def answer(engine: Engine, manifest: Manifest, order: dict[str, Any]) -> dict[str, Any]:
    """Do what one line of the parent asks for."""
    task = manifest.task(TASK)
    if order["do"] == "prefill":
        return prefill(engine, task, order["texts"])
    if order["do"] == "decode":
        return decode(engine, task, order["texts"], order["tokens"])
    if order["do"] == "translate":
        return translate(engine, task, order["texts"], order["streams"])
    return {**memory_of()}


def serve(engine: Engine, manifest: Manifest, orders: TextIO, answers: TextIO) -> None:
    """Answer orders until one says close or the parent is gone."""
    for line in orders:
        order = json.loads(line)
        if order["do"] == "close":
            return
        try:
            result = answer(engine, manifest, order)
        except KakehashiError as error:
            result = {"error": error.what, "hint": error.hint}
        print(json.dumps(result, ensure_ascii=False), file=answers, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of ``python -m kakehashi.bench.worker --model DIR``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--streams", type=int, default=8)
    options = parser.parse_args(arguments)
    # What libraries print must not get between the answers: they keep descriptor 1, the
    # answers get a descriptor of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        start = time.perf_counter()
        engine, manifest = load_engine(options.model, parallel=options.streams)
    except KakehashiError as error:
        print(json.dumps({"error": error.what, "hint": error.hint}), file=answers, flush=True)
        return error.exit_code
    with engine:
        ready = {
            "ready": True,
            "load_seconds": time.perf_counter() - start,
            "file_bytes": manifest.bytes,
            "model": f"{manifest.name} {manifest.version}",
            "threads": engine.threads if isinstance(engine, LlamaCppEngine) else None,
        }
        print(json.dumps(ready), file=answers, flush=True)
        with open(0, encoding="utf-8", closefd=False) as orders:
            serve(engine, manifest, orders, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
