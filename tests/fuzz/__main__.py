"""`python -m tests.fuzz --count 20000`: mutated files over every reader.

Only `KakehashiError` may come out of opening and writing them. Input number N of a run is the same
on every machine: `--only N` tries it again. Failing inputs are saved in `--out`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.fuzz.harness import Tally, run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of inputs")
    parser.add_argument("--out", type=Path, help="a folder for failing inputs and report.json")
    arguments = parser.parse_args()
    out = arguments.out or Path(tempfile.mkdtemp(prefix="fuzz-"))
    numbers = arguments.only or range(arguments.first, arguments.first + arguments.count)
    tally = run(arguments.seed, numbers, out, lambda text: print(text, flush=True))
    _report(tally, out)
    return 1 if tally.failures else 0


def _report(tally: Tally, out: Path) -> None:
    formats = sorted({format for format, _ in tally.counts})
    for format in formats:
        row = {r: tally.counts[format, r] for r in ("opened", "refused", "failed")}
        print(f"{format:6} " + "  ".join(f"{name} {count}" for name, count in row.items()))
    print(f"{tally.total} inputs, {len(tally.failures)} failures; saved in {out}")
    whole = {
        "counts": {f"{f} {r}": n for (f, r), n in sorted(tally.counts.items())},
        "refusals": dict(tally.errors.most_common()),
        "failures": tally.failures,
    }
    (out / "report.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
