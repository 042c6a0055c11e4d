"""The vocabulary of a GGUF model: its rows, which of them build which, and how text becomes rows.

Two families are understood: SentencePiece-like BPE (`tokenizer.ggml.model = llama`: the pair
with the best score of the merged piece merges first) and byte-level BPE (`gpt2`: an explicit
list of merges, first in the list first). Knows nothing about weights.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import gguf
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE

from kakehashi.errors import FormatError
from kakehashi.gguf_file import GGUFFile

NORMAL = int(gguf.TokenType.NORMAL)
UNKNOWN = int(gguf.TokenType.UNKNOWN)
CONTROL = int(gguf.TokenType.CONTROL)
USER_DEFINED = int(gguf.TokenType.USER_DEFINED)
UNUSED = int(gguf.TokenType.UNUSED)
BYTE = int(gguf.TokenType.BYTE)

SPACE = "▁"
_UNUSED_NAME = re.compile(r"^(<\|?unused\d+\|?>|<\|?reserved[^>]*\d+\|?>|\[unused\d+\])$")

# Pre-tokenizer patterns of byte-level models, by `tokenizer.ggml.pre`; each follows the
# pattern that llama.cpp applies for that name. Anything else is refused by name.
_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN2 = _LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
_PRE: dict[str, tuple[str, ...]] = {
    "default": (_GPT2,),
    "gpt-2": (_GPT2,),
    "smollm": (r"\p{N}", _GPT2),
    "llama-bpe": (_LLAMA3,),
    "llama3": (_LLAMA3,),
    "qwen2": (_QWEN2,),
}


def script_of(piece: str) -> str:
    """The script of a decoded piece: ``kana``, ``han``, ``latin``, ``digit``, ``other`` …

    Kana together with Han counts as ``kana`` (only Japanese writes that); a piece without
    letters is ``digit`` if it holds a digit, ``space`` if blank, else ``symbol``.
    """
    found: Counter[str] = Counter()
    for char in piece:
        category = unicodedata.category(char)
        if category[0] in "LM":
            found[_script_of_letter(char)] += 1
        elif category[0] == "N":
            found["digit"] += 1
    if not found:
        return "space" if not piece.strip() else "symbol"
    for script in ("kana", "han", "hangul"):
        if found[script]:
            return script
    letters = [s for s in found if s != "digit"]
    if not letters:
        return "digit"
    return letters[0] if len(letters) == 1 else "mixed"


def _script_of_letter(char: str) -> str:
    name = unicodedata.name(char, "")
    if name.startswith(("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")):
        return "kana"
    if name.startswith(("CJK", "IDEOGRAPHIC")) or char == "々":
        return "han"
    for prefix, script in (
        ("LATIN", "latin"), ("FULLWIDTH LATIN", "latin"), ("HANGUL", "hangul"),
        ("CYRILLIC", "cyrillic"), ("ARABIC", "arabic"), ("DEVANAGARI", "devanagari"),
        ("THAI", "thai"), ("GREEK", "greek"), ("HEBREW", "hebrew"), ("COMBINING", "latin"),
    ):  # fmt: skip
        if name.startswith(prefix):
            return script
    return "other"


def _byte_alphabet() -> dict[str, int]:
    """Byte-level BPE's printable stand-ins → byte (the GPT-2 table)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(b): b for b in printable}
    extra = (b for b in range(256) if b not in set(printable))
    return table | {chr(256 + i): b for i, b in enumerate(extra)}


BYTE_ALPHABET = _byte_alphabet()


@dataclass(frozen=True)
class Vocabulary:
    """The rows of a model's vocabulary.

    Attributes:
        family: ``llama`` (SentencePiece-like) or ``gpt2`` (byte-level BPE).
        pre: name of the pre-tokenizer (`tokenizer.ggml.pre`).
        tokens: piece of each row, as stored.
        scores: score of each row (`llama`; higher merges first), else empty.
        types: GGUF token type of each row.
        merges: pairs in order (`gpt2`), else empty.
    """

    family: str
    pre: str
    tokens: list[str]
    scores: list[float]
    types: list[int]
    merges: list[tuple[str, str]]

    @classmethod
    def from_gguf(cls, model: GGUFFile) -> Vocabulary:
        """The vocabulary of an opened model.

        Raises:
            FormatError: a tokenizer of another family.
        """
        family = str(model.get("tokenizer.ggml.model"))
        if family not in ("llama", "gpt2"):
            raise FormatError(
                f"the tokenizer family '{family}' is not supported",
                where=str(model.path),
                hint="supported: llama (SentencePiece-like) and gpt2 (byte-level BPE)",
            )
        tokens = model.get("tokenizer.ggml.tokens")
        merges = [tuple(m.split(" ", 1)) for m in model.get("tokenizer.ggml.merges", [])]
        return cls(
            family=family,
            pre=str(model.get("tokenizer.ggml.pre", "default")),
            tokens=tokens,
            scores=model.get("tokenizer.ggml.scores", []),
            types=model.get("tokenizer.ggml.token_type", [NORMAL] * len(tokens)),
            merges=merges,
        )

    @cached_property
    def index(self) -> dict[str, int]:
        """Row of each piece (the first, should a piece occur twice)."""
        table: dict[str, int] = {}
        for row, token in enumerate(self.tokens):
            table.setdefault(token, row)
        return table

    def text(self, row: int) -> str:
        """What a row stands for, as text (incomplete UTF-8 as U+FFFD)."""
        token = self.tokens[row]
        if self.types[row] == BYTE:
            return bytes([int(token[3:5], 16)]).decode("utf-8", "replace")
        if self.family == "llama" or self.types[row] in (CONTROL, USER_DEFINED):
            return token.replace(SPACE, " ")
        return bytes(BYTE_ALPHABET[c] for c in token if c in BYTE_ALPHABET).decode(
            "utf-8", "replace"
        )

    def script(self, row: int) -> str:
        """Script of a row; ``control``, ``unused`` and ``byte`` for the rows without text."""
        if self.is_unused(row):
            return "unused"
        if self.types[row] in (CONTROL, UNKNOWN):
            return "control"
        if self.types[row] == BYTE or "\ufffd" in (text := self.text(row)):
            return "byte"
        return script_of(text)

    def is_unused(self, row: int) -> bool:
        """Whether the row is one of the base's spare control tokens."""
        return self.types[row] == UNUSED or _UNUSED_NAME.match(self.tokens[row]) is not None

    def pairs(self) -> list[tuple[str, str]]:
        """All merges, best first: the stored ones, or those that the scores imply."""
        if self.family == "gpt2":
            return self.merges
        index, types = self.index, self.types
        found: list[tuple[float, int, int, str, str]] = []
        for row, token in enumerate(self.tokens):
            if types[row] != NORMAL or len(token) < 2:
                continue
            for cut in range(1, len(token)):
                left, right = index.get(token[:cut]), index.get(token[cut:])
                if left is None or right is None:
                    continue
                if types[left] == NORMAL and types[right] == NORMAL:
                    found.append((-self.scores[row], row, cut, token[:cut], token[cut:]))
        found.sort(key=lambda item: item[:3])
        return [(left, right) for _, _, _, left, right in found]

    def tokenizer(self) -> Tokenizer:
        """The same tokenizer as a `tokenizers.Tokenizer` (ids are rows).

        Control tokens are never recognised in text; byte fallback and user-defined pieces
        work as in llama.cpp, which the tests compare it with.

        Raises:
            FormatError: a byte-level pre-tokenizer we do not know.
        """
        vocab = self.index
        user = [t for t, kind in zip(self.tokens, self.types, strict=True) if kind == USER_DEFINED]
        if self.family == "llama":
            model = BPE(vocab, self.pairs(), byte_fallback=True, fuse_unk=True, unk_token=self.unk)
            result = Tokenizer(model)
            result.normalizer = normalizers.Replace(" ", SPACE)
            result.decoder = decoders.Sequence(
                [decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
            )
        else:
            if self.pre not in _PRE:
                raise FormatError(
                    f"the pre-tokenizer '{self.pre}' is not known",
                    hint="known: " + ", ".join(sorted(_PRE)),
                )
            result = Tokenizer(BPE(vocab, self.merges))
            steps: list[pre_tokenizers.PreTokenizer] = [
                pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in _PRE[self.pre]
            ]
            steps.append(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False))
            result.pre_tokenizer = pre_tokenizers.Sequence(steps)
            result.decoder = decoders.ByteLevel()
        result.add_tokens([AddedToken(t, normalized=False, special=False) for t in user])
        return result

    @property
    def unk(self) -> str | None:
        """The piece for what cannot be written otherwise, if there is one."""
        for name in ("<unk>", "[UNK]"):
            if name in self.index:
                return name
        return None

    def parts(self, row: int) -> list[int]:
        """The rows that are merged on the way to `row`, nearest first; empty if unreachable.

        Runs the merges on the piece alone. A final piece in a text was merged inside its own
        span and by the same rule, so these are exactly the rows it needs.
        """
        pieces = list(self.tokens[row])
        needed: list[int] = []
        while len(pieces) > 1:
            best: tuple[float, int] | None = None
            for at in range(len(pieces) - 1):
                priority = self._priority(pieces[at], pieces[at + 1])
                if priority is not None and (best is None or priority < best[0]):
                    best = (priority, at)
            if best is None:
                return []
            at = best[1]
            needed += [self.index[pieces[at]], self.index[pieces[at + 1]]]
            pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        needed.reverse()
        return list(dict.fromkeys(needed))

    @cached_property
    def _rank(self) -> dict[tuple[str, str], int]:
        return {pair: rank for rank, pair in enumerate(self.merges)}

    def _priority(self, left: str, right: str) -> float | None:
        if self.family == "gpt2":
            return self._rank.get((left, right))
        row = self.index.get(left + right)
        if row is None or self.types[row] != NORMAL:
            return None
        if left not in self.index or right not in self.index:
            return None
        return -self.scores[row]
