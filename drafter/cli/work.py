"""`drafter work`: a worker that writes the drafts that the review desk asks for."""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter work                     takes drafts from the queue until it is stopped
  drafter work --at-once 8         eight at a time; a model elsewhere does the waiting
  drafter work --metrics-port 9411 metrics at http://127.0.0.1:9411/metrics

Needs PostgreSQL (DRAFTER_DATABASE_URL) and DRAFTER_DRAFTING=queue, set for `drafter serve` too. Several may run, on
several machines; Ctrl+C or SIGTERM lets each finish what it has begun.
"""


def work(
    at_once: Annotated[int, typer.Option(help="Drafts written side by side.", min=1, max=64)] = 4,
    lost_after: Annotated[
        float, typer.Option(help="Seconds without a sign of life after which others take up a worker's drafts.", min=1)
    ] = 30,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Port for the metrics of this worker (Prometheus); 0 takes a free one.", min=0, max=65535),
    ] = None,
) -> None:
    """Write the drafts that the review desk has queued."""
    from drafter.desk_bootstrap import run_drafting_worker
    from drafter.settings import read_settings

    def tell(where: str) -> None:
        typer.echo(f"Drafts for the desk on {where}, {at_once} at once. Ctrl+C stops it.")

    run_drafting_worker(read_settings(), at_once=at_once, lost_after=lost_after, tell=tell, metrics_port=metrics_port)
