"""What the messages of one streamed completion say, gathered into a `Completion`.

llama.cpp (in process or as a server), vLLM and OpenAI send the same shape with small
differences; this file knows them all.
"""

from __future__ import annotations

from typing import Any

from kakehashi.engine.base import Completion, StopReason, Usage


class StreamState:
    """The state of one streamed completion.

    Args:
        begun: text that the completion begins with although the server does not send it.

    Attributes:
        error: what went wrong, in the server's words; empty while all is well.
        prefill_seconds, decode_seconds: to be used where the server reports no timings.
    """

    def __init__(self, begun: str = "") -> None:
        self.begun = begun
        self.error = ""
        self.prefill_seconds = 0.0
        self.decode_seconds = 0.0
        self._text: list[str] = [begun] if begun else []
        self._reason: StopReason = "cancelled"
        self._timings: dict[str, Any] = {}
        self._usage: dict[str, Any] = {}
        self._logprobs: list[float] = []
        self._messages = 0

    def take(self, message: dict[str, Any]) -> str:
        """Note one message and return the text that it adds."""
        if message.get("error"):
            error = message["error"]
            told = error.get("message", error) if isinstance(error, dict) else error
            self.error = str(told)
            return ""
        self._timings = message.get("timings") or self._timings
        self._usage = message.get("usage") or self._usage
        added = ""
        for choice in message.get("choices") or ():
            added += choice.get("text") or ""
            self._take_logprobs(choice.get("logprobs") or {})
            if choice.get("finish_reason") is not None:
                self._reason = "length" if choice["finish_reason"] == "length" else "stop"
        if added:
            self._messages += 1
            self._text.append(added)
        return added

    def _take_logprobs(self, logprobs: dict[str, Any]) -> None:
        # llama.cpp names a list of tokens "content"; the older OpenAI form is parallel lists.
        found = [token["logprob"] for token in logprobs.get("content") or ()]
        found += logprobs.get("token_logprobs") or ()
        self._logprobs += [float(value) for value in found if value is not None]

    @property
    def finished(self) -> bool:
        """Whether the server has said why it ended."""
        return self._reason != "cancelled"

    def completion(self, prompt_tokens: int, *, scored: bool) -> Completion:
        """The completion so far.

        Token counts are the server's own. Where it was stopped before it could report, they
        come from the timings of its last message, and from a server that sends neither, one
        message counts as one token.

        Args:
            prompt_tokens: used where the server does not report them.
            scored: whether log-probabilities were asked for.
        """
        details = self._usage.get("prompt_tokens_details") or {}
        timings = self._timings
        made = self._usage.get("completion_tokens", timings.get("predicted_n", self._messages))
        usage = Usage(
            prompt_tokens=int(self._usage.get("prompt_tokens", prompt_tokens)),
            cached_tokens=int(timings.get("cache_n", details.get("cached_tokens") or 0)),
            completion_tokens=int(made),
            prefill_seconds=_seconds(timings.get("prompt_ms"), self.prefill_seconds),
            decode_seconds=_seconds(timings.get("predicted_ms"), self.decode_seconds),
        )
        score = None
        if scored and self._logprobs:
            score = sum(self._logprobs) / len(self._logprobs)
        return Completion("".join(self._text), self._reason, usage, score)


def _seconds(milliseconds: float | None, otherwise: float) -> float:
    return otherwise if milliseconds is None else float(milliseconds) / 1000
