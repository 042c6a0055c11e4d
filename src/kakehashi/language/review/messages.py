"""What a review says to the person who corrects it: Japanese first, English second."""

from __future__ import annotations

from typing import Final

from kakehashi.language.flags import Flag

TITLE: Final = "翻訳の確認 / Review of a translation"
SHEET: Final = "確認 review"
ABOUT: Final = "この表について about"
NUMBER: Final = "番号\nNo."
PLACE: Final = "場所\nplace"
SOURCE: Final = "原文\nsource"
TARGET: Final = "訳文 (機械翻訳)\ntranslation (by machine)"
CORRECTION: Final = "修正 (ここに書く)\ncorrection (write here)"
BACK: Final = "逆翻訳\nback-translation"
FLAGS: Final = "確認する理由\nwhy to check"
MATCHES: Final = "過去の訳\nfrom the memory"
MARKS: Final = "marks"
HOW: Final = (
    "訳文を直すときは「修正」の列に、直した訳文の全体を書いてください。"
    "空のままなら今の訳文を使います。",
    "To correct a translation, write the whole corrected text into the column “correction”. "
    "An empty cell keeps the translation.",
    "文書に反映する: kakehashi review apply この表 --document 原文の文書 -o 出力する文書",
    "To put the corrections into the document: "
    "kakehashi review apply THIS-FILE --document SOURCE -o OUTPUT",
    "訳文は機械翻訳です。確認する理由が無い行にも誤りがありえます。",
    "The translations are machine-made. There may be mistakes in rows without a reason to check.",
)
FACTS: Final = {
    "document": "文書 document",
    "sha256": "文書のSHA-256 sha256 of the document",
    "to": "訳した言語 translated into",
    "model": "モデル model",
    "made": "作成日時 made",
    "rows": "区分の数 segments",
    "flagged": "確認する区分の数 segments to check",
    "sheet_names": "シート名も訳した sheet names translated",
}
SAVE: Final = "修正を保存 / Save corrections"
ONLY_FLAGGED: Final = "確認する行だけ / Only rows to check"
CUT: Final = "…"
PROTECTED: Final = "修正の列だけ書けます。 / Only the column “correction” can be written."

# Japanese wording of the flags; a code that is not here is told in English.
FLAGS_JA: Final[dict[str, str]] = {
    "empty": "訳が出ていません",
    "wrong-language": "指定した言語になっていません",
    "untranslated": "原文のまま訳されていません",
    "leftover": "一部が原文のまま残っています",
    "loop": "同じ語句が繰り返されています",
    "too-long": "原文に比べて長すぎます",
    "too-short": "原文に比べて短すぎます",
    "cut-off": "途中で切れています",
    "number-missing": "原文の数が抜けています",
    "number-extra": "原文にない数があります",
    "number-unit": "数の単位が抜けたか変わりました",
    "date-changed": "日付や時刻が原文と違います",
    "currency-changed": "原文と違う通貨になっています",
    "glossary-missed": "用語集の訳語になっていません",
    "glossary-repeated": "用語が原文より多く出ています",
    "glossary-forbidden": "用語集で使わないとされた語です",
    "memory-numbers": "過去の訳の数を原文に合わせて入れ替えました",
    "shortened": "指定の長さに切りました",
    "number-repaired": "数を原文に合わせて直しました",
    "date-impossible": "暦や元号にない日付です",
    "year-doubtful": "年度が暦年になったおそれがあります",
    "style-mixed": "文書のほかの部分と敬体・常体が違います",
    "name-guess": "原文にない漢字の人名です",
    "name-missing": "英字の名前が抜けています",
    "name-extra": "原文にない英字の名前があります",
    "protected-lost": "コード・URLなどが失われ、末尾に付けました",
    "mark-guessed": "太字・リンクなどの位置は推定です",
    "other-language": "日本語でも英語でもないため、そのままです",
    "sentence-cut": "長い文を分けて訳しました",
    "term-missing": "用語集のとおりに訳されていません",
    "invented": "原文にない名前や数です",
    "not-translated": "検査に通る訳がなく、原文のままです",
}
SEVERITY: Final = {"high": "高 high", "medium": "中 medium", "low": "低 low"}

# Errors.
NOT_A_REVIEW: Final = "this is not a review that Kakehashi made"
NOT_A_REVIEW_HINT: Final = (
    "give the .xlsx of 'translate --review', or the .json that its page saved"
)
HTML_REVIEW: Final = "this is the page, not its corrections"
HTML_REVIEW_HINT: Final = "open it in a browser, press “Save corrections”, and give the saved .json"
DAMAGED: Final = "the review is damaged: {what}"
DAMAGED_HINT: Final = "make the review again, or restore the columns that were changed"
TOO_LARGE: Final = "the workbook would unpack to more than {limit} MB"
MISMATCH: Final = "the review does not belong to this document ({count} rows differ)"
MISMATCH_HINT: Final = "give the document that was translated; nothing was written.\n    {rows}"
NO_SEGMENT: Final = "row {number}: the document has no segment {id}"
OTHER_TEXT: Final = "row {number}: the document has another text there: {text}"
TOO_LONG: Final = "row {number}: the translation was too long for a cell; write it as correction"
MISSING: Final = "segment {id} ({place}) of the document is not in the review"
MORE: Final = "… and {count} more"


def flag_words(one: Flag) -> str:
    """A flag in a line: severity, Japanese, English, and what it is about."""
    japanese = FLAGS_JA.get(one.code)
    words = f"{japanese} / {one.message}" if japanese else one.message
    evidence = f": {one.evidence}" if one.evidence else ""
    return f"[{SEVERITY[one.severity]}] {words}{evidence}"
