from __future__ import annotations

import json
import logging
from pathlib import Path

import httpx

from kakehashi.server.logs import JsonLines
from tests.server.conftest import Live
from tests.server.process import serving


def test_it_says_that_it_is_alive_and_ready(live: Live) -> None:
    assert httpx.get(f"{live.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{live.url}/readyz").json() == {"status": "ok"}


def test_metrics_count_requests_by_route(live: Live) -> None:
    httpx.get(f"{live.url}/v1/models/secret-name", headers={"authorization": f"Bearer {live.key}"})
    text = httpx.get(f"{live.url}/metrics").text
    assert 'kakehashi_requests_total{method="GET",route="v1/models/<name>",status="404"}' in text
    assert "secret-name" not in text
    assert "kakehashi_request_seconds_bucket" in text


def test_a_line_of_the_log_is_json_and_holds_no_objects() -> None:
    record = logging.makeLogRecord(
        {
            "name": "x",
            "levelname": "INFO",
            "msg": "十 %s",
            "args": (3,),
            "route": "v1/",
            "request": object(),
        }
    )
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["route"]) == ("十 3", "v1/")
    assert "request" not in line


def test_neither_keys_nor_texts_are_in_the_log(live: Live, tmp_path: Path) -> None:
    text = "Please wait here, Mr Hidden."
    body = {"model": "kakehashi-translate-ja", "messages": [{"role": "user", "content": text}]}
    with serving(tmp_path, KAKEHASHI_LOG_LEVEL="debug") as server:
        for path, more in (
            ("chat/completions", {}),
            ("chat/completions", {"n": 3}),
            ("chat/completions", {"temperature": text}),
            ("models/Hidden?key=Hidden", {}),
            ("Hidden", {}),
        ):
            headers = {"authorization": f"Bearer {live.key}"}
            httpx.post(f"{server.url}/v1/{path}", json=body | more, headers=headers)
        assert server.end() == 0
        lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    routes = [line["route"] for line in lines if line["logger"] == "kakehashi.request"]
    assert routes.count("v1/chat/completions") == 3
    written = server.log.read_text("utf-8") + server.output.read_text("utf-8")
    assert "Hidden" not in written
    assert live.key[8:] not in written
