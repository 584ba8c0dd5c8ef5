"""The figures of one process in the form of Prometheus: the only file that names its client.

Each process counts what it does itself and is a target of its own; what is common to all (the queue) is asked of the
database when somebody reads. A label is a word of this program: a route's template, a check's id, an action's name
(`drafter.domain.watching`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from drafter.domain.health import Health
from drafter.domain.review.jobs import QueueStanding
from drafter.domain.watching import Facts, StepName

_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45, 90, 180, 600)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"


class Metrics:
    """A `StepListener` with a registry of its own. `process` is the kind of process: `desk` or `worker`."""

    def __init__(self, *, process: str, version: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        Info("drafter_build", "Program and kind of process.", registry=self.registry).info(
            {"version": version, "process": process}
        )
        self._requests = self._counter("requests", "Requests answered.", "method", "route", "status")
        self._request_seconds = self._histogram("request_seconds", "Requests, until the answer has left.", "route")
        self._entries = self._counter("record_entries", "Entries of the record; saves are `revised`.", "action")
        self._record_seconds = self._histogram("record_seconds", "Appending to the record, commit included.")
        self._findings = self._counter("findings", "Findings as they were recorded.", "check", "severity", "of")
        self._refused = self._counter("sign_ins_refused", "Sign-ins refused, as recorded.", "why")
        self._checks_seconds = self._histogram("checks_seconds", "Checks over a text, saved or being typed.")
        self._search_seconds = self._histogram("search_seconds", "Searches over the guidelines.", "outcome")
        self._drafts = self._counter("drafts", "Drafts that ended.", "model", "outcome")
        self._draft_seconds = self._histogram("draft_seconds", "Drafts, checks included.", "model", buckets=_SLOW)
        self._jobs_asked = self._counter("jobs_asked", "Drafts asked for, to be written behind the page.")
        self._jobs_ended = self._counter("jobs_ended", "Drafts behind the page that ended.", "outcome")
        self._job_seconds = self._histogram("job_seconds", "Drafts behind the page, being written.", buckets=_SLOW)
        self._calls = self._counter("model_calls", "Calls of a model.", "model", "outcome", "reason")
        self._call_seconds = self._histogram("model_seconds", "Calls of a model.", "model", buckets=_SLOW)
        self._tokens = self._counter("model_tokens", "Tokens, as told or else estimated.", "model", "direction")
        self._cost = self._counter("model_cost", "Cost, in the units of the prices that are set.", "model")

    def begin(self, name: StepName, facts: Facts, *, after: str) -> None:
        """See `drafter.services.watching.StepListener`."""

    def here(self) -> str:
        return ""

    def end(self, begun: None, name: StepName, facts: Facts, *, seconds: float) -> None:
        match name:
            case "request":
                self._request(facts, seconds)
            case "record":
                self._recorded(facts, seconds)
            case "checks":
                self._checks_seconds.observe(seconds)
            case "search":
                self._search_seconds.labels(facts.outcome or "failed").observe(seconds)
            case "draft":
                self._drafts.labels(facts.model or "", facts.outcome or "done").inc()
                self._draft_seconds.labels(facts.model or "").observe(seconds)
            case "model":
                self._called(facts, seconds)
            case "job-asked":
                self._jobs_asked.inc(facts.outcome != "known")
            case "job":
                self._jobs_ended.labels(facts.outcome or "failed").inc()
                self._job_seconds.observe(seconds)

    def serve(self, *, host: str, port: int) -> str:
        """Answers on this address in a thread of its own; the address to read. Raises OSError."""
        server, _ = start_http_server(port, addr=host, registry=self.registry)
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{server.server_port}/metrics"

    def show(
        self, *, health: Callable[[], Health], resting: Callable[[], bool | None],
        queue: Callable[[], QueueStanding | None],
    ) -> None:  # fmt: skip
        """From now on tells, too, how the parts of the process are, whether its model rests, what waits in the queue;
        None: there is none, or it does not answer, and then there is no figure."""
        self.registry.register(_Standing(health=health, resting=resting, queue=queue))

    def _request(self, facts: Facts, seconds: float) -> None:
        method = facts.method if facts.method in _METHODS else "OTHER"
        route = facts.route or NO_ROUTE
        self._requests.labels(method, route, str(facts.status or 0)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def _recorded(self, facts: Facts, seconds: float) -> None:
        self._record_seconds.observe(seconds)
        for action in facts.actions or ():
            self._entries.labels(action).inc()
        for found in facts.findings or ():
            self._findings.labels(found.check, found.severity, found.of).inc(found.count)
        if facts.reason:
            self._refused.labels(facts.reason).inc()

    def _called(self, facts: Facts, seconds: float) -> None:
        model = facts.model or ""
        self._calls.labels(model, facts.outcome or "failed", facts.reason or "").inc()
        self._call_seconds.labels(model).observe(seconds)
        self._tokens.labels(model, "in").inc(facts.tokens_in or 0)
        self._tokens.labels(model, "out").inc(facts.tokens_out or 0)
        self._cost.labels(model).inc(facts.cost or 0.0)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"drafter_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, *labels: str, buckets: tuple[float, ...] = _FAST) -> Histogram:
        return Histogram(f"drafter_{name}", told, labels, registry=self.registry, buckets=buckets)


class _Standing(Collector):
    """How things stand, asked when somebody reads."""

    def __init__(
        self, *, health: Callable[[], Health], resting: Callable[[], bool | None],
        queue: Callable[[], QueueStanding | None],
    ) -> None:  # fmt: skip
        self._health, self._resting, self._queue = health, resting, queue

    def describe(self) -> list[Metric]:
        """Nothing is asked before somebody reads."""
        return []

    def collect(self) -> Iterator[Metric]:
        found = self._health()
        well = GaugeMetricFamily("drafter_part_well", "1 where the part is well, else 0.", labels=["part"])
        for part in found.parts:
            well.add_metric([part.name], float(part.state == "ok"))
        yield well
        yield GaugeMetricFamily("drafter_ready", "1 where the process can serve.", value=float(found.ready))
        if (resting := self._resting()) is not None:
            told = "1 while the model is not asked, because it could not be reached."
            yield GaugeMetricFamily("drafter_model_resting", told, value=float(resting))
        if (standing := self._queue()) is not None:
            jobs = GaugeMetricFamily("drafter_queue_jobs", "Drafts in the queue.", labels=["state"])
            jobs.add_metric(["waiting"], standing.waiting)
            jobs.add_metric(["writing"], standing.writing)
            yield jobs
            told = "How long the oldest waiting draft has waited."
            yield GaugeMetricFamily("drafter_queue_oldest_seconds", told, value=standing.oldest_seconds)
            yield GaugeMetricFamily("drafter_queue_workers", "Workers alive.", value=standing.workers)
