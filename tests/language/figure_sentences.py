"""Own sentences with quantities, dates and times: frames that are filled with figures of a kind.

``FRAMES[language]`` are (sentence with ``{0}``, ``{1}`` …, the kinds of what goes in there);
``FIGURES[language][kind]`` are the figures. `sentences` fills them by turns, always the same.
"""

from __future__ import annotations

from typing import Literal

FRAMES: dict[Literal["en", "ja"], list[tuple[str, str]]] = {
    "en": [
        ("The company reported sales of {0}, up {1} from a year earlier.", "money percent"),
        ("The city will spend {0} on the new library.", "money"),
        ("The new bridge cost {0} and took three years to build.", "money"),
        ("The application deadline is {0}.", "date"),
        ("The museum will reopen on {0} after a long renovation.", "date"),
        ("About {0} people visited the museum last year.", "count"),
        ("The population of the prefecture fell to {0} in {1}.", "count fiscal"),
        ("The budget for {0} is {1}.", "fiscal money"),
        ("The meeting starts at {0} on {1}.", "time date"),
        ("The shop is open from {0} every day.", "time"),
        ("The library has {0} books.", "count"),
        ("Exports rose {0} to {1}.", "percent money"),
        ("The train left the station at {0}.", "time"),
        ("The tax rate will be raised to {0} on {1}.", "percent date"),
        ("She was born on {0}.", "date"),
        ("The government approved a plan to borrow {0}.", "money"),
        ("The factory produces {0} cars a year.", "count"),
        ("The ticket costs {0}.", "price"),
        ("The annual membership fee is {0}.", "price"),
        ("The lake covers an area of {0}.", "measure"),
        ("The trail is {0} long.", "measure"),
        ("Of the respondents, {0} said they were satisfied.", "percent"),
        ("The fund has grown to {0} since {1}.", "money date"),
        ("More than {0} residents signed the petition.", "count"),
        ("The law takes effect on {0}.", "date"),
        ("The hospital received a donation of {0}.", "money"),
        ("The results will be announced at {0}.", "time"),
        ("The contract ends on {0}.", "date"),
        ("The company lost {0} in {1}.", "money fiscal"),
        ("Sales in the first half were {0}, down {1}.", "money percent"),
    ],
    "ja": [
        ("同社の売上高は{0}で、前年より{1}増えた。", "money percent"),
        ("市は新しい図書館に{0}を支出する。", "money"),
        ("申込期限は{0}です。", "date"),
        ("美術館は{0}に再開します。", "date"),
        ("昨年は約{0}人が博物館を訪れた。", "count"),
        ("{0}の予算は{1}である。", "fiscal money"),
        ("会議は{1}の{0}から行います。", "time date"),
        ("店は毎日{0}に開きます。", "time"),
        ("図書館には{0}冊の本がある。", "count"),
        ("輸出は{0}増の{1}となった。", "percent money"),
        ("電車は{0}に駅を出発した。", "time"),
        ("税率は{1}に{0}へ引き上げられる。", "percent date"),
        ("彼女は{0}に生まれた。", "date"),
        ("政府は{0}を借り入れる計画を承認した。", "money"),
        ("工場では年間{0}台の車を生産している。", "count"),
        ("入場料は{0}です。", "price"),
        ("年会費は{0}です。", "price"),
        ("公園の面積は{0}です。", "measure"),
        ("遊歩道の長さは{0}です。", "measure"),
        ("回答者の{0}が満足していると答えた。", "percent"),
        ("基金は{0}に達した。", "money"),
        ("{0}人を超える住民が署名した。", "count"),
        ("この法律は{0}に施行される。", "date"),
        ("病院は{0}の寄付を受けた。", "money"),
        ("結果は{0}に発表されます。", "time"),
        ("契約は{0}に終了する。", "date"),
        ("{0}の赤字は{1}だった。", "fiscal money"),
        ("上半期の売上は{0}で、{1}減った。", "money percent"),
        ("人口は{1}に{0}人まで減った。", "count fiscal"),
        ("説明会は{0}に市役所で開かれます。", "date"),
    ],
}

FIGURES: dict[Literal["en", "ja"], dict[str, list[str]]] = {
    "en": {
        "money": ["2.9 billion yen", "$1.1 billion", "350 million yen", "$45 million", "12.5 billion yen",
                  "€3.2 million", "1.8 trillion yen", "$950,000", "620,000 yen", "75 billion yen", "$2.35 million"],
        "percent": ["12 percent", "3.5%", "0.8 percent", "25%", "7.25 percent", "140%"],
        "date": ["Monday, April 15, 2024", "May 31", "October 3, 2025", "January 8, 1989", "15 March 2023",
                 "Friday, June 7", "December 31, 2024", "February 29, 2024", "July 20", "Nov. 5, 2022"],
        "count": ["18,200", "1.37 million", "182,000", "3,400", "2.4 million", "56,789", "120,000", "9,850"],
        "fiscal": ["fiscal year 2024", "fiscal 2025", "FY2023", "fiscal year 2019"],
        "time": ["3:30 p.m.", "9 a.m.", "10:15 a.m.", "6 p.m.", "15:30", "8:45 a.m."],
        "price": ["1,200 yen", "$15", "25,000 yen", "$3.50", "980 yen", "€40", "10,000 yen"],
        "measure": ["5,400 square meters", "12.5 kilometers", "3.2 km", "1,500 meters", "48 hectares"],
    },
    "ja": {
        "money": ["29億円", "11億ドル", "3億5,000万円", "4500万ドル", "125億円", "二億九千万円", "1兆8,000億円",
                  "95万ドル", "６２万円", "７５０億円", "235万ユーロ"],
        "percent": ["12％", "3.5%", "２割", "25パーセント", "1割5分", "0.8%"],
        "date": ["令和6年4月15日（月）", "5月31日", "2025年10月3日", "昭和64年1月7日", "令和５年３月１５日", "6月7日（金）",
                 "平成31年4月30日", "2024年2月29日", "令和元年5月1日", "R4.11.5"],
        "count": ["1万8,200", "137万", "18万2千", "3,400", "２４０万", "5万6,789", "十二万", "9850"],
        "fiscal": ["令和6年度", "2025年度", "平成30年度", "令和元年度"],
        "time": ["午後3時半", "午前9時", "午前10時15分", "18時", "15時30分", "午後６時"],
        "price": ["1,200円", "15ドル", "2万5千円", "９８０円", "40ユーロ", "1万円", "三千円"],
        "measure": ["5,400平方メートル", "12.5キロメートル", "3.2km", "1,500メートル", "48ヘクタール"],
    },
}  # fmt: skip


def sentences(language: Literal["en", "ja"], count: int) -> list[tuple[str, tuple[str, ...]]]:
    """`count` sentences, each with the figures in it; no two are the same."""
    turn: dict[str, int] = dict.fromkeys(FIGURES[language], 0)
    made: dict[str, tuple[str, ...]] = {}
    at = 0
    while len(made) < count:
        frame, kinds = FRAMES[language][at % len(FRAMES[language])]
        at += 1
        figures = []
        for kind in kinds.split():
            values = FIGURES[language][kind]
            figures.append(values[turn[kind] % len(values)])
            turn[kind] += 1
        made.setdefault(frame.format(*figures), tuple(figures))
    return list(made.items())
