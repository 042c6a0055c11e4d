from __future__ import annotations

import pytest

from kakehashi.language.checks import check
from kakehashi.language.currencies import currencies, exchanged


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("金額の単位は円です。", "The unit of money is the dollar.", "dollar"),
        ("The fee is paid in euros.", "料金はドルで払う。", "dollar"),
        ("It costs 300 yen.", "300円です。", None),
        ("¥300です。", "It costs 300 yen.", None),
        ("手数料は無料です。", "The fee is free.", None),
        ("料金は500円です。", "The fee is 500.", None),
        ("円を描いてください。", "Draw a circle.", None),
        ("円安で旅行者が増えた。", "The weak yen brought more tourists.", None),
        ("水族館のイルカはドルフィンと呼ばれる。", "They are called dolphins.", None),
        ("He weighs 150 pounds.", "彼の体重は150ポンドです。", None),
        ("The yen fell against the dollar.", "円はドルに対して下落した。", None),
    ],
)
def test_exchanged(source: str, target: str, found: str | None) -> None:
    assert exchanged(source, target) == found


def test_full_width_signs_are_read() -> None:
    assert currencies("￥１，２００") == {"yen"}


def test_the_checks_flag_it() -> None:
    flags = check("金額の単位は円です。", "The unit of money is the dollar.", "en")
    assert [flag.code for flag in flags] == ["currency-changed"]
    assert flags[0].evidence == "dollar"
