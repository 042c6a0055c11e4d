"""How good proofreading is: what it says about good text, and what it finds of planted slips.

Good text is the Japanese side of evaluation sets, read where they lie. Their sentences were
written or reviewed by people; what is found there is mostly a false alarm, though not always
(crowd translations do lack a bracket). The planted slips are our own, one a line: type, text, the
characters that are wrong. Rules were mended after looking at those of `proofread.tsv`; those of
`proofread_later.tsv` were written afterwards and are for measuring only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from kakehashi.bench.datasets import ParallelSet, read_lines
from kakehashi.errors import FormatError
from kakehashi.language.proofread import RULES, Finding, Options, proofread_text

_IDS = "ntrex_DOCUMENT_IDS.tsv"


@dataclass(frozen=True, slots=True)
class Planted:
    """A text with one slip. `wrong` is the characters that a finding must touch."""

    kind: str
    text: str
    wrong: str


SLIPS = {"known": "proofread.tsv", "later": "proofread_later.tsv"}


def planted(name: str) -> list[Planted]:
    """Our own slips of one file of `SLIPS`.

    Raises FormatError if a line does not have three columns, or lacks its characters.
    """
    source = files("kakehashi.bench") / "data" / SLIPS[name]
    found = []
    for number, line in enumerate(source.read_text("utf-8").splitlines(), start=1):
        columns = line.split("\t")
        if len(columns) != 3 or columns[2] not in columns[1]:
            raise FormatError("expected: type, text, part of it", where=f"{SLIPS[name]}:{number}")
        found.append(Planted(*columns))
    return found


def measure_planted(name: str = "known", *, examples: int = 0) -> dict[str, Any]:
    """Planted and found by type; `other` counts findings that touch nothing that is wrong."""
    total: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    other: Counter[str] = Counter()
    missed: list[dict[str, str]] = []
    for one in planted(name):
        total[one.kind] += 1
        findings = proofread_text(one.text, Options(official=one.kind == "official"))
        spans = _spans(one.text, one.wrong)
        hits = [f for f in findings if any(f.start < e and s < f.end for s, e in spans)]
        # A sentence as a whole is touched by everything: it counts only where that is the slip.
        hits = [f for f in hits if one.kind == "long-sentence" or not _whole(f)]
        if hits:
            caught[one.kind] += 1
        else:
            missed.append({"type": one.kind, "text": one.text, "wrong": one.wrong})
        other.update(f.rule for f in findings if f not in hits)
    return {
        "planted": dict(total),
        "caught": dict(caught),
        "other": dict(other),
        "missed": missed[:examples],
    }


def _spans(text: str, part: str) -> list[tuple[int, int]]:
    spans = []
    at = text.find(part)
    while at != -1:
        spans.append((at, at + len(part)))
        at = text.find(part, at + 1)
    return spans


def _whole(finding: Finding) -> bool:
    return finding.rule in ("long-sentence", "many-commas")


def documents(data: ParallelSet, folders: Sequence[Path]) -> list[str]:
    """The Japanese side as documents: NTREX by its document list, other sets line by line."""
    lines = data.references if data.target_language == "ja" else data.sources
    clean = [line.replace("\r", " ").strip() for line in lines]
    listed = [path for folder in folders for path in folder.glob(_IDS + "*")]
    if data.name != "ntrex" or not listed:
        return [line for line in clean if line]
    ids = [line.split("\t")[0] for line in read_lines(listed[0])]
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, line in zip(ids, clean, strict=False):
        grouped[name].append(line)
    return ["\n\n".join(lines) for lines in grouped.values()]


def measure_good(
    sets: Sequence[ParallelSet], folders: Sequence[Path], *, examples: int = 0
) -> list[dict[str, Any]]:
    """Findings in good text: for each set, sentences and findings by rule.

    With `examples`, so many findings of each rule with their surroundings (text of the set: do
    not publish it).
    """
    results = []
    for data in sets:
        counts: Counter[str] = Counter()
        shown: dict[str, list[str]] = defaultdict(list)
        texts = documents(data, folders)
        for text in texts:
            for one in proofread_text(text, Options()):
                counts[one.rule] += 1
                if len(shown[one.rule]) < examples:
                    shown[one.rule].append(f"{one.where}: {one.text} → {one.suggestion}")
        sentences = sum(1 for text in texts for line in text.split("\n\n") if line.strip())
        results.append(
            {
                "set": data.name,
                "direction": data.direction,
                "sentences": sentences,
                "documents": len(texts),
                "findings": dict(counts),
                "by_severity": dict(_by_severity(counts)),
                "examples": dict(shown),
            }
        )
    return results


def _by_severity(counts: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for rule, count in counts.items():
        found[RULES[rule].severity] += count
    return found


def proofreading_tables(
    good: Sequence[dict[str, Any]], known: dict[str, Any], later: dict[str, Any]
) -> str:
    """The measurements as Markdown tables."""
    lines: list[str] = []
    if good:
        names = [f"{one['set']} {one['direction']} ({one['sentences']:,})" for one in good]
        lines += ["Findings per 1,000 good sentences", ""]
        lines += ["| rule | severity | " + " | ".join(names) + " |"]
        lines += ["| --- | --- |" + " --: |" * len(good)]
        for rule in RULES.values():
            if any(one["findings"].get(rule.id) for one in good):
                cells = [_per_thousand(one, one["findings"].get(rule.id, 0)) for one in good]
                lines.append(f"| {rule.id} | {rule.severity} | " + " | ".join(cells) + " |")
        for severity in ("error", "warning", "info"):
            cells = [_per_thousand(one, one["by_severity"].get(severity, 0)) for one in good]
            lines.append(f"| **all** | {severity} | " + " | ".join(cells) + " |")
        silent = sum(
            1
            for rule in RULES.values()
            if not rule.official and not any(one["findings"].get(rule.id) for one in good)
        )
        lines += ["", f"{silent} rules found nothing in them.", ""]
    lines += ["Planted slips found", ""]
    lines += ["| type | the rules were mended on | written afterwards |", "| --- | --: | --: |"]
    for kind in known["planted"]:
        lines.append(f"| {kind} | {_share(known, kind)} | {_share(later, kind)} |")
    lines.append(f"| **all** | {_share(known)} | {_share(later)} |")
    beside = Counter(known["other"]) + Counter(later["other"])
    lines += ["", f"Findings beside the planted slip: {beside.total()} ({_listed(beside)})."]
    return "\n".join(lines)


def _share(slips: dict[str, Any], kind: str = "") -> str:
    kinds = [kind] if kind else list(slips["planted"])
    count = sum(slips["planted"].get(one, 0) for one in kinds)
    hit = sum(slips["caught"].get(one, 0) for one in kinds)
    return f"{hit} of {count} ({hit / count:.0%})" if count else ""


def _per_thousand(one: dict[str, Any], count: int) -> str:
    return f"{1000 * count / max(1, one['sentences']):.1f}"


def _listed(counts: dict[str, int]) -> str:
    order = sorted(counts, key=lambda rule: -counts[rule])
    return ", ".join(f"{rule} {counts[rule]}" for rule in order) or "none"
