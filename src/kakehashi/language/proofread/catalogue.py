"""What the findings say to people: for each rule a sentence in Japanese and one in English.

`{text}`, `{suggestion}` and `{detail}` are filled in.
"""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, tuple[str, str]]] = {
    "doubled-particle": ("助詞が重なっています。", "The particle stands twice."),
    "particle-pair": (
        "続けて使えない助詞です。どちらかを消してください。",
        "These particles cannot follow each other; one is left over.",
    ),
    "doubled-word": ("同じ語が重なっています。", "The same words stand twice."),
    "object-twice": (
        "「を」が続いています。一方を「の」などに直してください。",
        "Two objects with を for one verb.",
    ),
    "ra-nuki": ("ら抜き言葉です。", "A potential form without its ら (ra-nuki)."),
    "i-nuki": ("い抜き言葉です。", "A colloquial ている without its い (i-nuki)."),
    "sa-ire": ("さ入れ言葉です。", "A causative with a さ too many (sa-ire)."),
    "re-tasu": ("れ足す言葉です。", "A potential form with a れ too many."),
    "broken-form": (
        "活用の形が途中で切れているか、文字が入れ替わっています。",
        "The form breaks off, or its characters are out of order.",
    ),
    "double-honorific": (
        "尊敬語が重なっています(二重敬語)。",
        "Two respectful forms on one verb (double honorific).",
    ),
    "humble-for-others": (
        "相手の動作に謙譲語を使っています。",
        "A humble form for what the other person does.",
    ),
    "title-twice": ("敬称が重なっています。", "Two marks of respect on one title."),
    "humble-twice": ("謙譲語が重なっています。", "Humble twice."),
    "spelling": ("誤字・脱字と思われます。", "Misspelt."),
    "homophone": (
        "同音の語の変換ミスと思われます。",
        "Probably the wrong word of several that sound alike.",
    ),
    "idiom": ("慣用句の形が本来と異なります。", "A set phrase in an unusual wording."),
    "tautology": ("意味が重なっています。", "Says the same thing twice."),
    "okurigana": ("送り仮名が違います。", "Wrong okurigana."),
    "half-width-kana": (
        "半角カナです。文字化けや検索漏れの原因になります。",
        "Half-width kana break in mail and searches.",
    ),
    "machine-dependent": (
        "機種依存文字です。相手の環境で表示されないことがあります。",
        "A character that some systems cannot show.",
    ),
    "combining-mark": ("濁点・半濁点が分かれています。", "The sound mark is a separate character."),
    "lookalike": (
        "形の似た別の文字(片仮名・平仮名・漢字・長音)です。",
        "A different character that looks like the right one.",
    ),
    "doubled-mark": ("句読点が重なっています。", "Two punctuation marks where one is meant."),
    "stray-space": ("文の中に全角スペースがあります。", "A full-width space inside a sentence."),
    "bracket-width": (
        "括弧の全角・半角が「{detail}」と合っていません。",
        "The closing bracket has another width than its partner.",
    ),
    "unbalanced-bracket": ("括弧の相手がありません。", "The bracket has no partner."),
    "mixed-style": (
        "敬体と常体が混じっています(この文書は{detail})。",
        "Polite and plain style are mixed; the document is {detail_en}.",
    ),
    "same-ending": ("同じ文末が{detail}回続いています。", "{detail} sentences in a row end alike."),
    "long-sentence": (
        "一文が{detail}字あります。分けると読みやすくなります。",
        "The sentence has {detail} characters; consider cutting it.",
    ),
    "many-commas": ("一文に読点が{detail}個あります。", "{detail} commas in one sentence."),
    "no-chain": ("「の」が{detail}回続いています。", "{detail} の in a row."),
    "ga-twice": (
        "一文に「が、」が二度あります。文を分けてください。",
        "Two clauses with が ('but') in one sentence.",
    ),
    "double-negation": ("二重否定です。", "A double negation."),
    "same-conjunction": (
        "同じ接続詞の文が続いています。",
        "Two sentences in a row begin with the same conjunction.",
    ),
    "tari-once": (
        "「たり」は「…たり…たり」と繰り返すのが本来の形です。",
        "たり is used in pairs.",
    ),
    "wrong-weekday": ("{detail}は{suggestion}曜日です。", "{detail} is a {suggestion_en}."),
    "no-such-date": ("暦にない日付です。", "There is no such date."),
    "era-year": (
        "元号と西暦が合わないか、その元号にない年です({detail})。",
        "The era's year does not fit ({detail}).",
    ),
    "notation": ("表記がゆれています({detail})。", "Spelt in more than one way ({detail})."),
    "digit-width": (
        "数字の全角・半角が混じっています({detail})。",
        "Full-width and half-width digits.",
    ),
    "letter-width": (
        "英字の全角・半角が混じっています({detail})。",
        "Full-width and half-width letters.",
    ),
    "punctuation-mix": (
        "句読点が混じっています({detail})。",
        "Two kinds of punctuation ({detail}).",
    ),
    "phrase-typo": (
        "定型句の脱字・衍字・入れ替わりと思われます。",
        "A stock phrase with a slip in it.",
    ),
    "loanword-typo": (
        "辞書にない片仮名語です。「{suggestion}」の誤りではありませんか。",
        "Not in the dictionary; perhaps {suggestion} is meant.",
    ),
    "official-auxiliary": (
        "公用文では補助動詞を仮名で書きます。",
        "Official writing spells auxiliary verbs in kana.",
    ),
    "official-word": (
        "公用文では「{suggestion}」と書きます。",
        "Official writing has {suggestion}.",
    ),
    "official-punctuation": (
        "公用文では「、」「。」を使います。",
        "Official writing uses 、 and 。.",
    ),
}
STYLES: Final = {"polite": "敬体", "plain": "常体"}
WEEKDAYS: Final = dict(
    zip(
        "月火水木金土日",
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


def reason(rule: str, text: str, suggestion: str | None, detail: str) -> tuple[str, str]:
    """The reason in Japanese and in English.

    Raises KeyError for a rule without a wording.
    """
    japanese, english = REASONS[rule]
    values = {"text": text, "suggestion": suggestion or "", "detail": STYLES.get(detail, detail)}
    return (
        japanese.format(**values),
        english.format(
            **{**values, "detail": detail},
            detail_en=detail,
            suggestion_en=WEEKDAYS.get(suggestion or "", ""),
        ),
    )
