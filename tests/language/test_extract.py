from __future__ import annotations

from itertools import product

from kakehashi.language.extract import Sentence, rank
from kakehashi.language.morphology import content_words, names, unknown_names

JA = [
    "南原市は15日、川沿いに建設していた中央図書館を開館した。",
    "開館式には市民ら300人が集まった。",
    "そのため駐車場は満車だった。",
    "「とてもうれしい」と市民の一人は話した。",
    "図書館は2階と3階に本を置き、洪水のときにも開館を続けられる。",
    "建設費は29億円で、市が半分を負担した。",
    "天気は晴れだった。",
    "南原市の中央図書館は15日、川沿いで開館した。",
    "誰が来るのだろうか。",
]


def test_the_sentences_that_carry_the_text_come_first() -> None:
    chosen = rank([Sentence(text, "ja", at) for at, text in enumerate(JA)], 3)
    assert chosen[0] in (0, 7)
    assert {2, 3, 6, 8}.isdisjoint(chosen)


def test_two_sentences_that_say_the_same_are_not_both_chosen() -> None:
    chosen = rank([Sentence(text, "ja", at) for at, text in enumerate(JA)], 3)
    assert not {0, 7} <= set(chosen)


def test_headings_pull() -> None:
    filler = [f"The {noun} was painted green last summer." for noun in ("fence", "gate", "wall")]
    texts = [*filler, "Flood insurance costs will double next spring in town.", *filler]
    sentences = [Sentence(text, "en", 9) for text in texts]
    assert 3 in rank(sentences, 2, ["Flood insurance costs"])


def test_a_long_text_is_taken_in_parts_and_the_point_is_found() -> None:
    words = ["".join(letters) for letters in product("bdfgklmnprst", "aeiou", "kmnrst", "aeiou")]
    texts = [f"The {a} {b} was {c} the {d}." for a, b, c, d in zip(*[iter(words)] * 4, strict=True)]
    assert len(texts) > 400
    texts[300] = "The barrier against floods will protect the lower town from any flood."
    texts[350] = "The flood barrier protects the flood plain, said the flood committee."
    texts[351] = "A flood barrier of steel protects the plain in every flood."
    chosen = rank([Sentence(text, "en", 5) for text in texts], 5, ["Flood barrier"])
    assert {300, 350, 351} & set(chosen)


def test_nothing_in_nothing_out() -> None:
    assert rank([], 3) == []


def test_content_words_are_dictionary_forms() -> None:
    assert content_words("図書館を開館しました。", "ja") == ["図書館", "開館"]
    assert content_words("The libraries opened yesterday.", "en") == [
        "library",
        "open",
        "yesterday",
    ]


def test_names_of_both_languages() -> None:
    assert {"田中", "スカイツリー", "NHK"} <= set(
        names("田中さんはスカイツリーをNHKで見た。", "ja")
    )
    assert names("The mayor met Keiko Arimura of NHK.", "en") == ["Keiko", "Arimura", "NHK"]


def test_an_invented_name_is_found() -> None:
    source = "佐藤市長は開館を祝った。"
    assert unknown_names("鈴木市長は開館を祝った。", source, "ja") == ["鈴木"]
    assert unknown_names("佐藤市長が祝った。", source, "ja") == []


def test_a_text_longer_than_the_dictionary_takes_at_once() -> None:
    assert content_words("図書館。" * 20_000, "ja").count("図書館") >= 19_990
