"""OpenAI's own client against a running server."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from kakehashi.server.keys.services import create_key
from kakehashi.server.metering.models import Entry, Measure, Reservation, Window
from tests.server.conftest import Live
from tests.server.helpers import city, limit
from tests.server.waiting import until

TWO = "The library is closed on Mondays. Please wait here."
TWO_JA = "図書館は月曜日が休みです。ここでお待ちください。"
TO_JA = "kakehashi-translate-ja"


def ask(live: Live, text: str = TWO, **more: Any) -> Any:
    given: dict[str, Any] = {
        "model": TO_JA,
        "messages": [{"role": "user", "content": text}],
        **more,
    }
    return live.openai().chat.completions.create(**given)


def test_models_are_listed_and_shown(live: Live) -> None:
    names = [model.id for model in live.openai().models.list()]
    assert TO_JA in names
    assert live.openai().models.retrieve(names[-1]).owned_by == "kakehashi"
    with pytest.raises(openai.NotFoundError) as error:
        live.openai().models.retrieve("gpt-4")
    assert error.value.code == "model_not_found"


def test_a_translation(live: Live) -> None:
    answer = ask(live)
    assert answer.choices[0].message.content == TWO_JA
    assert answer.choices[0].finish_reason == "stop"
    entry = Entry.objects.of(live.owner.organisation).get()
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (
        entry.prompt_tokens,
        entry.completion_tokens,
    )
    assert entry.completion_tokens == len(TWO_JA)  # a token of the scripted engine is a character
    assert (entry.characters, entry.model, entry.service) == (len(TWO), TO_JA, "openai.chat")


def test_the_last_message_of_the_user_is_the_text(live: Live) -> None:
    messages = [
        {"role": "system", "content": "You are a translator."},
        {"role": "user", "content": "Please wait here."},
        {"role": "assistant", "content": "ここでお待ちください。"},
        {"role": "user", "content": [{"type": "text", "text": "図書館は月曜日が休みです。"}]},
    ]
    answer = ask(live, model="kakehashi-translate-en", messages=messages)
    assert answer.choices[0].message.content == "The library is closed on Mondays."


def test_a_summary(live: Live) -> None:
    text = "市は来年四月に新しい図書館を開く。場所は港南町の駅前である。"
    answer = ask(live, text, model="kakehashi-summarise")
    assert answer.choices[0].message.content.splitlines()[1].startswith("場所は港南町")


def test_a_stream_ends_with_its_usage(live: Live) -> None:
    chunks: list[ChatCompletionChunk] = list(
        ask(live, stream=True, stream_options={"include_usage": True})
    )
    pieces = [
        c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content
    ]
    assert pieces == ["図書館は月曜日が休みです。", "ここでお待ちください。"]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    last = chunks[-1]
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens == Entry.objects.of(live.owner.organisation).get().tokens
    assert {chunk.id for chunk in chunks} == {last.id}
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_a_stream_without_usage_has_none(live: Live) -> None:
    chunks = list(ask(live, stream=True))
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("more", "text", "reason"),
    [
        ({"stop": "お待ち"}, "図書館は月曜日が休みです。ここで", "stop"),
        ({"stop": ["。ここ", "無い"]}, "図書館は月曜日が休みです", "stop"),
        ({"max_tokens": 3}, "図書館", "length"),
        ({"max_completion_tokens": len(TWO_JA)}, TWO_JA, "stop"),
        ({"max_completion_tokens": len(TWO_JA) - 1}, TWO_JA[:-1], "length"),
    ],
)
def test_an_answer_ends_where_it_should(
    live: Live, stream: bool, more: dict[str, Any], text: str, reason: str
) -> None:
    if stream:
        chunks = list(ask(live, stream=True, **more))
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert (said, chunks[-1].choices[0].finish_reason) == (text, reason)
    else:
        choice = ask(live, **more).choices[0]
        assert (choice.message.content, choice.finish_reason) == (text, reason)


@pytest.mark.parametrize(
    ("more", "status", "param", "code"),
    [
        ({"model": "gpt-4"}, 404, "model", "model_not_found"),
        ({"n": 2}, 400, "n", "unsupported_value"),
        ({"logprobs": True}, 400, "logprobs", "unsupported_value"),
        ({"response_format": {"type": "json_object"}}, 400, "response_format", "unsupported_value"),
        ({"tools": [{"type": "function"}]}, 400, "tools", "unsupported_value"),
        ({"stream_options": {"include_usage": True}}, 400, "stream_options", "unsupported_value"),
        ({"temperature": 2.1}, 400, "temperature", "invalid_value"),
        ({"max_tokens": 0}, 400, "max_tokens", "invalid_value"),
        ({"stop": list("abcde")}, 400, "stop", "invalid_value"),
        ({"messages": []}, 400, "messages", "invalid_value"),
        ({"messages": [{"role": "user", "content": " "}]}, 400, "messages", "unsupported_value"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "messages", "unsupported_value"),
        ({"extra_body": {"top_k": 3}}, 400, "top_k", None),
    ],
)
def test_what_cannot_be_done_is_refused_as_openai_refuses_it(
    live: Live, more: dict[str, Any], status: int, param: str, code: str | None
) -> None:
    with pytest.raises(openai.APIStatusError) as error:
        ask(live, **more)
    assert (error.value.status_code, error.value.param, error.value.code) == (status, param, code)
    assert Entry.unscoped.count() == Reservation.unscoped.count() == 0


def test_what_does_not_concern_us_is_accepted(live: Live) -> None:
    more: dict[str, Any] = {
        "seed": 7,
        "temperature": 0.3,
        "user": "clerk",
        "metadata": {"a": "b"},
        "n": 1,
    }
    assert ask(live, **more).choices[0].message.content == TWO_JA


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        ('{"model": "図'.encode(), "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"model=x", "application/x-www-form-urlencoded"),
        (b'{"model":"x","messages":[{"role":"user","content":"\\ud800"}]}', "application/json"),
    ],
)
def test_what_is_no_request_at_all_is_refused(live: Live, body: bytes, kind: str) -> None:
    headers = {"authorization": f"Bearer {live.key}", "content-type": kind}
    answer = httpx.post(f"{live.url}/v1/chat/completions", content=body, headers=headers)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "Basic abc"}, {"authorization": "Bearer"}]
)
def test_no_key_no_answer(live: Live, header: dict[str, str]) -> None:
    answer = httpx.post(f"{live.url}/v1/chat/completions", json={}, headers=header)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"


def test_a_key_must_have_the_scope(live: Live) -> None:
    key = create_key(live.owner, "figures", scopes=["usage"]).secret
    with pytest.raises(openai.PermissionDeniedError):
        live.openai(key).models.list()


def test_limits_are_told_in_headers(live: Live) -> None:
    limit(live.owner.organisation, Measure.REQUESTS, Window.MINUTE, 10)
    limit(live.owner.organisation, Measure.TOKENS, Window.MINUTE, 100_000)
    given: dict[str, Any] = {"model": TO_JA, "messages": [{"role": "user", "content": TWO}]}
    raw = live.openai().chat.completions.with_raw_response.create(**given)
    assert raw.headers["x-ratelimit-limit-requests"] == "10"
    assert raw.headers["x-ratelimit-remaining-requests"] == "9"
    assert 0 < int(raw.headers["x-ratelimit-remaining-tokens"]) < 100_000
    assert raw.headers["x-ratelimit-reset-tokens"].endswith("s")
    assert raw.headers["x-request-id"].startswith("req_")


def test_a_limit_that_is_reached_says_whether_waiting_helps(live: Live) -> None:
    minute = limit(live.owner.organisation, Measure.REQUESTS, Window.MINUTE, 1)
    ask(live)
    with pytest.raises(openai.RateLimitError) as error:
        ask(live)
    assert error.value.code == "rate_limit_exceeded"
    assert 0 < int(error.value.response.headers["retry-after"]) <= 60
    minute.delete()
    limit(live.owner.organisation, Measure.CHARACTERS, Window.DAY, len(TWO))
    with pytest.raises(openai.RateLimitError) as error:
        ask(live)
    assert error.value.code == "insufficient_quota"
    assert error.value.response.headers["x-should-retry"] == "false"
    assert "retry-after" not in error.value.response.headers


def test_a_client_that_goes_away_stops_the_engine_and_pays_what_was_made(live: Live) -> None:
    # Each sentence another one: what repeats is translated once.
    text = " ".join(f"Please wait [delay 0.05] here, number {n}." for n in range(40))
    with live.openai() as client:
        stream = client.chat.completions.create(
            model=TO_JA, messages=[{"role": "user", "content": text}], stream=True
        )
        next(iter(stream))
        stream.close()
    until(lambda: Reservation.unscoped.count() == 0)
    entry = Entry.objects.of(live.owner.organisation).get()
    assert entry.outcome == "cancelled"
    assert 0 < entry.completion_tokens < 2 * 40 * len("これは試しの文です。")


def test_another_organisations_budget_is_not_touched(live: Live) -> None:
    other = city("やま市", "other")
    limit(other.organisation, Measure.REQUESTS, Window.DAY, 0)
    ask(live)
    with pytest.raises(openai.RateLimitError):
        live.openai(create_key(other, "k").secret).chat.completions.create(
            model=TO_JA, messages=[{"role": "user", "content": TWO}]
        )
    assert Entry.objects.of(other.organisation).count() == 0


def test_the_description_can_be_read(live: Live) -> None:
    answer = httpx.get(f"{live.url}/v1/openapi.json")
    assert json.loads(answer.text)["openapi"].startswith("3.1")
