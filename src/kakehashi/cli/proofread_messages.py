"""What `kakehashi proofread` says to people: Japanese first, English second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kakehashi.language.proofread import SEVERITIES, Finding

STANDARD_INPUT: Final = "標準入力 (standard input)"
SEVERITY: Final = {"error": "誤り error", "warning": "注意 warning", "info": "参考 info"}
REMOVE: Final = "(削除 remove)"
OFFICIAL_ONLY: Final = "  (--official)"
OUTPUT_WITHOUT_FIX: Final = "-o は --fix と一緒に使います (-o goes with --fix)"
OUTPUT_WITHOUT_FIX_HINT: Final = "--fix を付けるか -o を外してください (add --fix, or leave -o out)"
PDF_IN_PLACE: Final = "PDF は書き戻せません (a PDF cannot be written back)"
PDF_IN_PLACE_HINT: Final = "-o で .docx の名前を付けてください (give the name of a .docx with -o)"
NOTHING: Final = "指摘はありません。 / Nothing found."
_LONGEST: Final = 40


def found(text: str) -> str:
    """The characters a finding is about, in quotation marks, cut if they are a long sentence."""
    flat = " ".join(text.split("\n")) or " "
    return f"「{flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + '…'}」"


def summary(left: Sequence[Finding], fixed: int) -> str:
    """The last line."""
    mended = f"{fixed}件を直しました。 / {fixed} mended. " if fixed else ""
    if not left:
        return mended or NOTHING
    counts = Counter(one.severity for one in left)
    parts = "、".join(f"{SEVERITY[one]} {counts[one]}" for one in SEVERITIES if counts[one])
    safe = sum(one.safe for one in left)
    more = f" (うち{safe}件は --fix で直せます / {safe} can be mended with --fix)" if safe else ""
    return f"{mended}{len(left)}件: {parts}{more}"
