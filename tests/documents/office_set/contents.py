"""Sentences of the proof set: what a city hall and a company write. All of them written for it."""

from __future__ import annotations

JA_TITLE = "令和６年度　ごみの出し方が変わります"
JA_PARAGRAPHS = (
    "市では、令和６年４月１日から、ごみの分別の方法を見直します。燃やせるごみは、透明または半透明の"
    "袋に入れ、午前８時までに決められた集積所へ出してください。",
    "粗大ごみの収集は申込制です。申込みは、収集を希望する日の７日前までに、環境課（内線2341）へ"
    "お願いします。手数料は１点につき500円です。",
    "ﾍﾟｯﾄﾎﾞﾄﾙのふたは外し、中をすすいでから出してください。ラベルは、はがせるものだけで構いません。",
    "この件についてのご意見は、３月15日（金）まで受け付けます。いただいたご意見には、個別には"
    "お答えしませんが、市のホームページで市の考え方を公表します。",
    "なお、高齢の方や障がいのある方で、集積所まで運ぶことが難しい場合は、戸別収集を利用できます。"
    "利用には審査があります。",
)
JA_ITEMS = (
    "袋の口をしっかりしばる",
    "生ごみは水気を切る",
    "スプレー缶は穴をあけずに出す",
    "電池は「有害ごみ」の日に出す",
)
JA_TABLE = (
    ("種類", "曜日", "出し方"),
    ("燃やせるごみ", "月・木", "透明または半透明の袋"),
    ("資源（びん・缶）", "第２・第４水曜日", "青いかごに入れる"),
    ("有害ごみ", "第１金曜日", "品目ごとに分けて袋に入れる"),
)
JA_MEETING = (
    "議長が開会を宣し、出席者が定足数に達していることを確認した。",
    "事務局から、前回の議事録案について説明があり、全会一致で承認された。",
    "続いて、庁舎の改修工事について質疑を行った。工期が冬にかかるため、窓口の一部を移す必要がある"
    "との説明があった。",
    "委員から、移転先の案内表示を英語でも出すべきではないかとの意見が出された。",
    "事務局は、表示の案を次回までに示すと答えた。",
)
EN_TITLE = "Quarterly Report on the Service Desk"
EN_PARAGRAPHS = (
    "The service desk answered 4,812 calls between April and June 2024, eleven percent more than in "
    "the same quarter of the year before. Most of the callers asked about the new parking permits.",
    "Waiting times fell from nine minutes to just over five. The improvement came from moving two "
    "people from the counter to the telephones during the busy hours after lunch.",
    "We propose to keep this arrangement until the end of the year. The cost, about $18,500, can be "
    "paid from the budget that was set aside for temporary staff.",
    "A survey of 300 callers shows that four out of five were satisfied with the answer they "
    "received. Those who were not mostly had to call a second time.",
    "The next report will be ready in the first week of October. Please send your questions to the "
    "head of the service desk before then.",
)
EN_ITEMS = (
    "Publish the opening hours on the door and on the website",
    "Train two more people for the telephones",
    "Write answers to the twenty most common questions",
)
EN_TABLE = (
    ("Month", "Calls", "Comment"),
    ("April", "1,530", "New permits were announced"),
    ("May", "1,702", "The office was closed for two days"),
    ("June", "1,580", "One person was on leave"),
)
EN_NOTE = (
    "Counted by the telephone system; calls that were cut off within ten seconds are left out."
)
JA_NOTE = "令和５年度の実績による。速報値であり、確定値とは異なることがある。"
