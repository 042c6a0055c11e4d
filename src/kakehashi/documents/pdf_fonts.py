"""A Japanese font that can be embedded into a PDF."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

# ReportLab embeds TrueType outlines only: not Noto CJK or Hiragino, whose outlines are PostScript.
# (file, number of the font in a collection); in the order in which they are wanted.
_REGULAR: Final = (
    ("ipaexg.ttf", 0),
    ("ipagp.ttf", 0),
    ("ipag.ttf", 0),
    ("ipaexm.ttf", 0),
    ("ipam.ttf", 0),
    ("NotoSansJP-Regular.ttf", 0),
    ("NotoSansJP[wght].ttf", 0),
    ("BIZUDPGothic-Regular.ttf", 0),
    ("BIZ-UDGothicR.ttc", 1),
    ("YuGothM.ttc", 1),
    ("YuGothR.ttc", 1),
    ("meiryo.ttc", 2),
    ("msgothic.ttc", 1),
    ("takao-gothic.ttf", 0),
    ("TakaoPGothic.ttf", 0),
    ("VL-PGothic-Regular.ttf", 0),
    ("fonts-japanese-gothic.ttf", 0),
    ("DroidSansFallbackFull.ttf", 0),
)
_BOLD: Final = (
    ("NotoSansJP-Bold.ttf", 0),
    ("BIZUDPGothic-Bold.ttf", 0),
    ("YuGothB.ttc", 1),
    ("meiryob.ttc", 2),
)
_CID: Final = "HeiseiKakuGo-W5"
_MAX_FILES: Final = 20_000
# Says which file to embed; the place for an office that has its own font.
VARIABLE: Final = "KAKEHASHI_PDF_FONT"


@dataclass(frozen=True, slots=True)
class Font:
    """A font known to ReportLab by `name`; `characters` is None if nobody knows what it holds."""

    name: str
    embedded: bool
    characters: frozenset[int] | None

    def holds(self, char: str) -> bool:
        """Whether the font has a glyph for `char`."""
        return self.characters is None or ord(char) in self.characters


def japanese_font() -> Font:
    """The best font of this machine; one that is not embedded if none can be."""
    for path, number in _candidates():
        font = _loaded(path, number)
        if font is not None:
            return font
    pdfmetrics.registerFont(UnicodeCIDFont(_CID))
    return Font(_CID, False, None)


@cache
def _loaded(path: Path, number: int) -> Font | None:
    """The font of a file, made known to ReportLab; None if it cannot be embedded."""
    name = f"Kakehashi-{path.stem}-{number}"
    try:
        font = TTFont(name, str(path), subfontIndex=number)
    except (TTFError, OSError, ValueError, KeyError, IndexError, struct.error):
        return None  # damaged, or with outlines that cannot be embedded
    characters = font.face.charToGlyph
    if 0x3042 not in characters or 0x65E5 not in characters:
        return None
    pdfmetrics.registerFont(font)
    return Font(name, True, frozenset(characters))


def _candidates() -> Iterator[tuple[Path, int]]:
    named = os.environ.get(VARIABLE)
    if named:
        yield Path(named), 0
    wanted = {file.lower(): (rank, number) for rank, (file, number) in enumerate(_REGULAR)}
    found: list[tuple[int, Path, int]] = []
    looked = 0
    for folder in _folders():
        for place, folders, files in os.walk(folder):
            folders.sort()
            for file in files:
                looked += 1
                if file.lower() in wanted:
                    rank, number = wanted[file.lower()]
                    found.append((rank, Path(place, file), number))
            if looked > _MAX_FILES:
                break
    for _, path, number in sorted(found):
        yield path, number


def _folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    )
