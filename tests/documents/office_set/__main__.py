"""`python -m tests.documents.office_set [--out FOLDER]`: make the proof set and run the proof.

Writes the files, what became of them and `report.json` into the folder; exit status 1 if a file
does not open, a formula or reference broke, a page looks different, or fewer than 95 % of the
checked runs kept their formatting. Needs LibreOffice (`soffice`) for the whole of it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.documents.office_set import libreoffice
from tests.documents.office_set.make import make
from tests.documents.office_set.proof import Result, prove

LEAST_RUNS = 0.95
LEAST_FILES = 40


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="a folder; a temporary one if not given")
    parser.add_argument("--only", nargs="*", help="names of files of the set")
    arguments = parser.parse_args()
    out = arguments.out or Path(tempfile.mkdtemp(prefix="office-set-"))
    office = libreoffice.PROGRAM is not None
    if not office:
        print("soffice is not installed: its files are not made, and nothing is drawn")
    files = make(out / "set", convert=office)
    if arguments.only:
        files = [path for path in files if path.name in arguments.only]
    results = prove(files, out, print)
    (out / "report.json").write_text(
        json.dumps([asdict(one) for one in results], ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return report(results, whole=office and not arguments.only)


def report(results: list[Result], *, whole: bool) -> int:
    done = [one for one in results if not one.skipped]
    for one in results:
        state = f"not run: {one.skipped}" if one.skipped else "ok" if not one.faults else "FAULTS"
        runs = f"runs {one.runs_kept}/{one.runs}" if one.runs else ""
        dots = f"dots {one.dots:.3%}" if one.dots >= 0 else ""
        print(f"{one.name:44} {one.segments:5} segments  {state:8} {runs:14} {dots}")
        for fault in one.faults:
            print(f"    {fault}")
        for lost in one.lost_runs[:5]:
            print(f"    formatting lost: {lost}")
    runs_kept, all_runs = sum(r.runs_kept for r in done), sum(r.runs for r in done)
    broken = sum(one.broken for one in done)
    opened = sum(not any("open" in fault for fault in one.faults) for one in done)
    print(
        f"\n{len(done)} of {len(results)} files; open afterwards: {opened}; formulas and references: "
        f"{sum(one.references for one in done)} checked, {broken} broken; runs: {runs_kept} of {all_runs} "
        f"kept ({runs_kept / max(1, all_runs):.1%}); files with faults: {sum(bool(r.faults) for r in done)}"
    )
    enough = len(done) >= LEAST_FILES or not whole
    faults = any(one.faults for one in done)
    return 0 if enough and not faults and not broken and runs_kept >= LEAST_RUNS * all_runs else 1


if __name__ == "__main__":
    sys.exit(main())
