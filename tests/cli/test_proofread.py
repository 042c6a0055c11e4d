from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Kakehashi

TEXT = "この写真は無料で見れます。\n説明会は2024年4月15日(火)です。\n"


def test_findings_are_listed_with_place_reason_and_suggestion(kakehashi: Kakehashi) -> None:
    Path("a.txt").write_text(TEXT, "utf-8")
    done = kakehashi("proofread", "a.txt")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith(
        "a.txt: line 1, column 9: 注意 warning ra-nuki  「見れ」 → 「見られ」"
    )
    assert "ら抜き言葉です。" in lines[1]
    assert "line 2, column 16" in lines[2]
    assert "2024年4月15日は月曜日です。 / 2024年4月15日 is a Monday." in lines[3]
    assert lines[-1].startswith("2件")


def test_nothing_found(kakehashi: Kakehashi) -> None:
    done = kakehashi("proofread", input="図書館は月曜日が休みです。\n")
    assert (done.exit_code, done.stdout) == (0, "指摘はありません。 / Nothing found.\n")


def test_fix_writes_what_is_safe_and_lists_the_rest(kakehashi: Kakehashi) -> None:
    Path("a.md").write_text("# 案内\n\n**無料**で見れます。4月31日まで。\n", "utf-8")
    done = kakehashi("proofread", "a.md", "--fix")
    assert Path("a.md").read_text("utf-8") == "# 案内\n\n**無料**で見られます。4月31日まで。\n"
    assert "no-such-date" in done.stdout
    assert "ra-nuki" not in done.stdout
    assert "1件を直しました" in done.stdout


def test_fix_into_another_file_and_through_a_pipe(kakehashi: Kakehashi) -> None:
    Path("a.txt").write_bytes(TEXT.encode("cp932"))
    done = kakehashi("proofread", "a.txt", "--fix", "-o", "b.txt")
    assert done.exit_code == 0
    assert Path("a.txt").read_bytes() == TEXT.encode("cp932")
    assert Path("b.txt").read_bytes() == TEXT.replace("見れ", "見られ").encode("cp932")
    piped = kakehashi("proofread", "--fix", input=TEXT)
    assert piped.stdout == TEXT.replace("見れ", "見られ")
    assert "wrong-weekday" in piped.stderr


def test_a_file_without_findings_is_not_written(kakehashi: Kakehashi) -> None:
    path = Path("a.txt")
    path.write_text("図書館は月曜日が休みです。\n", "utf-8")
    path.chmod(0o444)
    before = path.stat().st_mtime_ns
    assert kakehashi("proofread", "a.txt", "--fix").exit_code == 0
    assert path.stat().st_mtime_ns == before


def test_json(kakehashi: Kakehashi) -> None:
    Path("a.txt").write_text(TEXT, "utf-8")
    told = json.loads(kakehashi("proofread", "a.txt", "--json").stdout)
    assert told["totals"] == {"segments": 1, "error": 1, "warning": 1, "info": 0, "fixed": 0}
    first = told["findings"][0]
    assert (first["rule"], first["line"], first["column"]) == ("ra-nuki", 1, 9)
    assert (first["text"], first["suggestion"], first["safe"]) == ("見れ", "見られ", True)
    assert first["reason_ja"]
    assert first["reason_en"]


def test_the_exit_code_can_tell(kakehashi: Kakehashi) -> None:
    assert kakehashi("proofread", "--fail-on", "error", input="無料で見れます。").exit_code == 0
    assert kakehashi("proofread", "--fail-on", "warning", input="無料で見れます。").exit_code == 1
    fixed = kakehashi("proofread", "--fail-on", "info", "--fix", input="無料で見れます。")
    assert fixed.exit_code == 0


def test_wrong_arguments_are_said_before_the_file_is_read(kakehashi: Kakehashi) -> None:
    rule = kakehashi("proofread", "missing.txt", "--only", "nothing")
    assert rule.exit_code == 2
    assert "nothing" in rule.stderr
    output = kakehashi("proofread", "missing.txt", "-o", "b.txt")
    assert output.exit_code == 2
    assert "--fix" in output.stderr
    assert kakehashi("proofread", "missing.txt").exit_code == 2


def test_the_rules_are_listed(kakehashi: Kakehashi) -> None:
    done = kakehashi("proofread", "--rules")
    assert done.exit_code == 0
    assert "ra-nuki" in done.stdout
    assert "official-word" in done.stdout
