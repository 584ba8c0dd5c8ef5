"""Preview of a prompt version on one item, beside the live version: nothing is sent, nothing is kept."""

from __future__ import annotations

from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.exchange.request import Request
from drafter.domain.exchange.values import PromptValues
from drafter.domain.prompting.preview import Preview, cost_of, difference_of, parts_of, totals_of
from drafter.domain.prompting.sizes import tokens_of
from drafter.domain.prompting.template import PromptTemplate
from drafter.domain.redaction.exchange import Redaction
from drafter.ports import Redactor, StoredReplies
from drafter.prompting.files import render_prompt


def preview(
    template: PromptTemplate,
    *,
    against: PromptTemplate,
    brief: ItemBrief,
    values: PromptValues,
    redactor: Redactor,
    replies: StoredReplies | None = None,
    price: float | None = None,
) -> Preview:
    """The prompt of one item under `template`, and how it differs from that under `against`.

    `values`: what fills the prompt of the item (`drafter/prompt_bootstrap.py`). `price`: of a million tokens. Raises
    TemplateInvalid for a template that cannot be rendered.
    """
    sent = _sent(template, brief, values, redactor)
    live = _sent(against, brief, values, redactor)
    system, user = sent.texts
    parts = parts_of(template, values, sent={"system": system, "user": user}, taken=sent.taken)
    tokens = tokens_of(system) + tokens_of(user)
    return Preview(
        label=template.label,
        digest=template.digest,
        case_number=brief.case.case_number,
        item=brief.item.number,
        determination=brief.determination,
        parts=parts,
        totals=totals_of(parts, price=price),
        tokens=tokens,
        cost=cost_of(tokens, price=price),
        against=against.label,
        difference=difference_of("\n".join(live.texts), "\n".join(sent.texts)),
        reply=_stored(sent, brief, replies),
        reply_of_live=_stored(live, brief, replies),
    )


def _sent(template: PromptTemplate, brief: ItemBrief, values: PromptValues, redactor: Redactor) -> Redaction:
    prompt = render_prompt(template, values)
    context = "\n".join(field.source.text for field in brief.record)
    return redactor.redact([prompt.system, prompt.user], people=brief.case.people, context=context)


def _stored(sent: Redaction, brief: ItemBrief, replies: StoredReplies | None) -> str | None:
    if replies is None:
        return None
    system, user = sent.texts
    asked = Request(system=system, user=user, case_number=brief.case.case_number, item=brief.item.number)
    answer = replies.held(asked)
    return answer.text if answer is not None else None
