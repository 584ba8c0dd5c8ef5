"""What is told of the program's work: steps, sizes and ids; never a sentence, whatever is handed in."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from prometheus_client import generate_latest

from drafter.adapters.metrics import Metrics
from drafter.domain.health import Health, Part
from drafter.domain.review.events import SignInRefused
from drafter.domain.review.jobs import QueueStanding
from drafter.domain.review.told import facts_of_events
from drafter.domain.watching import NOTHING, UNWATCHED, Facts, StepName
from drafter.errors import SettingInvalid
from drafter.operation_bootstrap import operation
from drafter.services.watching import WatchedRetriever, Watching
from drafter.settings import settings_from
from tests.drafting_factories import SuppliedPassages
from tests.factories import make_passage
from tests.review_factories import make_blocker, make_drafted, make_opened, make_revised

SENTENCE = "Zebulon Quince has low back pain."


class Heard:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.steps: list[tuple[StepName, Facts, float]] = []

    def begin(self, name: StepName, facts: Facts, *, after: str) -> str:
        return after

    def end(self, begun: str, name: StepName, facts: Facts, *, seconds: float) -> None:
        self.steps.append((name, facts, seconds))

    def here(self) -> str:
        return ""


def figures(metrics: Metrics) -> dict[str, float]:
    lines = generate_latest(metrics.registry).decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_no_fact_can_hold_a_sentence():
    words = dict.fromkeys(("route", "method", "request_id", "model", "outcome", "reason", "fault"), SENTENCE)

    facts = Facts(**words, actions=(SENTENCE,))

    assert SENTENCE not in facts.model_dump_json()
    assert (facts.model, facts.actions) == ("other", ("other",))


def test_a_step_is_told_with_what_became_known_of_it_and_its_time():
    heard, seconds = Heard(), iter((1.0, 3.5))
    watching = Watching((heard,), monotonic=lambda: next(seconds))

    with watching.step("draft", Facts(model="extractive")) as tell:
        tell(Facts(outcome="done", items=2))

    assert heard.steps == [("draft", Facts(model="extractive", outcome="done", items=2), 2.5)]


def test_a_step_that_fails_tells_the_kind_of_fault_and_not_its_words():
    heard = Heard()

    with pytest.raises(ValueError, match="Zebulon"), Watching((heard,), monotonic=lambda: 0.0).step("checks"):
        raise ValueError(SENTENCE)

    assert heard.steps == [("checks", Facts(outcome="failed", fault="ValueError"), 0.0)]


def test_where_nobody_watches_nothing_happens():
    with UNWATCHED.step("search") as tell:
        tell(NOTHING)

    assert UNWATCHED.here() == ""


def test_a_search_tells_how_much_was_found_and_not_what_was_looked_for():
    heard = Heard()
    retriever = WatchedRetriever(SuppliedPassages((make_passage(),)), Watching((heard,), monotonic=lambda: 0.0))

    retriever.search("Quince lumbar MRI", as_of=date(2016, 12, 1), limit=8)

    ((name, facts, _),) = heard.steps
    assert (name, facts.passages) == ("search", 1)
    assert "Quince" not in facts.model_dump_json()
    assert retriever.notice is None


def test_events_are_told_by_their_kind_and_findings_by_their_check():
    revised = make_revised(findings=(make_blocker(), make_blocker()))

    facts = facts_of_events([make_opened(), make_drafted(), revised, SignInRefused(why="password")])

    assert facts.actions == ("case-opened", "drafted", "revised", "sign-in-refused")
    assert facts.reason == "password"
    assert [(one.check, one.of, one.count) for one in facts.findings or ()] == [(make_blocker().check, "text", 2)]


def test_metrics_count_what_was_told():
    metrics = Metrics(process="desk", version="1")
    watching = Watching((metrics,), monotonic=lambda: 0.0)
    steps: list[tuple[StepName, Facts]] = [
        ("request", Facts(method="GET", route="/cases/{case_id}", status=200)),
        ("request", Facts(method="FOO", status=404)),
        ("record", facts_of_events([make_revised(findings=(make_blocker(),))])),
        ("record", facts_of_events([SignInRefused(why="code")])),
        ("draft", Facts(model="extractive")),
        ("model", Facts(model="openai:m", outcome="failed", reason="busy", tokens_in=5, cost=0.5)),
        ("job-asked", NOTHING),
        ("job-asked", Facts(outcome="known")),
        ("job", Facts(outcome="stopped")),
        ("search", Facts(outcome="addressed")),
        ("checks", NOTHING),
    ]
    for name, facts in steps:
        with watching.step(name, facts):
            pass

    told = figures(metrics)

    for line in (
        'drafter_requests_total{method="GET",route="/cases/{case_id}",status="200"}',
        'drafter_requests_total{method="OTHER",route="none",status="404"}',
        'drafter_record_entries_total{action="revised"}',
        f'drafter_findings_total{{check="{make_blocker().check}",of="text",severity="blocker"}}',
        'drafter_sign_ins_refused_total{why="code"}',
        'drafter_drafts_total{model="extractive",outcome="done"}',
        'drafter_model_calls_total{model="openai:m",outcome="failed",reason="busy"}',
        "drafter_jobs_asked_total",
        'drafter_jobs_ended_total{outcome="stopped"}',
        'drafter_search_seconds_count{outcome="addressed"}',
        "drafter_checks_seconds_count",
    ):
        assert told[line] == 1, line
    assert told['drafter_model_tokens_total{direction="in",model="openai:m"}'] == 5
    assert told['drafter_model_cost_total{model="openai:m"}'] == 0.5


def test_how_things_stand_is_asked_when_somebody_reads_and_has_no_figure_where_it_is_unknown():
    standing: list[QueueStanding | None] = [QueueStanding(waiting=3, writing=1, oldest_seconds=9.5, workers=2), None]
    metrics = Metrics(process="desk", version="1")
    metrics.show(
        health=lambda: Health(parts=(Part(name="record"), Part(name="search", state="degraded", told="x"))),
        resting=lambda: None,
        queue=lambda: standing.pop(0),
    )

    known, unknown = figures(metrics), figures(metrics)

    assert (known["drafter_ready"], known['drafter_part_well{part="search"}']) == (1, 0)
    assert (known['drafter_queue_jobs{state="waiting"}'], known["drafter_queue_oldest_seconds"]) == (3, 9.5)
    assert known["drafter_queue_workers"] == 2
    assert not [name for name in unknown if "queue" in name or "resting" in name]


@pytest.mark.parametrize(
    ("vendor", "module", "more", "sentence"),
    [
        ("prometheus_client", "metrics", {}, "Metrics need the extra `scale`; install imr-drafter[scale]"),
        (
            "opentelemetry.exporter.otlp.proto.http.trace_exporter",
            "traces",
            {"DRAFTER_TRACES": "http://127.0.0.1:9/v1/traces"},
            "Traces need the extra `scale`; install imr-drafter[scale]",
        ),
    ],
)
def test_without_the_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, vendor: str, module: str, more: dict[str, str], sentence: str
):
    monkeypatch.setitem(sys.modules, vendor, None)
    monkeypatch.delitem(sys.modules, f"drafter.adapters.{module}", raising=False)

    with (
        pytest.raises(SettingInvalid) as refused,
        operation(settings_from(more), process="desk", metrics=module == "metrics"),
    ):
        pass

    assert str(refused.value).startswith(sentence)


def test_an_address_for_traces_that_is_none_is_refused():
    with pytest.raises(SettingInvalid, match="DRAFTER_TRACES is no address"):
        settings_from({"DRAFTER_TRACES": "collector:4318"})
