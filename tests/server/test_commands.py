"""The server's verbs, as a person types them."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.process import environment


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kakehashi", *arguments],
        env=environment(KAKEHASHI_HOME=str(home), KAKEHASHI_DATABASE="", **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_from_nothing_to_a_limit(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = run(home, "key", "create", "--name", "議事録")
    assert made.returncode == 0, made.stderr
    key = made.stdout.split()[-1]
    assert re.fullmatch(r"kk_[\w-]{43}", key)
    assert re.search(r"login: +admin\n.*password: [0-9a-f-]{27}", made.stderr)
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700

    listed = run(home, "key", "list").stdout
    assert key[:11] in listed
    assert key not in listed
    assert run(home, "ledger", "price", "--written", "100").returncode == 0
    assert run(home, "ledger", "limit", "yen", "month", "5000").returncode == 0
    assert "requests" in run(home, "ledger", "show").stdout
    assert run(home, "ledger", "export").stdout.startswith("request_id,at,")
    assert run(home, "ledger", "rebuild").stdout.strip().endswith(": 0")
    planned = run(home, "ledger", "plan", "--budget", "1000", "--ratio", "1.5")
    assert planned.returncode == 2
    assert "no request in this time" in planned.stderr

    assert run(home, "key", "revoke", key[:11]).returncode == 0
    again = run(home, "key", "revoke", key[:11])
    assert (again.returncode, "no such key" in again.stderr) == (2, True)


def test_an_organisation_is_paused(tmp_path: Path) -> None:
    assert re.fullmatch(r"[\w-]{24}", run(tmp_path, "organisation", "invite").stdout.split()[-1])
    assert run(tmp_path, "organisation", "pause", "Kakehashi").returncode == 0
    assert "paused since" in run(tmp_path, "organisation", "list").stdout
    assert run(tmp_path, "organisation", "resume", "Kakehashi").returncode == 0
    assert "paused" not in run(tmp_path, "organisation", "list").stdout
    assert run(tmp_path, "organisation", "pause", "やま市").returncode == 2


def test_doctor_looks_at_the_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "key", "create", "--name", "x")
    told = run(home, "doctor", "--no-test").stdout
    assert "SQLite" in told
    assert "1 member(s)" in told
    (home / "secret").chmod(0o644)
    told = run(home, "doctor", "--no-test").stdout
    assert "chmod 600" in told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"KAKEHASHI_PORT": "x"}, "KAKEHASHI_PORT"),
        ({"KAKEHASHI_CONFIG": "missing.toml"}, "missing.toml"),
        ({"KAKEHASHI_HOST": "192.0.2.1", "KAKEHASHI_PORT": "0"}, "cannot listen"),
    ],
)
def test_a_server_that_cannot_start_says_why(
    tmp_path: Path, more: dict[str, str], told: str
) -> None:
    failed = run(tmp_path, "serve", **more)
    assert failed.returncode == 2
    assert told in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    failed = subprocess.run(
        [sys.executable, "-m", "kakehashi", "serve"],
        env=environment(
            KAKEHASHI_HOME=str(tmp_path),
            KAKEHASHI_DATABASE="postgresql://kakehashi@127.0.0.1:1/none",
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert failed.returncode == 9
    assert "KAKEHASHI_DATABASE" in failed.stderr
    assert "Traceback" not in failed.stderr
