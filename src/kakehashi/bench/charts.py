"""The charts of the two measurements, drawn from their JSON and written as PNG.

Labels are English, so that no Japanese font is needed on the machine that draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kakehashi.bench.extras import pyplot
from kakehashi.errors import OutputError

OLD, NEW, THIRD, INK, GRID = "#9aa5b1", "#c8553d", "#2f6f8f", "#22303c", "#e3e7ea"
SPEED_LABELS = {
    "decode_tokens_per_second": ("decode", "tokens/s, one stream"),
    "prefill_tokens_per_second": ("prefill", "tokens/s"),
    "characters_per_second_1": ("translate, 1 stream", "Japanese characters/s"),
    "characters_per_second_8": ("translate, 8 streams", "Japanese characters/s"),
}
DPI = 144


def _quiet(axes: Any) -> None:
    """A plot without what does not carry a figure."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, colors=INK)
    axes.set_axisbelow(True)


def _save(figure: Any, path: Path) -> None:
    try:
        figure.savefig(path, dpi=DPI, bbox_inches="tight", facecolor="white")
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from None
    except ValueError as error:  # matplotlib knows no such format
        raise OutputError(str(error), where=str(path), hint="name it FILE.png") from None
    finally:
        pyplot().close(figure)


def speed_chart(result: dict[str, Any], path: Path) -> None:
    """Medians of both models with their quartiles and every round, and the ratio above.

    Args:
        result: `SpeedResult.as_dict()`.

    Raises:
        DependencyError: matplotlib is not installed.
        OutputError: the file cannot be written.
    """
    figure, panels = pyplot().subplots(1, len(SPEED_LABELS), figsize=(11, 4))
    for axes, (key, (title, unit)) in zip(panels, SPEED_LABELS.items(), strict=True):
        _quiet(axes)
        axes.grid(axis="y", color=GRID)
        for place, (name, colour) in enumerate((("predecessor", OLD), ("successor", NEW))):
            spread = result["figures"][name][key]
            middle = spread["median"]
            low, high = middle - spread["quartile_1"], spread["quartile_3"] - middle
            axes.bar(place, middle, width=0.66, color=colour, zorder=2)
            axes.errorbar(place, middle, yerr=[[low], [high]], color=INK, capsize=4, zorder=3)
            dots = [one[name][key] for one in result["rounds"]]
            axes.scatter([place + 0.2] * len(dots), dots, s=9, color=INK, alpha=0.5, zorder=4)
            top = max(spread["quartile_3"], *dots)
            axes.annotate(
                f"{middle:,.0f}", (place, top), xytext=(0, 5), textcoords="offset points",
                ha="center", color=INK, fontsize=10,
            )  # fmt: skip
        axes.set_title(f"{title}\n×{result['ratios'][key]:.2f}", color=INK, fontsize=12)
        axes.set_ylabel(unit, color=INK, fontsize=9)
        axes.set_xticks([0, 1], ["predecessor", "successor"], fontsize=9)
        axes.set_ylim(0, axes.get_ylim()[1] * 1.1)
    machine = result["machine"]
    figure.suptitle(_speed_title(result), color=INK, fontsize=11, x=0.01, ha="left")
    figure.text(
        0.01, -0.03,
        f"{machine['cpu']}, {machine['threads']} threads, {machine['date'][:10]}. "
        f"Bars: median of {len(result['rounds'])} interleaved rounds; whiskers: quartiles; "
        "dots: single rounds.",
        fontsize=8, color=INK,
    )  # fmt: skip
    figure.tight_layout()
    _save(figure, path)


def _speed_title(result: dict[str, Any]) -> str:
    models = result["models"]
    names = [f"{models[name]['model']} ({models[name]['file_bytes'] / 1e6:.0f} MB)"
             for name in ("predecessor", "successor")]  # fmt: skip
    return f"{names[0]}  →  {names[1]}"


def quality_chart(result: dict[str, Any], path: Path) -> None:
    """Draw chrF for every set and direction: each system with its interval, published ones as dots.

    Args:
        result: the JSON of ``kakehashi bench quality``.

    Raises:
        DependencyError: matplotlib is not installed.
        OutputError: nothing to draw, or the file cannot be written.
    """
    sets: Sequence[dict[str, Any]] = result["sets"]
    if not sets:
        raise OutputError("there are no translations to draw", where=str(path))
    systems = list(dict.fromkeys(name for one in sets for name in one["systems"]))
    colours = dict(zip(systems, (NEW, OLD, THIRD, INK), strict=False))
    figure, axes = pyplot().subplots(figsize=(9, 1.2 + 0.62 * len(sets)))
    _quiet(axes)
    axes.grid(axis="x", color=GRID)
    height = 0.7 / max(1, len(systems))
    for row, one in enumerate(sets):
        for place, name in enumerate(systems):
            scores = one["systems"].get(name)
            if scores is None:
                continue
            chrf = scores["chrf"]
            middle = row + (place - (len(systems) - 1) / 2) * height
            axes.barh(middle, chrf["value"], height=height * 0.92, color=colours.get(name, INK))
            if chrf["low"] is not None:
                axes.plot([chrf["low"], chrf["high"]], [middle, middle], color=INK, linewidth=1.2)
            end = chrf["high"] or chrf["value"]
            axes.annotate(
                f"{chrf['value']:.1f}", (end, middle), xytext=(4, 0), fontsize=8,
                textcoords="offset points", va="center", color=INK,
            )  # fmt: skip
        published = [scores["chrf"]["value"] for scores in one["published"].values()]
        axes.scatter(published, [row] * len(published), s=14, color=THIRD, zorder=3)
    labels = [f"{one['set']} {one['direction'].replace('-', '→')} ({one['segments']})"
              for one in sets]  # fmt: skip
    axes.set_yticks(range(len(sets)), labels)
    axes.invert_yaxis()
    axes.set_xlabel("chrF (more is better); lines: 95 % bootstrap interval", color=INK)
    marks = [pyplot().Rectangle((0, 0), 1, 1, color=colours.get(name, INK)) for name in systems]
    names = [*systems]
    if any(one["published"] for one in sets):
        marks.append(pyplot().Line2D([], [], marker="o", color=THIRD, linestyle="", markersize=4))
        names.append("systems published with the set")
    axes.legend(marks, names, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
    figure.tight_layout()
    _save(figure, path)
