"""What `drafter prompts preview` does: one item's prompt with the origin of every part, by colour and by letter."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.bootstrap import open_app
from drafter.domain.case import Case, Determination
from drafter.domain.prompting.preview import Preview
from drafter.errors import NothingToRead, TemplateInvalid
from drafter.prompt_bootstrap import open_library, open_stored_replies, prompt_values
from drafter.prompting.files import load_prompt
from drafter.services.contract import to_line
from drafter.services.intake import read_case
from drafter.services.prompting.previewing import preview
from drafter.settings import Settings

DRAFTING = ("rationale", "options")
# Letter, style and name of each origin: the letter stands before every line, so that colour is never needed.
ORIGINS = {
    "template": ("T", "", "template"),
    "slot": ("S", "cyan", "slot, from the case"),
    "items": ("I", "cyan", "other items of the case"),
    "record": ("R", "green", "record"),
    "arguments": ("U", "yellow", "utilization review's arguments"),
    "passages": ("P", "magenta", "guideline passages"),
    "criteria": ("C", "blue", "criteria"),
    "withheld": ("W", "red", "parts joined where identifiers were taken out"),
}
_MARKS = {"+": "green", "-": "red", "@": "dim", " ": ""}


def run_preview(
    settings: Settings,
    *,
    label: str,
    case_path: Path,
    item: int | None,
    determination: str | None,
    against: str,
    model: str | None,
    as_json: bool,
) -> int:
    """Prints the preview of one item. Raises DrafterError and CorpusError."""
    library = open_library(settings)
    name, _, version = label.partition("@")
    if name not in DRAFTING:
        raise TemplateInvalid(f"{label}: a preview fills {' and '.join(DRAFTING)} from a case; the others have none.")
    library.text(label)
    other = library.live(name) if against == "live" else against
    library.text(other)
    app = open_app(settings, model_spec=model)
    case, number = _item(read_case(case_path), path=case_path, item=item)
    chosen = _outcome(name, determination)
    ((brief, values),) = prompt_values(app, case, determinations={number: chosen} if chosen else {}, items=[number])
    shown = preview(
        load_prompt(prompts_dir=settings.prompts_dir, name=name, version=version),
        against=load_prompt(
            prompts_dir=settings.prompts_dir, name=other.partition("@")[0], version=other.partition("@")[2]
        ),
        brief=brief,
        values=values,
        redactor=BuiltinRedactor(),
        replies=open_stored_replies(settings, model=model),
        price=settings.price_in or None,
    )
    if as_json:
        sys.stdout.write(to_line(shown.model_dump(mode="json")) + "\n")
    else:
        print_preview(Console(highlight=False, soft_wrap=True), shown)
    return 0


def print_preview(console: Console, shown: Preview) -> None:
    """The prompt with letters and colours, what each origin takes, the difference, the stored reply."""
    outcome = f", outcome assumed for the preview: {shown.determination}" if shown.determination else ""
    console.print(Text(f"{shown.label} on {shown.case_number or 'the case'} item {shown.item}{outcome}", style="bold"))
    for side in ("system", "user"):
        console.print(Text(f"=== {side}", style="bold"))
        for line in _lines(shown, side):
            console.print(line)
    for total in shown.totals:
        letter, style, name = ORIGINS[total.origin]
        cost = f", {total.cost:.4f}" if total.cost is not None else ""
        console.print(
            Text(f"{letter}  {total.tokens:>6,} tokens{cost}  {name}{', fenced' if total.fenced else ''}", style=style)
        )
    cost = f", {shown.cost:.4f}" if shown.cost is not None else " (no price is set: DRAFTER_PRICE_IN)"
    console.print(Text(f"   {shown.tokens:>6,} tokens in all{cost}", style="bold"))
    if shown.unchanged:
        console.print(Text(f"The prompt is that of {shown.against}.", style="bold"))
    else:
        console.print(Text(f"Difference from {shown.against}", style="bold"))
        for changed in shown.difference:
            console.print(Text(f"{changed.mark} {changed.text}", style=_MARKS[changed.mark]))
    console.print(Text("Stored reply", style="bold"))
    console.print(Text(shown.reply or "No reply is stored for this prompt."))


def _lines(shown: Preview, side: str) -> list[Text]:
    """The text of one side, each line after the letters of the origins that stand on it."""
    lines: list[Text] = [Text()]
    letters: list[str] = [""]
    for part in (part for part in shown.parts if part.side == side):
        letter, style, _ = ORIGINS[part.origin]
        for number, piece in enumerate(part.text.split("\n")):
            if number:
                lines.append(Text())
                letters.append("")
            if piece:
                lines[-1].append(piece, style=style)
                letters[-1] += letter if letter not in letters[-1] else ""
    return [Text.assemble((f"{held:<3}│ ", "dim"), line) for held, line in zip(letters, lines, strict=True)]


def _item(case: Case, *, path: Path, item: int | None) -> tuple[Case, int]:
    if not case.items:
        raise NothingToRead(f"{path} names no treatment in dispute; name a letter or case file that does.")
    return case, item if item is not None else case.items[0].number


def _outcome(name: str, determination: str | None) -> Determination | None:
    if determination not in (None, "upheld", "overturned"):
        raise TemplateInvalid(f"--determination {determination}: write upheld or overturned.")
    if name == "options":
        return None
    return "overturned" if determination == "overturned" else "upheld"
