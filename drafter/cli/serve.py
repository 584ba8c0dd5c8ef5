"""`drafter serve`: the review desk, on this machine or behind a proxy that speaks https."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter serve                                     http://127.0.0.1:8400, for this machine alone
  drafter serve --port 9000
  drafter serve --demo evals/samples                an empty desk gets demo accounts and these cases
  drafter serve --metrics-port 9401                 metrics at http://127.0.0.1:9401/metrics
  DRAFTER_DESK_HOSTS=desk.example.org drafter serve --host 0.0.0.0 --behind-proxy

The first start prints a code; the page at the address asks for it and makes the administrator.
"""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless told otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8400,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front speaks https and names itself in X-Forwarded-*.")
    ] = False,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Port for the metrics of this process (Prometheus); 0 takes a free one.", min=0, max=65535),
    ] = None,
    demo: Annotated[
        Path | None,
        typer.Option(help="Furnish an empty desk with demo accounts and the cases of this folder."),
    ] = None,
) -> None:
    """Start the review desk."""
    from drafter.cli.serving_run import run_serve

    raise typer.Exit(run_serve(host=host, port=port, behind_proxy=behind_proxy, demo=demo, metrics_port=metrics_port))
