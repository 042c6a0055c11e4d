"""The figures of ``kakehashi bench quality`` as Markdown tables for a person."""

from __future__ import annotations

from typing import Any


def quality_table(result: dict[str, Any]) -> str:
    """Tables of translations and of summaries, from the JSON of the measurement."""
    lines: list[str] = []
    if result["sets"]:
        lines += [
            "| set | system | chrF (95 %) | BLEU | wrong language | empty | loops | numbers kept |",
            "| --- | --- | --: | --: | --: | --: | --: | --: |",
        ]
    for one in result["sets"]:
        place = f"{one['set']} {one['direction'].replace('-', '→')} ({one['segments']})"
        for name, scores in one["systems"].items():
            lines.append(f"| {place} | {name} | {_cells(scores)} |")
        for metric, test in one.get("paired", {}).items():
            label = {"chrf": "chrF", "bleu": "BLEU"}[metric]
            lines.append(
                f"| {place} | difference | {label} {test['difference']:+.1f} "
                f"(p = {test['p_value']:.3f}) | | | | | |"
            )
        for name, scores in one["published"].items():
            lines.append(f"| {place} | {name} | {_cells(scores)} |")
    if result["summaries"]:
        lines += [
            "",
            "| summaries | system | ROUGE-1 | ROUGE-2 | ROUGE-L | characters |",
            "| --- | --- | --: | --: | --: | --: |",
        ]
    for one in result["summaries"]:
        for name, row in one["systems"].items():
            lines.append(
                f"| {one['set']} {one['language']} ({one['documents']}) | {name} | "
                f"{row['rouge_1']:.1f} | {row['rouge_2']:.1f} | {row['rouge_l']:.1f} | "
                f"{row['characters']:.0f} |"
            )
    return "\n".join(lines).strip()


def _cells(scores: dict[str, Any]) -> str:
    chrf, failures = scores["chrf"], scores["failures"]
    interval = "" if chrf["low"] is None else f" ({chrf['low']:.1f} to {chrf['high']:.1f})"
    copied = failures["number_copy"]
    return " | ".join(
        [
            f"{chrf['value']:.1f}{interval}",
            f"{scores['bleu']['value']:.1f}",
            f"{failures['wrong_language']:.1%}",
            f"{failures['empty']:.1%}",
            f"{failures['repetition']:.1%}",
            "—" if copied is None else f"{copied:.1%} of {failures['numbers']}",
        ]
    )
