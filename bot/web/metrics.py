"""Figures for Prometheus. No label ever holds a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

if TYPE_CHECKING:
    from bot.app import App


def render(app: App, open_deliveries: dict[str, int]) -> bytes:
    """Write the figures of this moment in Prometheus' text format."""
    registry = CollectorRegistry()
    for name, value in app.dispatcher.counts.items():
        Counter(f"vivas_updates_{name}", f"Updates {name} since the start", registry=registry).inc(value)
    Counter("vivas_messages_sent", "Messages sent since the start", registry=registry).inc(app.outbox.sent_count)
    Counter("vivas_floods", "429 answers since the start", registry=registry).inc(app.outbox.floods)
    Gauge("vivas_backlog", "Updates that wait or run", registry=registry).set(app.dispatcher.backlog)
    lanes = Gauge("vivas_lane_depth", "Deliveries that wait in memory", ["lane"], registry=registry)
    for lane, depth in app.outbox.lane_depths().items():
        lanes.labels(lane).set(depth)
    rows = Gauge("vivas_deliveries_open", "Open deliveries in the database", ["state"], registry=registry)
    for state in ("queued", "held", "sending", "uncertain"):
        rows.labels(state).set(open_deliveries.get(state, 0))
    return generate_latest(registry)
