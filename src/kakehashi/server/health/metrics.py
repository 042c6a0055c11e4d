"""The metrics of this process, for Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS: Final = Counter(
    "kakehashi_requests", "Requests answered", ["method", "route", "status"], registry=REGISTRY
)
SECONDS: Final = Histogram(
    "kakehashi_request_seconds",
    "Seconds until the answer began",
    ["route"],
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.02, 0.04, 0.08, 0.2, 0.5, 1, 2, 5, 10, 30, 60),
)
JOBS: Final = Gauge("kakehashi_jobs", "Jobs that run or wait", registry=REGISTRY)
