from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.engine.base import Request
from kakehashi.engine.scripted import Reply, ScriptedEngine
from kakehashi.errors import InputError, LanguageError
from kakehashi.server.engines.loading import scripted_manifest
from kakehashi.server.engines.metered import MeteredEngine
from kakehashi.server.engines.offers import SKILLS, bound, skill, summary, translation
from kakehashi.settings import Settings

PIECES = (
    "The mayor, who was elected in 2019, opened the library (令和5年), ",
    "Yes. ",
    "！？。",
    "市長は、平成31年に選ばれ、新しい図書館を、港南町の駅前に、",
    "です。",
    "\n",
    "\n\n- ",
    "１２３，４５６円、",
    "https://example.jp/a/b",
    "ｱｲｳ、",
    "No",
    " ",
)


def greedy(request: Request) -> Reply:
    """Uses all that it may, and is so bad that everything is tried again."""
    return Reply("くり返し", loop=True)


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join),
    st.sampled_from(["ja", "en", "summary", "summary in English"]),
)
def test_no_work_uses_more_than_its_bound(text: str, what: str) -> None:
    settings = Settings()
    work = {
        "ja": translation(text, "ja", settings),
        "en": translation(text, "en", settings),
        "summary": summary(text, settings),
        "summary in English": summary(text, settings, to="en"),
    }[what]
    engine, manifest = ScriptedEngine(greedy, context_tokens=4096), scripted_manifest()
    most = bound(work, engine, manifest)
    metered = MeteredEngine(engine)
    with suppress(InputError):  # nothing in it to summarise
        list(work.run(metered, manifest))
    assert metered.usage.prompt_tokens <= most.prompt_tokens
    assert metered.usage.completion_tokens <= most.completion_tokens
    assert most.characters == len(text)


def test_the_bound_is_not_far_too_large() -> None:
    text = "The library is closed on Mondays. Please wait here for the clerk. " * 5
    work = translation(text, "ja", Settings())
    engine, manifest = ScriptedEngine(greedy, context_tokens=4096), scripted_manifest()
    most = bound(work, engine, manifest)
    metered = MeteredEngine(engine)
    list(work.run(metered, manifest))
    assert most.completion_tokens <= 12 * metered.usage.completion_tokens


def test_a_skill_has_a_name() -> None:
    assert set(SKILLS) == {
        "kakehashi-translate-ja",
        "kakehashi-translate-en",
        "kakehashi-summarise",
    }
    with pytest.raises(LanguageError):
        skill("gpt-4")
