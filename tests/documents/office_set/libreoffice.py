"""LibreOffice without a window: one process at a time, with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PROGRAM: Final = shutil.which("soffice") or shutil.which("libreoffice")
# CSV needs to be told its separator, quotes and encoding; 76 is UTF-8.
_FILTERS: Final = {
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76",
    "txt": "txt:Text (encoded):UTF8",
}
# Seconds for one file; a busy machine is slow.
_PATIENCE: Final = 120
_BATCH: Final = 12


def convert(files: Sequence[Path], kind: str, folder: Path, profile: Path) -> dict[Path, Path]:
    """Let LibreOffice write `files` as `kind` into `folder`.

    Returns:
        source → result, for what was made. A file that LibreOffice cannot open has none.
    """
    if PROGRAM is None:
        raise RuntimeError("soffice is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[Path, Path] = {}
    for at in range(0, len(files), _BATCH):
        batch = list(files[at : at + _BATCH])
        # Two sources of one name would become one result.
        assert len({path.stem for path in batch}) == len(batch)
        subprocess.run(
            [
                PROGRAM,
                f"-env:UserInstallation={profile.resolve().as_uri()}",
                *("--headless", "--norestore", "--convert-to", _FILTERS.get(kind, kind)),
                *("--outdir", str(folder), *map(str, batch)),
            ],
            check=False,
            capture_output=True,
            timeout=_PATIENCE * len(batch),
        )
        for path in batch:
            result = folder / f"{path.stem}.{kind}"
            if result.exists():
                made[path] = result
    return made
