"""Pages as pictures, and how far two documents differ in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from numpy.typing import NDArray

# Dots per point: 50 dpi shows every letter as a few dots.
_SCALE: Final = 50 / 72
# A dot differs if it is this much lighter or darker, of 255.
_DIFFERENT: Final = 48

Picture = NDArray[np.uint8]


def pages(pdf: Path) -> list[Picture]:
    """Every page in grey, rows × columns."""
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        return [
            page.render(scale=_SCALE, grayscale=True).to_numpy().copy().reshape(-1, _width(page))
            for page in document
        ]
    finally:
        document.close()


def _width(page: Any) -> int:
    return int(page.render(scale=_SCALE, grayscale=True).width)


def difference(one: Path, two: Path) -> float:
    """The largest share of dots that differ on a page of two PDFs, 0–1.

    1 if they have not the same number of pages of the same sizes.
    """
    first, second = pages(one), pages(two)
    if [p.shape for p in first] != [p.shape for p in second]:
        return 1.0
    shares = [
        float(np.mean(np.abs(a.astype(int) - b.astype(int)) > _DIFFERENT))
        for a, b in zip(first, second, strict=True)
    ]
    return max(shares, default=0.0)
