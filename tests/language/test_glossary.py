from __future__ import annotations

import pytest

from kakehashi.documents.base import Segment
from kakehashi.engine.base import Request
from kakehashi.engine.scripted import request_text
from kakehashi.language.glossary import Entry, Glossary, forbidden, term_report, uses
from kakehashi.language.mending import mended
from kakehashi.language.mixing import mixed
from kakehashi.language.results import Language
from kakehashi.language.terms import pattern
from kakehashi.language.translate import Translator
from tests.language.helpers import engine, manifest, marked, task_of

TERMS = Glossary(
    [
        Entry(("care manager",), ("介護支援専門員",), "noun", forbidden=("ケアマネ",)),
        Entry(("ward office",), ("区役所",), "noun"),
        Entry(("ward",), ("区",), "noun"),
        Entry(("submit",), ("提出する", "出す"), "verb"),
        Entry(("take over",), ("引き継ぐ",), "verb"),
        Entry(("Kakehashi Hall",), ("かけはしホール",), "name"),
        Entry(("GIS",), ("地理情報システム",), "noun"),
        Entry(("one way only",), ("一方向",), "noun", directions=("ja-en",)),
    ]
)


def asked(body: str, to: Language, variant: int = 0) -> str:
    hits = TERMS.find(body, to)
    return mixed(body, hits, [variant] * len(hits), to)


def test_the_longest_term_wins_and_directions_hold() -> None:
    hits = TERMS.find("The ward office of each ward goes one way only.", "ja")
    assert [hit.pattern.text for hit in hits] == ["ward office", "ward"]
    assert [hit.pattern.text for hit in TERMS.find("一方向だけ通れる。", "en")] == ["一方向"]


def test_entries_for_one_term_are_taken_together() -> None:
    glossary = Glossary([Entry(("clinic",), ("診療所",)), Entry(("Clinic",), ("医院",))])
    (hit,) = glossary.find("The clinic is open.", "ja")
    assert [one.text for one in hit.rule.targets] == ["診療所", "医院"]
    assert [use.applied for use in uses([hit], "医院は開いている。", "ja")] == [True]


@pytest.mark.parametrize(
    ("body", "to", "expected"),
    [
        ("The care managers visit you.", "ja", "The 介護支援専門員 visit you."),
        ("He submitted the form.", "ja", "He 提出した the form."),
        ("It was taken over.", "ja", "It was 引き継がれた."),
        ("Submit the form.", "ja", "提出し the form."),
        # side by side with another term, the verb stays as it is
        ("The care manager submitted it.", "ja", "The 介護支援専門員 submitted it."),
        ("介護支援専門員が訪問します。", "en", "the care managerが訪問します。"),
        ("新しい介護支援専門員が来た。", "en", "新しいcare managerが来た。"),
        ("この区役所は古い。", "en", "このward officeは古い。"),
        ("かけはしホールへ行く。", "en", "Kakehashi Hallへ行く。"),
        ("書類を提出しました。", "en", "書類をsubmittedしました。"),
        ("書類は提出されていない。", "en", "書類はsubmittedされていない。"),
        ("妹が店を引き継いだ。", "en", "妹が店をtook overした。"),
        ("店を引き継いでください。", "en", "店をtake overしてください。"),
    ],
)
def test_sentences_are_mixed_by_form(body: str, to: Language, expected: str) -> None:
    assert asked(body, to) == expected


@pytest.mark.parametrize(
    ("target", "terms", "expected"),
    [
        ("care manager will come.", [("care manager", "noun")], "Care manager will come."),
        ("Your the care manager", [("care manager", "noun")], "Your care manager"),
        ("a evacuation site", [("evacuation site", "noun")], "an evacuation site"),
        ("The cost was reimburse.", [("reimburse", "verb")], "The cost was reimbursed."),
        ("It will relocated.", [("relocate", "verb")], "It will relocate."),
        ("the Sakura card", [("Sakura Card", "name")], "the Sakura Card"),
        ("It is not it.", [("IT", "noun")], "It is not it."),
    ],
)
def test_english_around_a_term_is_mended(
    target: str, terms: list[tuple[str, str]], expected: str
) -> None:
    patterns = [pattern(text, "en", kind) for text, kind in terms]  # type: ignore[arg-type]
    assert mended(target, patterns) == expected


def test_what_was_used_and_what_must_not_be() -> None:
    hits = TERMS.find("A care manager and another care manager submit it.", "ja")
    told = uses(hits, "介護支援専門員とケアマネが出した。", "ja")
    assert [(use.source, use.applied) for use in told] == [
        ("care manager", True), ("care manager", False), ("submit", True),
    ]  # fmt: skip
    assert forbidden(hits, "ケアマネが出した。", "ja") == [("care manager", "ケアマネ")]
    assert forbidden(hits, "介護支援専門員が出した。", "ja") == []


def test_the_model_reads_the_term_and_nothing_else_changes() -> None:
    def say(request: Request) -> str:
        assert request_text(request) == "The 介護支援専門員 will come on Friday."
        return "介護支援専門員が金曜日に来ます。"

    model = engine(say)
    result = Translator(model, manifest()).translate(
        "The care manager will come on Friday.", "ja", glossary=TERMS
    )
    assert (str(result), result.flags, len(model.requests)) == (
        "介護支援専門員が金曜日に来ます。", (), 1,
    )  # fmt: skip
    (use,) = result.segments[0].sentences[0].terms
    assert (use.source, use.target, use.applied) == ("care manager", "介護支援専門員", True)


def test_a_sentence_without_a_term_is_asked_as_ever() -> None:
    model = engine({"Wait here.": "ここでお待ちください。"})
    result = Translator(model, manifest()).translate("Wait here.", "ja", glossary=TERMS)
    assert (str(result), len(model.requests)) == ("ここでお待ちください。", 1)


def test_a_cell_that_is_a_term_needs_no_model() -> None:
    model = engine({})
    translator = Translator(model, manifest())
    results = translator.translate_batch(["Ward office", "Care managers"], "ja", glossary=TERMS)
    assert results == ["区役所", "介護支援専門員"]
    assert translator.translate("区役所", "en", glossary=TERMS) == "Ward office"
    assert model.requests == []
    assert results[0].segments[0].sentences[0].origin == "glossary"


def test_what_is_missing_is_forced_where_the_model_likes_it_best() -> None:
    """The best beginning by score is taken; here the one that takes the model's own word away."""

    def say(request: Request) -> str:
        if not request.begins:
            return "かむホールは休みです。"
        return "は休みです。"

    model = engine(say)
    result = Translator(model, manifest()).translate(
        "Kakehashi Hall is closed.", "ja", glossary=TERMS
    )
    assert result == "かけはしホールは休みです。"
    assert result.flags == ()
    begins = [request.begins for request in model.requests if request.begins]
    assert "かけはしホール" in begins
    assert all(request.logprobs for request in model.requests if request.begins)
    assert result.usage.completion_tokens > len("かけはしホールは休みです。")


def test_what_stays_missing_is_flagged_and_reported() -> None:
    text = "The GIS shows the pipes."
    # Nothing can be forced when the sentence that comes is refused for other reasons.
    model = engine(lambda request: "loop " * 60 if request.begins else "管の場所がわかります。")
    done = list(
        Translator(model, manifest()).stream([Segment(0, text, "cell B4")], "ja", glossary=TERMS)
    )
    assert [one.code for one in done[0].flags] == ["glossary-missed"]
    assert done[0].flags[0].evidence == "GIS → 地理情報システム"
    report = term_report(done)
    assert (report.occurrences, report.applied) == (1, 0)
    assert report.missed == (("cell B4", "GIS", "地理情報システム"),)


def test_names_that_the_glossary_explains_are_no_flags() -> None:
    model = engine({"Our 地理情報システム is new.": "当社の地理情報システムは新しい。"})
    result = Translator(model, manifest()).translate("Our GIS is new.", "ja", glossary=TERMS)
    assert result.flags == ()


def test_terms_under_marks_and_protected_text() -> None:
    def say(request: Request) -> str:
        text = request_text(request)
        assert task_of(request) == "translate:en-ja"
        return {"The 区役所 runs `GIS`.": "区役所は`GIS`を動かす。"}.get(
            text, "区役所はGISを動かす。"
        )

    segment = marked("The *ward office* runs `GIS`.")
    model = engine(say)
    (done,) = Translator(model, manifest()).stream([segment], "ja", glossary=TERMS)
    assert done.target == "区役所はGISを動かす。"
    assert [done.target[one.start : one.end] for one in done.marks] == ["区役所", "GIS"]
    assert done.flags == ()
    assert [request_text(one) for one in model.requests] == ["The 区役所 runs GIS."]


def test_a_term_that_comes_twice_is_a_hint_and_no_retry() -> None:
    model = engine(lambda _: "区役所は区役所の二階が休みです。")
    result = Translator(model, manifest()).translate(
        "The ward office is closed on the second floor.", "ja", glossary=TERMS
    )
    assert [(one.code, one.severity) for one in result.flags] == [("glossary-repeated", "low")]
    assert len(model.requests) == 1
