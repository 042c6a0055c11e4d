from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.engine._prompt import beginning, split_names

NAMES = ("<a>", "<a><b>", "aa")


@given(st.text(alphabet="<>ab雪"))
def test_no_piece_holds_a_name_and_nothing_is_lost(text: str) -> None:
    pieces = split_names(text, NAMES)
    assert "".join(pieces) == text
    assert not any(name in piece for piece in pieces for name in NAMES)
    if not any(name in text for name in NAMES):
        assert pieces == ([text] if text else [])


def test_a_grammar_spells_what_a_text_begins_with() -> None:
    assert beginning('「"a\\b"」は') == 'root ::= "「\\"a\\\\b\\"」は" [^\\n]*'
    assert beginning("two\nlines") == 'root ::= "two lines" [^\\n]*'
