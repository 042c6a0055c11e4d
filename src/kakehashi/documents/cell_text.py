"""Which cells of a table hold words, and which hold data that must stay as it is.

The same for CSV and spreadsheets. Numbers, dates of machines, codes, addresses of the web and
constants of programs are data. Words, and everything in Japanese (``令和6年度``, ``100円``), are
text: only the language room can say how they are written in another language.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from kakehashi.documents.inline import MAIL, URL

# Longer cells are sentences; the patterns below are only asked about short ones.
_LONGEST_CODE: Final = 300
_DATA: Final = re.compile(
    "|".join(
        (
            # One word of ASCII with a digit in it: A-001, 10kg, 2024-04-01T09:30, R6.4.1, 0x1F,
            # TEL:03-1234-5678, Q1, S_2024.csv.
            r"(?=\S*\d)[!-~]+",
            # Currencies, units and constants: JPY, km, OK, %, N/A. Longer ones are words (TOTAL).
            r"[A-Z]{1,3}|[a-z]{1,2}|(?:TRUE|FALSE|NULL|NONE|NaN|true|false|null|n/a|N/A)",
            # Numbers with a unit or a currency next to them: 3.5 km, USD 1,200, -4 %.
            r"[-+±¥$€£]?\s?[\d.,]+\s?[%‰A-Za-z/°²³]{1,4}",
            r"[A-Z]{3}\s?[-+]?[\d.,]+",
            r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T\s][\d:.]+(?:\s?[APap]\.?[Mm]\.?|Z)?",
            r"\d{1,2}:\d{2}(?::\d{2})?\s?[APap]\.?[Mm]\.?",
            # Names in programs and files: user_id, report.xlsx, C:\data, /srv/x, #REF!, <tag/>.
            r"[A-Za-z]\w*(?:_\w+)+|[\w.-]+\.[A-Za-z]{1,5}",
            r"(?:[A-Za-z]:\\|\\\\|\.{0,2}/)\S*",
            r"#[A-Z/]+[!?]?|#[0-9A-Fa-f]{3,8}",
        )
    ),
    re.ASCII,
)
_ADDRESS: Final = re.compile(rf"(?:mailto:)?(?:{MAIL})|(?:{URL})|(?:https?|ftp)://\S+")


def is_text(value: str) -> bool:
    """Whether a cell with this content is for a translator."""
    if not any(map(str.isalpha, value)):
        return False
    bare = unicodedata.normalize("NFKC", value).strip()
    if len(bare) > _LONGEST_CODE:
        return True
    return _DATA.fullmatch(bare) is None and _ADDRESS.fullmatch(bare) is None
