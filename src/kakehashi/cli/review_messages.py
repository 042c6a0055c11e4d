"""What `kakehashi review` says to people: Japanese first, English second."""

from __future__ import annotations

from typing import Final

UNKNOWN_ENDING: Final = "確認表の形式が分かりません (a review is written as .xlsx or .html)"
UNKNOWN_ENDING_HINT: Final = (
    "名前の末尾を .xlsx か .html にしてください (let the name end in one of them)"
)
PIPED: Final = (
    "標準入力の文書には確認表を作れません (a review needs a document that can be opened again)"
)
PIPED_HINT: Final = "ファイルに保存してから訳してください (save what is piped into a file first)"
APPLIED: Final = (
    "{segments}区分のうち{corrected}か所の修正を反映しました: {output} / "
    "{corrected} corrections among {segments} segments"
)
REMEMBERED: Final = (
    "翻訳メモリに{count}件を加えました: {memory} / {count} entries kept in the memory"
)
WARNING: Final = "注意 note: {warning}"
NO_MEMORY: Final = "翻訳メモリの機能がありません (this installation has no translation memory)"
NO_MEMORY_HINT: Final = "--memory を外してください (leave --memory out)"
