"""`kakehashi forge`: make a Japanese model out of an open one, step by step.

Each verb reads a file and writes a file; the work is done in `kakehashi.forge`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from kakehashi.errors import DependencyError, InputError
from kakehashi.forge.data import lines_of
from kakehashi.forge.inspect import Inspection, inspect_model
from kakehashi.forge.prune import DEFAULT_UNUSED, prune_file
from kakehashi.forge.quantise import NAMES, TABLES, quantise
from kakehashi.gguf_file import read_gguf, write_gguf

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_PREDICTED_ROWS = (32_768, 49_152, 65_536, 131_072)


@click.group()
def forge() -> None:
    """Make a Japanese model out of an open one.

    Works on GGUF files whose tokenizer is SentencePiece-like or byte-level BPE. Only `train`
    and `export` need PyTorch (the extra `train`).
    """


def _lines(paths: tuple[Path, ...], most: int) -> Iterator[str]:
    """The text of TSV, TXT or JSONL files (plain or .xz), each cell or field a line."""
    for path in paths:
        for number, line in enumerate(lines_of(path)):
            if most and number >= most:
                break
            if ".jsonl" in path.name:
                if line.strip():
                    yield from (str(v) for v in json.loads(line).values())
            else:
                yield from (cell for cell in line.split("\t") if cell.strip())


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _print_inspection(found: Inspection, console: Console) -> None:
    console.print(
        f"{found.name}: {found.architecture}, {found.file_bytes / 1e6:.1f} MB, {found.rows:,} rows"
    )
    scripts = Table("script", "rows", "share")
    for script, rows in found.rows_by_script.most_common():
        scripts.add_row(script, f"{rows:,}", _share(rows, found.rows))
    parts = Table("read for one decoded token", "type", "MB", "share")
    for part, size in found.bytes_by_part.items():
        parts.add_row(
            part,
            found.types_by_part[part],
            f"{size / 1e6:.1f}",
            _share(size, found.bytes_per_token),
        )
    console.print(scripts, parts)
    if found.fertility:
        fertility = Table("text", "characters", "tokens", "tokens per character")
        for one in found.fertility:
            fertility.add_row(
                one.language, f"{one.characters:,}", f"{one.tokens:,}", f"{one.value:.4f}"
            )
        console.print(fertility)
    predicted = Table("pruned to rows", "predicted decode speed")
    for rows in _PREDICTED_ROWS:
        if rows < found.rows:
            predicted.add_row(f"{rows:,}", f"× {found.predicted_speed_up(rows):.2f}")
    if predicted.row_count:
        console.print(predicted)


def _inspection_dict(found: Inspection) -> dict[str, Any]:
    return {
        "name": found.name,
        "architecture": found.architecture,
        "file_bytes": found.file_bytes,
        "rows": found.rows,
        "rows_by_script": dict(found.rows_by_script.most_common()),
        "bytes_by_part": found.bytes_by_part,
        "types_by_part": found.types_by_part,
        "bytes_per_token": found.bytes_per_token,
        "table_share": found.table_share,
        "fertility": {one.language: one.value for one in found.fertility},
        "predicted_speed_up": {
            str(rows): found.predicted_speed_up(rows)
            for rows in _PREDICTED_ROWS
            if rows < found.rows
        },
    }


@forge.command()
@click.argument("model", type=_FILE)
@click.option("--text", "texts", type=_FILE, multiple=True, help="Text to measure fertility on.")
@click.option("--lines", default=20_000, show_default=True, help="Most lines read of each text.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def inspect(model: Path, texts: tuple[Path, ...], lines: int, as_json: bool) -> None:
    """Rows by script, fertility, bytes per decoded token, predicted speed-up of pruning."""
    found = inspect_model(read_gguf(model), _lines(texts, lines))
    if as_json:
        click.echo(json.dumps(_inspection_dict(found), ensure_ascii=False, indent=2))
    else:
        _print_inspection(found, Console())


@forge.command()
@click.argument("model", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="The pruned GGUF.")
@click.option(
    "--text",
    "texts",
    type=_FILE,
    multiple=True,
    required=True,
    help="Text in the languages that matter (TXT, TSV, JSONL, .xz); repeatable.",
)
@click.option(
    "--lexicon",
    "lexicons",
    type=_FILE,
    multiple=True,
    help="Word lists; they weigh less than running text.",
)
@click.option(
    "--rows",
    default=53_248,
    show_default=True,
    type=click.IntRange(256),
    help="Rows to keep, rounded up to a multiple of 256.",
)
@click.option(
    "--keep-scripts",
    default="",
    metavar="NAMES",
    help="Keep all rows of these scripts, e.g. kana,han (names as `inspect` prints).",
)
@click.option(
    "--unused", default=DEFAULT_UNUSED, show_default=True, help="Spare tokens to keep for tasks."
)
@click.option(
    "--lines", default=12_000, show_default=True, help="Most lines read of each text, 0 for all."
)
def prune(
    model: Path, output: Path, texts: tuple[Path, ...], lexicons: tuple[Path, ...], rows: int,
    keep_scripts: str, unused: int, lines: int,
) -> None:  # fmt: skip
    """Keep only the rows of the vocabulary that the given text needs.

    Nothing is dequantised; OUT.audit.jsonl says for every row why it stayed.
    """
    started = time.monotonic()
    scripts = [name.strip() for name in keep_scripts.split(",") if name.strip()]
    selection = prune_file(
        model, output, _lines(texts, lines), rows,
        lexicon=_lines(lexicons, 25 * lines), keep_scripts=scripts, unused=unused,
    )  # fmt: skip
    reasons: dict[str, int] = {}
    for row in selection.rows:
        reasons[row.why] = reasons.get(row.why, 0) + 1
    table = Table("kept because of", "rows")
    for why, count in sorted(reasons.items(), key=lambda item: -item[1]):
        table.add_row(why, f"{count:,}")
    console = Console()
    console.print(table)
    console.print(
        f"{selection.old_size:,} → {len(selection.rows):,} rows, "
        f"{model.stat().st_size / 1e6:.1f} → {output.stat().st_size / 1e6:.1f} MB, "
        f"{time.monotonic() - started:.1f} s"
    )


@forge.command("quantise")
@click.argument("model", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="The quantised GGUF.")
@click.option(
    "--weights",
    default="Q4_0",
    show_default=True,
    type=click.Choice(NAMES, case_sensitive=False),
    help="Type of the matrices.",
)
@click.option(
    "--table",
    default="Q4_0",
    show_default=True,
    type=click.Choice(NAMES, case_sensitive=False),
    help="Type of the embedding and output table.",
)
@click.option(
    "--matrix",
    "matrices",
    multiple=True,
    metavar="PART=TYPE",
    help="Another type for matrices whose name has PART, e.g. attn_v=Q8_0.",
)
@click.option(
    "--calibrate",
    type=_FILE,
    metavar="RECIPE",
    help="Choose the roundings for the inputs of this recipe's examples (GPTQ).",
)
@click.option("--data", type=_FOLDER, help="Folder that the recipe's paths are in.")
def quantise_(
    model: Path, output: Path, weights: str, table: str, matrices: tuple[str, ...],
    calibrate: Path | None, data: Path | None,
) -> None:  # fmt: skip
    """Store the matrices in another type (why Q4_0: see `kakehashi.forge.quantise`)."""
    types = _types(matrices) | dict.fromkeys(TABLES, table) | {"": weights}
    source = read_gguf(model)
    if calibrate is None:
        result = quantise(source, types)
    elif data is None:
        raise InputError("--calibrate needs --data", hint="name the folder with the corpora")
    else:
        try:
            from kakehashi.forge.training import quantise_on
        except ModuleNotFoundError as error:
            raise _no_torch(error) from None
        result = quantise_on(source, types, calibrate, data)
    write_gguf(result, output)
    kinds: dict[tuple[str, str], list[int]] = {}
    for name, old in source.tensors.items():
        new = result.tensors[name]
        sizes = kinds.setdefault((old.type.name, new.type.name), [0, 0, 0])
        sizes[0] += 1
        sizes[1] += old.n_bytes
        sizes[2] += new.n_bytes
    listing = Table("before", "after", "tensors", "MB before", "MB after")
    for (before, after), (count, big, small) in kinds.items():
        listing.add_row(before, after, str(count), f"{big / 1e6:.1f}", f"{small / 1e6:.1f}")
    Console().print(listing)


def _types(matrices: tuple[str, ...]) -> dict[str, str]:
    types: dict[str, str] = {}
    for entry in matrices:
        part, _, kind = entry.partition("=")
        if kind.upper() not in NAMES or not part:
            raise InputError(
                f"'{entry}' is not PART=TYPE", where="--matrix", hint="types: " + ", ".join(NAMES)
            )
        types[part] = kind.upper()
    return types


def _no_torch(error: ModuleNotFoundError) -> DependencyError:
    return DependencyError(
        f"this needs {error.name}", hint="pip install 'kakehashi[train]', or make train"
    )


@forge.command()
@click.option("--base", type=_FILE, required=True, help="The (pruned) GGUF to start from.")
@click.option("--recipe", type=_FILE, required=True, help="Sources and weights (runs/train.yaml).")
@click.option("--data", type=_FOLDER, required=True, help="Folder that the recipe's paths are in.")
@click.option(
    "-o",
    "--output",
    type=_FOLDER,
    required=True,
    help="Folder of the run; an earlier run in it is continued.",
)
@click.option("--from", "start", type=_FILE, help="Weights to start from (.safetensors).")
@click.option("--trained", is_flag=True, help="The base knows the tasks (shipped weights).")
@click.option(
    "--evaluation",
    type=_FOLDER,
    help="Evaluation sets: their sentences are left out, and a hit that stays ends the run.",
)
@click.option(
    "--rank", default=0, show_default=True, help="0 trains all weights; else adapters (LoRA)."
)
@click.option("--beta2", default=0.95, show_default=True, help="AdamW's second average.")
@click.option("--steps", default=1000, show_default=True, type=click.IntRange(2))
@click.option("--tokens", default=1024, show_default=True, help="Tokens per step.")
@click.option("--rate", default=2e-5, show_default=True, help="Highest learning rate.")
@click.option("--warmup", default=40, show_default=True, help="Steps of warm-up.")
@click.option("--examples", default=200_000, show_default=True, help="Examples in the mixture.")
@click.option(
    "--precision", default="auto", show_default=True, type=click.Choice(["auto", "bf16", "fp32"])
)
@click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
@click.option("--threads", default=0, help="CPU threads; 0: PyTorch's default.")
@click.option("--save-every", default=100, show_default=True, help="Steps between checkpoints.")
def train(
    base: Path, recipe: Path, data: Path, output: Path, start: Path | None, steps: int,
    tokens: int, rate: float, warmup: int, examples: int, precision: str, device: str,
    threads: int, save_every: int, trained: bool, evaluation: Path | None, rank: int, beta2: float,
) -> None:  # fmt: skip
    """Fine-tune on pairs (both directions) and summaries; the same command on CPU and GPU."""
    try:
        from kakehashi.forge.training import Run, run
    except ModuleNotFoundError as error:
        raise _no_torch(error) from None
    run(
        Run(
            base=base,
            recipe=recipe,
            data=data,
            folder=output,
            start=start,
            steps=steps,
            tokens=tokens,
            rate=rate,
            warmup=warmup,
            examples=examples,
            precision=precision,
            device=device,
            threads=threads,
            save_every=save_every,
            rank=rank,
            trained=trained,
            evaluation=evaluation,
            beta2=beta2,
        ),
        click.echo,
    )


@forge.command()
@click.argument("model", type=_FILE)
@click.option("--recipe", type=_FILE, required=True, help="Sources and weights (runs/train.yaml).")
@click.option("--data", type=_FOLDER, required=True, help="Folder that the recipe's paths are in.")
@click.option("-o", "--output", type=_FILE, required=True, help="The tuned GGUF.")
@click.option("--folder", type=_FOLDER, required=True, help="Folder of the run; continued if any.")
@click.option("--evaluation", type=_FOLDER, help="As for `train`.")
@click.option("--steps", default=100, show_default=True, type=click.IntRange(2))
@click.option("--tokens", default=2048, show_default=True, help="Tokens per step.")
@click.option("--rate", default=1e-3, show_default=True, help="Highest learning rate.")
@click.option("--examples", default=200_000, show_default=True, help="Examples in the mixture.")
@click.option("--threads", default=0, help="CPU threads; 0: PyTorch's default.")
def tune(
    model: Path, recipe: Path, data: Path, output: Path, folder: Path, evaluation: Path | None,
    steps: int, tokens: int, rate: float, examples: int, threads: int,
) -> None:  # fmt: skip
    """Learn the scales of a quantised model; its codes, types and size stay."""
    try:
        from kakehashi.forge.training import Run
        from kakehashi.forge.training import tune as tune_scales
    except ModuleNotFoundError as error:
        raise _no_torch(error) from None
    run = Run(
        base=model, recipe=recipe, data=data, folder=folder, evaluation=evaluation, trained=True,
        steps=steps, tokens=tokens, rate=rate, warmup=min(20, steps - 1), examples=examples,
        threads=threads, save_every=20, beta2=0.99, seed=1,
    )  # fmt: skip
    write_gguf(tune_scales(run, click.echo), output)
    click.echo(f"wrote {output}")


@forge.command()
@click.argument("checkpoint", type=_FILE)
@click.option("--base", type=_FILE, required=True, help="The GGUF that training started from.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="A .gguf file (float32), or a folder for vLLM/transformers.",
)
@click.option("--name", default="Kakehashi JA", show_default=True, help="Name in the GGUF.")
def export(checkpoint: Path, base: Path, output: Path, name: str) -> None:
    """Turn a checkpoint into a GGUF for llama.cpp or safetensors for vLLM."""
    from kakehashi.forge.export import load_checkpoint, to_gguf, to_safetensors

    if checkpoint.suffix != ".safetensors":
        raise InputError("not a .safetensors checkpoint", where=str(checkpoint))
    model = to_gguf(read_gguf(base), load_checkpoint(checkpoint), name=name)
    if output.suffix == ".gguf":
        write_gguf(model, output)
    else:
        to_safetensors(model, output)
    click.echo(f"wrote {output}")


@forge.command()
@click.argument("weights", type=_FILE)
@click.option("-o", "--output", type=_FOLDER, required=True, help="The model folder.")
@click.option("--name", required=True)
@click.option("--version", required=True)
@click.option("--base-name", default="google/gemma-3-270m", show_default=True)
@click.option("--base-file", type=_FILE, help="The predecessor's file, for its sha256.")
@click.option("--made", default="{}", help="JSON with facts about how it was made.")
@click.option("--text", "texts", type=_FILE, multiple=True, help="Text to measure fertility on.")
def package(
    weights: Path, output: Path, name: str, version: str, base_name: str,
    base_file: Path | None, made: str, texts: tuple[Path, ...],
) -> None:  # fmt: skip
    """Put trained weights and their manifest together as a model folder."""
    from kakehashi.digest import sha256_of
    from kakehashi.forge.package import Origin
    from kakehashi.forge.package import package as write

    found = inspect_model(read_gguf(weights), _lines(texts, 20_000))
    base = {"name": base_name}
    if base_file:
        base |= {"file": base_file.name, "sha256": sha256_of(base_file)}
    origin = Origin(
        base=base,
        fertility={one.language: round(one.value, 4) for one in found.fertility},
        made={"rows": found.rows} | json.loads(made),
    )
    click.echo(f"wrote {write(weights, output, name=name, version=version, origin=origin)}")


@forge.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--text",
    "texts",
    type=_FILE,
    multiple=True,
    required=True,
    help="Text for fertility and translation.",
)
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--json", "json_file", type=_FILE, help="Write all figures.")
@click.option("--chart", type=_FILE, metavar="FILE.png", help="Draw the figures.")
def compare(
    old: Path, new: Path, texts: tuple[Path, ...], rounds: int, json_file: Path | None,
    chart: Path | None,
) -> None:  # fmt: skip
    """Two models side by side in one run: fertility, speed, memory, size, agreement."""
    from kakehashi.bench.charts import speed_chart
    from kakehashi.bench.compare import compare_models, comparison_table
    from kakehashi.forge.inspect import fertility
    from kakehashi.forge.vocabulary import Vocabulary

    def fertility_of(path: Path, lines: Sequence[str]) -> dict[str, float]:
        vocabulary = Vocabulary.from_gguf(read_gguf(path, tensors=False))
        return {one.language: one.value for one in fertility(vocabulary, lines)}

    result = compare_models(
        old, new, list(_lines(texts, 2_000)), rounds=rounds, fertility=fertility_of,
        say=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    if json_file:
        json_file.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    if chart:
        speed_chart(result["speed"], chart)
    Console().print(comparison_table(result))
