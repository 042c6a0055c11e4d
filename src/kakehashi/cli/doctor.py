"""`kakehashi doctor`: does it work on this machine, and what to do where it does not."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import click
import psutil

from kakehashi import __version__
from kakehashi.cli import model_messages as messages
from kakehashi.cli import server_messages
from kakehashi.engine import Manifest, Request, complete
from kakehashi.engine.llama_cpp import default_threads, system_info
from kakehashi.engine.machine import WORKING_BYTES, available_memory
from kakehashi.engine.models import check_model, find_model, load_engine
from kakehashi.errors import KakehashiError, OutputError
from kakehashi.settings import read_server_settings, read_settings
from kakehashi.text import detect

State = Literal["ok", "warning", "failed"]
_TASK = "translate:en-ja"
_BUSY_CORES = 0.5
_LABELS = {"ok": messages.OK, "warning": messages.WARNING, "failed": messages.FAILED}
_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `exit_code` is what the command ends with if it failed."""

    check: str
    state: State
    text: str
    hint: str = ""
    exit_code: int = 0


def _failure(check: str, error: KakehashiError) -> Finding:
    text = f"{error.where}: {error.what}" if error.where else error.what
    return Finding(check, "failed", text, error.hint, error.exit_code)


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _machine() -> list[Finding]:
    cores, free = default_threads(), available_memory()
    text = messages.MACHINE.format(
        cpu=_cpu(), cores=cores, total=psutil.virtual_memory().total / 1e9, free=free / 1e9
    )
    found = [Finding("machine", "ok", text)]
    if free < 2 * WORKING_BYTES:
        told = messages.LITTLE_MEMORY.format(megabytes=2 * WORKING_BYTES // 1_000_000)
        found.append(Finding("memory", "warning", told, messages.LITTLE_MEMORY_HINT))
    if cores == 1:
        found.append(Finding("cores", "warning", messages.ONE_CORE))
    busy = psutil.cpu_percent(interval=0.3) / 100 * (psutil.cpu_count() or 1)
    if busy > _BUSY_CORES:
        found.append(Finding("load", "warning", messages.BUSY.format(cores=busy)))
    return found


def _software() -> list[Finding]:
    system = f"{platform.system()} {platform.machine()}"
    text = messages.SOFTWARE.format(
        kakehashi=__version__, python=platform.python_version(), system=system
    )
    return [Finding("software", "ok", text)]


def _engine() -> list[Finding]:
    info = system_info()
    text = messages.ENGINE.format(version=version("xllamacpp"), threads=default_threads())
    if platform.machine() in ("x86_64", "AMD64") and "AVX2 = 1" not in info:
        return [Finding("engine", "warning", messages.NO_AVX2, messages.NO_AVX2_HINT)]
    return [Finding("engine", "ok", text)]


def _home() -> list[Finding]:
    home = read_settings().home
    nearest = next(path for path in (home, *home.parents) if path.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        error = OutputError(
            messages.HOME_CLOSED.format(path=nearest), hint=messages.HOME_CLOSED_HINT
        )
        return [_failure("home", error)]
    text = messages.HOME if home.exists() else messages.HOME_LATER
    return [Finding("home", "ok", text.format(path=home))]


def _server() -> list[Finding]:
    from kakehashi.server.checks import check_database, check_secret

    settings = read_server_settings()
    if not check_secret(settings) and settings.file is None and not settings.database:
        return []  # a machine that only translates for one person
    kind = "PostgreSQL" if settings.database else "SQLite"
    found = [
        Finding("server", "ok", server_messages.SERVER.format(address=settings.address, kind=kind))
    ]
    state = check_database(settings)
    if not state.exists or state.missing:
        found.append(Finding("database", "ok", server_messages.TABLES_LATER))
    elif state.differences:
        told = server_messages.COUNTERS_WRONG.format(count=len(state.differences))
        found.append(Finding("database", "warning", told, server_messages.COUNTERS_WRONG_HINT))
    else:
        told = server_messages.DATABASE.format(members=state.members)
        found.append(Finding("database", "ok", told))
    return found


def _model(folder: Path) -> list[Finding]:
    manifest, _ = check_model(folder)
    text = messages.MODEL.format(
        name=manifest.name,
        version=manifest.version,
        megabytes=manifest.bytes / 1e6,
        folder=folder,
    )
    return [Finding("model", "ok", text)]


def _self_test(folder: Path) -> list[Finding]:
    started = time.perf_counter()
    engine, manifest = load_engine(folder, verify=False, parallel=1)
    load = time.perf_counter() - started
    with engine:
        if _TASK not in manifest.tasks:
            return [Finding("self-test", "warning", messages.NO_TRANSLATION_TASK)]
        source = messages.TEST_SENTENCE
        done = complete(engine, [_request(manifest, source, engine.count_tokens(source))])[0]
        memory = psutil.Process().memory_info().rss
    target, usage = done.text.strip(), done.usage
    if detect(target).language != "ja":
        told = messages.NOT_JAPANESE.format(source=source, target=target)
        return [Finding("self-test", "failed", told, messages.NOT_JAPANESE_HINT, 3)]
    text = messages.SELF_TEST.format(
        source=source,
        target=target,
        load=load,
        prefill=_rate(usage.prompt_tokens - usage.cached_tokens, usage.prefill_seconds),
        decode=_rate(usage.completion_tokens, usage.decode_seconds),
        memory=memory / 1e6,
    )
    return [Finding("self-test", "ok", text)]


def _request(manifest: Manifest, source: str, tokens: int) -> Request:
    task = manifest.task(_TASK)
    return Request(task.render(source), max_tokens=task.max_tokens(tokens), stop=task.stop)


def _rate(tokens: int, seconds: float) -> float:
    return tokens / seconds if seconds > 0 else 0.0


def examine(model: str | None, *, self_test: bool) -> list[Finding]:
    """Run all checks; what depends on a failed check is left out."""
    found: list[Finding] = []

    def ran(name: str, check: Callable[[], list[Finding]]) -> bool:
        try:
            more = check()
        except KakehashiError as error:
            more = [_failure(name, error)]
        found.extend(more)
        return all(finding.state != "failed" for finding in more)

    ran("machine", _machine)
    ran("software", _software)
    engine = ran("engine", _engine)
    if not ran("settings", _home):
        return found
    ran("server", _server)
    whole = ran("model", lambda: _model(find_model(model)))
    if engine and whole and self_test:
        ran("self-test", lambda: _self_test(find_model(model)))
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--model", "model", metavar="NAME", help="A model's name or folder.")
@click.option("--no-test", is_flag=True, help="Do not translate a sentence as a test.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(model: str | None, no_test: bool, as_json: bool) -> None:
    """Check this machine, the engine and the model; say what to do about each problem.

    The exit code is 0 when everything works, else that of the first problem.
    """
    found = examine(model, self_test=not no_test)
    failed = [finding for finding in found if finding.state == "failed"]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for finding in found:
            _print(finding)
        _print_verdict(found, len(failed))
    if failed:
        raise SystemExit(failed[0].exit_code)


def _print(finding: Finding) -> None:
    label = click.style(f"{_LABELS[finding.state]:>6}", fg=_COLOURS[finding.state])
    first, *rest = finding.text.splitlines() or [""]
    click.echo(f"{label}  {finding.check:<10} {first}")
    for line in rest:
        click.echo(" " * 19 + line)
    if finding.hint:
        click.echo(" " * 19 + f"→ {finding.hint}")


def _print_verdict(found: list[Finding], failed: int) -> None:
    warnings = sum(finding.state == "warning" for finding in found)
    if failed:
        click.echo(messages.PROBLEMS.format(count=failed))
    elif warnings:
        click.echo(messages.WARNINGS.format(count=warnings))
    else:
        click.echo(messages.ALL_WELL)
