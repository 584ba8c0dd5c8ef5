"""What may be told of events that were recorded: their kinds, the findings by check, why a sign-in was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from drafter.domain.draft import Finding
from drafter.domain.review.events import Drafted, Event, Revised, SignInRefused
from drafter.domain.watching import Facts, FindingCount


def facts_of_events(events: Sequence[Event]) -> Facts:
    """Of events that were recorded together."""
    found: list[FindingCount] = []
    refused = None
    for event in events:
        if isinstance(event, Drafted):
            found += _counted((one for draft in event.drafts for one in draft.findings), of="draft")
        elif isinstance(event, Revised):
            found += _counted(event.findings, of="text")
        elif isinstance(event, SignInRefused):
            refused = event.why
    return Facts(actions=tuple(event.action for event in events), findings=tuple(found), reason=refused)


def _counted(findings: Iterable[Finding], *, of: Literal["draft", "text"]) -> list[FindingCount]:
    counts = Counter((finding.check, finding.severity) for finding in findings)
    return [FindingCount(check=check, severity=severity, of=of, count=n) for (check, severity), n in counts.items()]
