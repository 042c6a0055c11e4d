"""Which address belongs to which capability."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kakehashi.server.api.openai.routes import api as openai
from kakehashi.server.health import views as health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("v1/", openai.urls),
]

handler404 = "kakehashi.server.fallbacks.missing"
handler500 = "kakehashi.server.fallbacks.failed"
