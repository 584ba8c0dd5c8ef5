"""What the checks block on letters that were really published, held against what people judged of each."""

from __future__ import annotations

from collections import Counter

from drafter.domain.checks.run import run_checks
from drafter.services.intake import read_case
from evals.labels import Raised, judged_blockers
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.vocabulary import load_vocabulary
from tests.conftest import PublishedLetter


def test_few_blockers_are_raised_on_published_letters_and_nearly_all_are_right(
    letters: tuple[PublishedLetter, ...],
) -> None:
    vocabulary, judged = load_vocabulary(), judged_blockers()
    verdicts: Counter[str] = Counter()
    items = 0
    for letter in letters:
        case = read_case(letter.pdf)
        items += len(case.items)
        for finding in run_checks(case, vocabulary=vocabulary, editions=shipped_editions()):
            if finding.severity == "blocker":
                place = Raised(letter.case_number, finding.item, finding.check)
                verdicts[judged.get(place, "unjudged")] += 1

    assert verdicts["unjudged"] == 0
    assert 0 < verdicts.total() <= 0.10 * items
    assert verdicts["true"] >= 0.90 * verdicts.total()
