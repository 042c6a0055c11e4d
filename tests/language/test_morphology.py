from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from kakehashi.language.morphology import morphemes

TEXT = "図書館の開館時間は、来月から午前9時に変わります。" * 40


def test_threads_do_not_get_in_each_others_way() -> None:
    expected = [word.surface() for word in morphemes(TEXT)]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda _: [word.surface() for word in morphemes(TEXT)], range(64))
    assert all(words == expected for words in found)
