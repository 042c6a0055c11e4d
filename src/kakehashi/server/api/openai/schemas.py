"""What OpenAI's clients send.

An argument that OpenAI does not know is refused, as there. What cannot change what our skills do
(`temperature`, `seed`, `user` …) is checked and not used; what would change the answer's form and
cannot be done (`tools`, `n`, `logprobs`, JSON) is refused in `chat.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Stop = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class TextPart(_Strict):
    """A part of a message."""

    type: Literal["text"]
    text: str


class Message(Schema):
    """A message; fields that concern tools are accepted in a history and not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """Its text."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "".join(part.text for part in self.content)


class StreamOptions(_Strict):
    """How to stream."""

    include_usage: bool = False
    include_obfuscation: bool | None = None


class ResponseFormat(Schema):
    """In which form to answer."""

    type: Literal["text", "json_object", "json_schema"]


class ChatRequest(_Strict):
    """``POST /v1/chat/completions``."""

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    stop: Stop | Annotated[list[Stop], Field(max_length=4)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    response_format: ResponseFormat | None = None
    n: Annotated[int, Field(ge=1, le=128)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    audio: Any = None
    modalities: list[str] | None = None
    web_search_options: Any = None
    # Checked, not used.
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    seed: int | None = None
    user: str | None = None
    logit_bias: dict[str, float] | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    service_tier: str | None = None
    prediction: Any = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    safety_identifier: str | None = None
    tool_choice: Any = None
    function_call: Any = None
    parallel_tool_calls: bool | None = None

    @property
    def stops(self) -> tuple[str, ...]:
        """The texts that end the answer."""
        if self.stop is None:
            return ()
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)

    @property
    def most_tokens(self) -> int | None:
        """Most tokens of the answer."""
        return self.max_completion_tokens or self.max_tokens
