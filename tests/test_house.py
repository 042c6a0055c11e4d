"""The rules of the house that no other tool keeps (CONTRIBUTING.md, "Rules")."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import click
import pytest

from kakehashi.cli.main import cli
from kakehashi.engine.manifest import read_manifest, verify
from kakehashi.gguf_file import read_gguf

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "kakehashi"
MODEL_DISTRIBUTION = ROOT / "models" / "kakehashi-model-ja"
MODEL = MODEL_DISTRIBUTION / "kakehashi_model_ja" / "model"
READMES = ("README.md", "README.ja.md")

# What each room may import of the others. Modules and folders that are not named here stand
# beside all rooms (errors, settings, gguf_file, samples) and may be used by every one.
ROOMS: dict[str, set[str]] = {
    "text": set(),
    "engine": {"text"},
    "documents": {"engine", "text"},
    "language": {"documents", "engine", "text"},
    "forge": {"text"},
    "bench": {"language", "documents", "engine", "text"},
    "tutor": {"language", "documents", "engine", "text"},
    "tables": {"language", "documents", "engine", "text"},
    "reports": {"language", "documents", "engine", "text"},
    # The library's front door: `from kakehashi import Kakehashi`.
    "api": {"language", "documents", "engine", "text"},
}
ROOMS["cli"] = ROOMS["server"] = set(ROOMS)
TOP = {"__init__", "__main__", "cli", "server"}
BESIDE = {"digest", "errors", "gguf_file", "samples", "settings"}

TORCH_FILES = {
    f"forge/{name}.py"
    for name in ("adapters", "calibrate", "decoder", "export", "scales", "train", "training")
}
TORCH_LIBRARIES = {"torch", "safetensors"}

# Declared although nothing imports it by name.
LOADED_BY_NAME = {
    "sudachidict-core": "the dictionary that SudachiPy opens",
    "argon2-cffi": "the hash of Django's passwords",
    "httptools": "what uvicorn reads HTTP with",
    "psycopg": "Django's way to PostgreSQL",
}


@dataclass(frozen=True)
class Import:
    file: Path
    line: int
    module: str

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"

    @property
    def room(self) -> str:
        return self.file.relative_to(SRC).parts[0].removesuffix(".py")

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def _imports_of(file: Path) -> Iterator[Import]:
    package = ("kakehashi", *file.relative_to(SRC).parent.parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(file, node.lineno, f"{module}.{alias.name}")


@cache
def imports() -> tuple[Import, ...]:
    found = [each for file in sorted(SRC.rglob("*.py")) for each in _imports_of(file)]
    assert len(found) > 100
    return tuple(found)


@cache
def project(folder: Path = ROOT) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", each)[0].lower().replace("_", "-") for each in requirements}


def tree() -> Iterator[Path]:
    """Every file that a clone has (and nothing that was generated)."""
    generated = {".git", ".venv", "build", "dist", "__pycache__", "output", "shared"}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in generated and not re.fullmatch(r"\.\w+_cache|\.hypothesis", name)
        ]
        for name in files:
            if not name.endswith(".pyc"):
                yield Path(folder, name)


def test_imports_point_one_way() -> None:
    wrong = []
    for each in imports():
        if each.top != "kakehashi" or each.room in TOP - {"__init__"}:
            continue
        target = [*each.module.split("."), ""][1]
        allowed = ROOMS["api"] | {"api"} if each.room == "__init__" else ROOMS.get(each.room, set())
        rooms = set(ROOMS) | TOP
        if target in rooms and target != each.room and target not in allowed:
            wrong.append(f"{each.place}: {each.room} must not import {each.module}")
    assert not wrong, "\n".join(wrong)


def test_every_folder_is_a_known_room() -> None:
    rooms = {path.name for path in SRC.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms <= set(ROOMS) | BESIDE


@pytest.mark.parametrize("room", [r for r in sorted(ROOMS) if (SRC / r / "__init__.py").exists()])
def test_a_room_says_what_belongs_in_it(room: str) -> None:
    docstring = ast.get_docstring(ast.parse((SRC / room / "__init__.py").read_text("utf-8"))) or ""
    assert len(docstring.splitlines()) >= 3, f"{room}/__init__.py should say what it is for"


def test_torch_is_only_in_the_training_files() -> None:
    wrong = [
        each.place
        for each in imports()
        if each.top in TORCH_LIBRARIES and str(each.file.relative_to(SRC)) not in TORCH_FILES
    ]
    assert not wrong, "torch outside forge's training files: " + ", ".join(wrong)
    assert all(name.startswith("forge/") for name in TORCH_FILES)


def test_django_is_only_under_server() -> None:
    libraries = {"django", "ninja", "django_tasks"}
    wrong = [e.place for e in imports() if e.top in libraries and e.room != "server"]
    assert not wrong, "Django outside server: " + ", ".join(wrong)


def test_the_product_starts_without_its_optional_parts() -> None:
    # matplotlib and the like are slow to import and absent where only the product is installed.
    blocked = ["torch", "safetensors", "matplotlib", "sacrebleu"]
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked}))\n"
        "import kakehashi, kakehashi.cli.main"
    )
    environment = os.environ | {"PYTHONPATH": str(SRC.parent)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=120)


def test_every_third_party_import_is_declared_and_none_is_declared_in_vain() -> None:
    declared = project()["project"]
    run = names(declared["dependencies"])
    extras = {key: names(value) for key, value in declared["optional-dependencies"].items()}
    by_room = {"forge": run | extras["train"], "bench": run | extras["bench"]}
    distributions = packages_distributions()
    used: set[str] = set()
    undeclared = []
    for each in imports():
        if each.top in sys.stdlib_module_names or each.top.startswith("kakehashi"):
            continue
        candidates = {name.lower().replace("_", "-") for name in distributions.get(each.top, [])}
        # Not installed here (torch): its import name is its distribution's name.
        candidates = candidates or {each.top.lower()}
        found = candidates & by_room.get(each.room, run)
        if found:
            used |= found
        elif not (each.top.startswith("gemma3_270m") and each.room == "bench"):
            undeclared.append(f"{each.place}: {each.top}")
    assert not undeclared, "imported, not declared for that room: " + ", ".join(undeclared)
    assert run - used - set(LOADED_BY_NAME) == set(), "declared, never imported"


def test_every_library_that_the_tests_import_is_declared() -> None:
    extras = project()["project"]["optional-dependencies"]
    declared = names(
        [
            *project()["project"]["dependencies"],
            *extras["bench"],
            *extras["train"],
            *extras["predecessor"],
            *project()["dependency-groups"]["dev"],
        ]
    )
    distributions = packages_distributions()
    wrong = []
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for top in {module.split(".")[0] for module in modules}:
                if top in sys.stdlib_module_names or top in {"kakehashi", "tests"}:
                    continue
                # What is not installed is known by its import name.
                known = distributions.get(top, [top.replace("_", "-")])
                if not {d.lower() for d in known} & declared:
                    wrong.append(f"{file.relative_to(ROOT)}: {top}")
    assert not wrong


def test_the_model_card_lists_every_source_of_the_recipe() -> None:
    recipe = (ROOT / "runs" / "train.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"path: \w+/(\w+)\.", recipe))
    card = (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([a-z0-9_]+) \| .*github|^\| ([a-z0-9_]+) \| Debian", card, re.M))
    assert used
    assert used == {name for pair in listed for name in pair if name}


@pytest.mark.parametrize(
    ("lock", "extra", "group"),
    [("run", None, None), ("test", "bench", "dev"), ("train", "train", None)],
)
def test_locks_hold_what_is_declared(lock: str, extra: str | None, group: str | None) -> None:
    wanted = names(project()["project"]["dependencies"])
    if extra:
        wanted |= names(project()["project"]["optional-dependencies"][extra])
    if group:
        wanted |= names(project()["dependency-groups"][group])
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    # torch stays out of the locks on purpose: see CONTRIBUTING.md.
    assert wanted - {"torch"} <= locked, "run scripts/lock"
    assert "torch" not in locked


def test_locks_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for lock in ("build", "run", "test", "train"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
        for entry in entries:
            assert "--hash=sha256:" in entry, f"{lock}.txt: {entry[:60]!r} has no hash"
            name, version = re.split(r"==|\s", entry, maxsplit=2)[:2]
            marker = entry.split("\\")[0].partition(";")[2].strip()
            versions.setdefault(f"{name} {marker}", set()).add(version)
    assert [name for name, found in versions.items() if len(found) > 1] == []


def test_no_file_names_a_registry_host_or_a_path_of_a_machine() -> None:
    # Put together here, so that this file does not name them.
    hosts = ["pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "deb.debian" + ".org"]
    hosts = [re.escape(host) for host in hosts]
    paths = r"(?<![\w.~-])/(?:root|work)/[\w.]"
    pattern = re.compile("|".join([*hosts, paths]).encode())
    wrong = []
    for file in tree():
        found = pattern.search(file.read_bytes())
        if found:
            wrong.append(f"{file.relative_to(ROOT)}: {found.group().decode()}")
    assert not wrong, "\n".join(wrong)


def test_the_product_does_not_look_for_the_corpora() -> None:
    wrong = [str(f) for f in SRC.rglob("*.py") if "../shared" in f.read_text(encoding="utf-8")]
    assert not wrong


def _pages() -> list[Path]:
    return [file for file in tree() if file.suffix == ".md" and "tests" not in file.parts]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(page: Path) -> None:
    if SRC in page.parents:
        pytest.skip("a sample text, not a page of ours")
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)", text)
    broken = [
        link
        for link in links
        if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists()
    ]
    assert not broken


def _shell(page: str) -> str:
    text = (ROOT / page).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md"])
def test_make_targets_and_scripts_that_are_promised_exist(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    promised = set(re.findall(r"^make ([a-z]+)", _shell(page), re.MULTILINE))
    assert promised
    assert promised <= targets
    text = (ROOT / page).read_text(encoding="utf-8") + makefile
    for script in set(re.findall(r"(?<![\w/])((?:scripts|runs)/[a-z_-]+(?:\.sh|\.py)?)\b", text)):
        assert os.access(ROOT / script, os.X_OK), f"{script} is promised but cannot be run"


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md"])
def test_commands_that_are_promised_exist(page: str) -> None:
    inline = re.findall(r"`([^`\n]+)`", (ROOT / page).read_text(encoding="utf-8"))
    lines = [*inline, *(line.removeprefix(".venv/bin/") for line in _shell(page).splitlines())]
    calls = [re.match(r"kakehashi ([a-z]+)(?: ([a-z]+))?", line) for line in lines]
    promised = {call.groups() for call in calls if call}
    assert promised
    context = click.Context(cli)
    for verb, noun in promised:
        command = cli.get_command(context, verb)
        assert command is not None, f"{page} promises 'kakehashi {verb}'"
        if isinstance(command, click.Group) and noun:
            assert command.get_command(context, noun), f"{page} promises 'kakehashi {verb} {noun}'"


def test_both_readmes_say_the_same() -> None:
    english, japanese = ((ROOT / page).read_text(encoding="utf-8") for page in READMES)
    blocks = re.compile(r"```\w+\n.*?```", re.DOTALL)
    assert blocks.findall(english) == blocks.findall(japanese)
    assert english.count("\n## ") == japanese.count("\n## ")

    def figures(text: str) -> list[list[str]]:
        return [line.split("|")[2:6] for line in text.splitlines() if line.startswith("| ")][2:]

    assert figures(english) == figures(japanese)
    assert set(re.findall(r"\]\(([^):]+)\)", english)) - {"README.ja.md"} == (
        set(re.findall(r"\]\(([^):]+)\)", japanese)) - {"README.md"}
    )


def test_the_changelog_knows_this_version() -> None:
    version = project()["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)[0]
    assert newest == version


def test_the_weights_carry_the_licence_files_that_gemma_asks_for() -> None:
    shipped = project(MODEL_DISTRIBUTION)["project"]["license-files"]
    texts = {name: (MODEL_DISTRIBUTION / name).read_text(encoding="utf-8") for name in shipped}
    sentence = (
        "Gemma is provided under and subject to the Gemma Terms of Use found at "
        "ai.google.dev/gemma/terms"
    )
    assert texts["Notice"].strip() == sentence
    terms = texts["GEMMA_TERMS.txt"]
    assert sentence in terms
    for section in ("1.1", "2.2", "3.1", "3.2", "3.3", *(f"4.{n}" for n in range(1, 10))):
        assert re.search(rf"^{section}\b", terms, re.MULTILINE), f"section {section} is missing"
    policy = texts["GEMMA_PROHIBITED_USE_POLICY.txt"]
    assert re.findall(r"^(\d)\. ", policy, re.MULTILINE) == ["1", "2", "3", "4"]
    assert "use restriction" in texts["LICENSE"].lower()
    assert "modified" in texts["MODIFICATIONS.md"]


def test_the_shipped_weights_are_what_their_manifest_says() -> None:
    manifest = read_manifest(MODEL)
    weights = verify(MODEL, manifest)
    assert weights.stat().st_size <= 90_000_000
    assert (MODEL / "MODEL_CARD.md").is_file()
    assert manifest.licence == "gemma"
    assert read_gguf(weights, tensors=False).get("general.license") == "gemma"


def test_ci_runs_what_people_run() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "set -euo pipefail" in script
    for command in ("make run", "make lint", "make test", "make models", "make train"):
        assert re.search(rf"^{re.escape(command)}$", script, re.MULTILINE)
