"""Own sentence pairs, English and Japanese, that a person would call good translations."""

from __future__ import annotations

import random

HAND: list[tuple[str, str]] = [
    ("The library is closed on Mondays.", "図書館は月曜日が休みです。"),
    ("Please take off your shoes here.", "ここで靴を脱いでください。"),
    ("Thank you for waiting.", "お待たせしました。"),
    ("No smoking.", "禁煙"),
    ("How much is this?", "これはいくらですか。"),
    ("I see.", "なるほど、そうですか。"),
    ("The mayor resigned.", "市長が辞任した。"),
    (
        "The city council approved the budget on Friday after two days of debate.",
        "市議会は2日間の審議を経て、金曜日に予算を可決した。",
    ),
    (
        "The new bridge, which is 1.2 kilometers long, will open to traffic on October 3.",
        "全長1.2キロメートルの新しい橋は、10月3日に開通する。",
    ),
    (
        "About 3,400 foreign residents live in the city, twice as many as ten years ago.",
        "市内にはおよそ3,400人の外国人が住んでおり、10年前の2倍になっている。",
    ),
    (
        "The company reported sales of 2.9 billion yen, up 12 percent from a year earlier.",
        "同社の売上高は29億円で、前年同期比12％増だった。",
    ),
    ("It opened in Reiwa 6 (2024).", "令和6年（2024年）に開館した。"),
    ("The application deadline is April 15, 2024.", "申込期限は令和6年4月15日です。"),
    (
        "Call 03-1234-5678 between 9 a.m. and 5 p.m.",
        "午前9時から午後5時の間に03-1234-5678へお電話ください。",
    ),
    (
        "See https://example.org/guide for details.",
        "詳しくはhttps://example.org/guideをご覧ください。",
    ),
    ("Send your questions to help@example.org.", "ご質問はhelp@example.orgまでお送りください。"),
    ("He bought three apples and two oranges.", "彼はりんごを3個とみかんを2個買った。"),
    ("The meeting room on the second floor is free.", "2階の会議室は空いています。"),
    ("Children under six get in free.", "6歳未満のお子様は無料です。"),
    (
        "The population fell below one million for the first time.",
        "人口が初めて100万人を下回った。",
    ),
    (
        '"We will not raise the tax this year," the governor said at a press conference.',
        "「今年は増税しない」と知事は記者会見で述べた。",
    ),
    (
        "Trains on the coastal line were stopped for about three hours because of strong winds.",
        "強風のため、海岸線の列車は約3時間運転を見合わせた。",
    ),
    ("The half-price sale ends today.", "半額セールは本日までです。"),
    ("A third of the members voted against it.", "会員の3分の1が反対票を投じた。"),
    ("Half of the rooms face the sea.", "半数の部屋が海に面している。"),
    ("Both sisters work at the hospital.", "姉妹は二人とも病院で働いている。"),
    ("WHO warned of a new outbreak.", "WHOは新たな流行について警告した。"),
    ("Python 3.12 or later is required.", "Python 3.12以降が必要です。"),
    ("Press Ctrl+C to stop the server.", "サーバーを止めるにはCtrl+Cを押してください。"),
    ("Connect the USB cable to the printer.", "USBケーブルをプリンターにつなぎます。"),
    ("The file is saved as report.docx.", "ファイルはreport.docxとして保存されます。"),
    ("The 2025 edition costs 1,980 yen including tax.", "2025年版は税込み1,980円です。"),
    ("Temperatures dropped to minus five degrees.", "気温は氷点下5度まで下がった。"),
    ("The store is open 24 hours a day.", "その店は24時間営業です。"),
    ("She came second in the race.", "彼女は競走で2位になった。"),
    ("The 19th century temple burned down in 1923.", "19世紀の寺は1923年に焼失した。"),
    ("We apologise for the inconvenience.", "ご不便をおかけして申し訳ございません。"),
    ("It's raining cats and dogs.", "土砂降りだ。"),
    ("You can borrow up to 15 books for two weeks.", "一度に15冊まで、2週間借りられます。"),
    (
        "The ward office will send the forms by the end of the month, so please wait a little.",
        "区役所から月末までに用紙をお送りしますので、しばらくお待ちください。",
    ),
    (
        "In a survey, 68 percent of people in their twenties had never written a letter.",
        "調査によると、20代の68％は手紙を書いたことが一度もなかった。",
    ),
    ("Ha ha ha, that's funny!", "あははは、おもしろい！"),
    ("The rain went drip, drip, drip all night.", "雨が一晩中ぽたぽたと落ちていた。"),
    ("Very, very good.", "とてもとてもよい。"),
    (
        "Turn left at the post office, and it is on your right.",
        "郵便局を左に曲がると、右側にあります。",
    ),
]

_PLACES = [("Minamihara", "南原"), ("Kitayama", "北山"), ("Hamasaki", "浜崎"), ("Otani", "大谷")]
_THINGS = [
    ("a sports center", "体育館"),
    ("a nursery school", "保育園"),
    ("a water treatment plant", "浄水場"),
    ("a bus terminal", "バスターミナル"),
]
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def generated(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """`count` pairs of the kind a city hall writes, with varied numbers, dates and money."""
    dice = random.Random(seed)
    makers = [_built, _event, _people, _fee, _vote, _weather]
    return [makers[number % len(makers)](dice) for number in range(count)]


def _built(dice: random.Random) -> tuple[str, str]:
    (en, ja), (thing, mono) = dice.choice(_PLACES), dice.choice(_THINGS)
    year, cost = dice.randint(2001, 2024), dice.randint(2, 9) * 100 + dice.randint(1, 99)
    return (
        f"The city of {en} built {thing} in {year} at a cost of {cost} million yen.",
        f"{ja}市は{year}年、{_million(cost)}円をかけて{mono}を建設した。",
    )


def _million(millions: int) -> str:
    """Yen in Japanese units: 345 million is 3億4500万."""
    oku, man = divmod(millions * 100, 10_000)
    return (f"{oku}億" if oku else "") + (f"{man}万" if man else "")


def _event(dice: random.Random) -> tuple[str, str]:
    en, ja = dice.choice(_PLACES)
    month, day, hour = dice.randint(1, 12), dice.randint(1, 28), dice.randint(1, 9)
    return (
        f"The {en} festival will be held on {_MONTHS[month - 1]} {day} from {hour} p.m.",
        f"{ja}まつりは{month}月{day}日の午後{hour}時から開かれます。",
    )


def _people(dice: random.Random) -> tuple[str, str]:
    count, share = dice.randint(1_000, 99_000), dice.randint(11, 89)
    return (
        f"Of the {count:,} people who answered, {share} percent said they were satisfied.",
        f"回答した{count:,}人のうち、{share}％が満足していると答えた。",
    )


def _fee(dice: random.Random) -> tuple[str, str]:
    fee, age = dice.randint(2, 30) * 100, dice.randint(60, 80)
    return (
        f"Admission is {fee:,} yen, and people aged {age} or over pay half.",
        f"入場料は{fee:,}円で、{age}歳以上の方は半額です。",
    )


def _vote(dice: random.Random) -> tuple[str, str]:
    yes, no = dice.randint(13, 40), dice.randint(2, 12)
    return (
        f"The plan was approved by {yes} votes to {no} after a long debate.",
        f"計画は長い議論の末、賛成{yes}、反対{no}で可決された。",
    )


def _weather(dice: random.Random) -> tuple[str, str]:
    rain, hours = dice.randint(50, 400), dice.randint(3, 47)
    return (
        f"As much as {rain} millimeters of rain fell in {hours} hours, and the river overflowed.",
        f"{hours}時間に{rain}ミリの雨が降り、川があふれた。",
    )
