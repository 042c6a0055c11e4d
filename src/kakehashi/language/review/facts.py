"""What a review says about itself, in the workbook and on the page."""

from __future__ import annotations

from kakehashi.language.review.rows import Review


def facts_of(review: Review) -> dict[str, str]:
    """What a review says about itself, by the keys of `messages.FACTS`."""
    return {
        "document": review.document,
        "sha256": review.sha256,
        "to": review.to,
        "model": review.model,
        "made": review.made,
        "rows": str(len(review.rows)),
        "flagged": str(sum(bool(row.flags) for row in review.rows)),
        "sheet_names": "1" if review.sheet_names else "",
    }
