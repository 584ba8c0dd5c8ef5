"""What a reader takes out of one sentence, by kind: every form a reviewer writes has the same value."""

from __future__ import annotations

import pytest

from drafter.domain.reading.model import Fact, FactKind
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary


def facts(text: str, kind: FactKind) -> list[Fact]:
    return [fact for s in read(text, vocabulary=load_vocabulary()).sentences for fact in s.facts if fact.kind == kind]


def values(text: str, kind: FactKind) -> list[str]:
    return [fact.value for fact in facts(text, kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The patient is a 48 year old male.", ["48"]),
        ("This 45-year-old welder fell.", ["45"]),
        ("A now 39-year-old cook.", ["39"]),
        ("A 62-year old female.", ["62"]),
        ("The claimant is 51 years of age.", ["51"]),
        ("A 48 y/o male, and later a 48yo man.", ["48", "48"]),
        ("The worker, aged 60, was seen.", ["60"]),
        ("A sixty-two-year-old clerk.", ["62"]),
        ("The injury is 20 days old.", []),
        ("A 20 year old injury of the knee.", []),
        ("MRI is for patients over age 50.", []),
        ("A 200 year old building.", []),
    ],
)
def test_age(text: str, expected: list[str]) -> None:
    assert values(text, "age") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Injured on 10/30/2016.", ["2016-10-30"]),
        ("Injured on 10-30-2016.", ["2016-10-30"]),
        ("Injured on 10-30- 2016 at work.", ["2016-10-30"]),
        ("Injured on 10/ 14/ 2016 at work.", ["2016-10-14"]),
        ("Injured on 11-4-16.", ["2016-11-04"]),
        ("Injured on October 28, 2016.", ["2016-10-28"]),
        ("Injured on Oct. 28th, 2016.", ["2016-10-28"]),
        ("Injured on 28 October 2016.", ["2016-10-28"]),
        ("Injured on 2016-10-28.", ["2016-10-28"]),
        ("Seen (11-21-16) again.", ["2016-11-21"]),
        ("From 11-01-2016 to 11-21-2016.", ["2016-11-01", "2016-11-21"]),
        ("Surgery in June 2014 and a scan in 12/2016.", ["2014-06", "2016-12"]),
        ("Born 3/4/57.", ["2057-03-04"]),
        ("Born 3/4/85.", ["1985-03-04"]),
        ("On 02/30/2016 nothing happened.", []),
        ("June 20216 was misprinted.", []),
        ("Norco 10/325 mg and Trezix 320.5-30-16mg.", []),
        ("Pain was 8/10 and strength 4/5.", []),
        ("Section 9792.24.2 applies.", []),
    ],
)
def test_date(text: str, expected: list[str]) -> None:
    assert values(text, "date") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She rested for 6 weeks.", ["6 weeks"]),
        ("No longer than 2-3 weeks.", ["2-3 weeks"]),
        ("No longer than two to three weeks.", ["2-3 weeks"]),
        ("A three or four week period of care.", ["3-4 weeks"]),
        ("A 6-week course.", ["6 weeks"]),
        ("Within 72 hours of injury.", ["72 hours"]),
        ("For at least six (6) months.", ["6 months"]),
        ("Symptoms lasted for a month.", ["1 months"]),
        ("One year later.", ["1 years"]),
        ("Return every 4 weeks.", []),
        ("Two times a week.", []),
        ("A 45 year old.", []),
    ],
)
def test_duration(text: str, expected: list[str]) -> None:
    assert values(text, "duration") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four sessions of therapy.", ["4 visits"]),
        ("12 visits of acupuncture.", ["12 visits"]),
        ("Eight physical therapy sessions were attended.", ["8 visits"]),
        ("Twelve (12) additional chiropractic visits.", ["12 visits"]),
        ("Physical therapy 2 times a week for 4 weeks.", ["8 visits"]),
        ("Physical therapy two times a week times 2 weeks.", ["4 visits"]),
        ("Physical therapy 2x4 for the neck.", ["8 visits"]),
        ("PT 2x/week x 6 weeks.", ["12 visits"]),
        ("PT twice a week for three weeks.", ["6 visits"]),
        ("Physical therapy x 12 for the elbow.", ["12 visits"]),
        ("Physical therapy x at least 6 sessions.", ["6 visits"]),
        ("Acupuncture 1-2 times per week for 6 weeks.", ["6-12 visits"]),
        ("3 to 6 treatments.", ["3-6 visits"]),
        ("4-6 visits in most cases.", ["4-6 visits"]),
        ("Completed 4/6 physical therapy visits.", ["4 visits"]),
        ("Completed 6 of 6 visits.", ["6 visits"]),
        ("Massage #1 visit.", ["1 visits"]),
        ("He was hit by a 2x4 board.", []),
        ("Elbow braces x2 were ordered.", []),
        ("The pain was rated 8 on prior visits.", []),
        ("A 2 x 3 cm mass.", []),
    ],
)
def test_visits(text: str, expected: list[str]) -> None:
    assert values(text, "visits") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One tablet twice a day.", ["2 per day"]),
        ("One tablet BID.", ["2 per day"]),
        ("One tablet b.i.d. with food.", ["2 per day"]),
        ("20 mg every 12 hours.", ["2 per day"]),
        ("One tablet every 4-6 hours.", ["4-6 per day"]),
        ("One tablet q6h.", ["4 per day"]),
        ("5 mg three times daily.", ["3 per day"]),
        ("10 mg at bedtime.", ["1 per day"]),
        ("Take one tablet daily.", ["1 per day"]),
        ("3 times a week.", ["3 per week"]),
        ("2x/week.", ["2 per week"]),
        ("3 visits per week.", ["3 per week"]),
        ("Activities of daily living.", []),
        ("Daily pain is constant.", []),
    ],
)
def test_frequency(text: str, expected: list[str]) -> None:
    assert values(text, "frequency") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cyclobenzaprine 7.5mg #60.", [("7.5 mg", "cyclobenzaprine")]),
        ("Flexeril 7.5 mg #60.", [("7.5 mg", "cyclobenzaprine")]),
        ("Norco 5/325 mg.", [("5/325 mg", "hydrocodone-acetaminophen")]),
        ("Norco 5-325mg four times a day.", [("5/325 mg", "hydrocodone-acetaminophen")]),
        ("Norco 10/325 #60.", [("10/325 mg", "hydrocodone-acetaminophen")]),
        ("500 mg of naproxen.", [("500 mg", "naproxen")]),
        ("Naproxen 500 mg and Flexeril 10 mg.", [("500 mg", "naproxen"), ("10 mg", "cyclobenzaprine")]),
        ("Ultram 50 gm daily.", [("50 g", "tramadol")]),
        ("Improved by 70%.", []),
    ],
)
def test_dose(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fact.value, fact.about) for fact in facts(text, "dose")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Flexeril 10mg #60.", ["60"]),
        ("Naproxen 550 mg, quantity 60.", ["60"]),
        ("Office visit QTY: 3.", ["3"]),
        ("Sixty (60) tablets of Norco.", ["60"]),
        ("Ibuprofen 600 mg #90 with 2 refills.", ["90", "2 refills"]),
        ("One tablet twice a day.", []),
        ("1-2 tablets every 4-6 hours.", []),
        ("Physical therapy #4 July.", []),
    ],
)
def test_count(text: str, expected: list[str]) -> None:
    assert values(text, "count") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pain was 8/10.", ["8/10"]),
        ("Pain rated at 9 out of 10.", ["9/10"]),
        ("Pain rated 6-8/10.", ["6-8/10"]),
        ("Pain of 7/10 to 8/10.", ["7-8/10"]),
        ("Neck pain rated as 0-3 of 10.", ["0-3/10"]),
        ("Pain rated at a 7 today.", ["7/10"]),
        ("He rates a 9 on a scale of 0-10.", ["9/10"]),
        ("Pain was 10/10 on VAS.", ["10/10"]),
        ("Strength was 4/5.", []),
        ("On 8/10/2016 he was seen.", []),
        ("Pain for 7 weeks.", []),
    ],
)
def test_score(text: str, expected: list[str]) -> None:
    assert values(text, "score") == expected


def test_a_score_knows_the_part_it_rates() -> None:
    text = "Neck pain rated 6/10, upper back pain rated 4/10 and low back pain rated 7/10."
    assert [(fact.value, fact.about) for fact in facts(text, "score")] == [
        ("6/10", "neck"),
        ("4/10", "thoracic-spine"),
        ("7/10", "low-back"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straight leg raise was positive at 60 degrees.", [("60 degrees", "straight leg raise")]),
        ("Flexion at 91°, extension 5° and abduction 30°.", [
            ("91 degrees", "flexion"), ("5 degrees", "extension"), ("30 degrees", "abduction")]),
        ("Lumbar flexion was 40/90 degrees.", [("40/90 degrees", "flexion")]),
        ("Forward flexion 55.", [("55 degrees", "flexion")]),
        ("Motor strength was 4 out of 5.", [("4/5", "strength")]),
        ("Strength was 5 minus out of 5.", [("5-/5", "strength")]),
        ("Reflexes were 2+ at the knees.", [("2+", "reflexes")]),
        ("Blood pressure was 139/84.", [("139/84 mmHg", "blood pressure")]),
        ("Grip strength is 25 pounds.", [("25 pounds", None)]),
        ("The biceps is 28cm.", [("28 cm", None)]),
        ("Motion was decreased by 15%.", [("15 %", None)]),
    ],
)  # fmt: skip
def test_measurement(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = [(fact.value, (fact.about or "").replace("forward ", "") or None) for fact in facts(text, "measurement")]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bulge at L4-5.", ["L4-L5"]),
        ("Bulge at L4-L5.", ["L4-L5"]),
        ("Bulge at L4/5 and L5-S1.", ["L4-L5", "L5-S1"]),
        ("Fusion of C5-C6, C3-T1 and T9-10.", ["C5-C6", "C3-T1", "T9-T10"]),
        ("A fracture of C2.", ["C2"]),
        ("A fracture at cervical 2 level.", ["C2"]),
        ("Sensation is decreased at the L5 and S1 dermatomes.", ["L5", "S1"]),
        ("A T2-weighted image.", []),
        ("Room C12 at S9.", []),
    ],
)
def test_spinal_level(text: str, expected: list[str]) -> None:
    assert values(text, "spinal_level") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Left knee pain.", {("left", "knee")}),
        ("Pain in the knee on the right.", {("right", "knee")}),
        ("Bilateral shoulders hurt.", {("bilateral", "shoulder")}),
        ("Pain in both knees.", {("bilateral", "knee")}),
        ("Straight leg raise and left-sided neck pain.", {("left", "neck")}),
        ("Left wrist and hand pain.", {("left", "wrist"), ("left", "hand")}),
        ("Right and left elbow pain.", {("right", "elbow"), ("left", "elbow")}),
        ("Left shoulder, left wrist and right knee.", {("left", "shoulder"), ("left", "wrist"), ("right", "knee")}),
        ("R shoulder pain.", {("right", "shoulder")}),
        ("Rt. shoulder pain.", {("right", "shoulder")}),
        ("He is right hand dominant.", set()),
        ("She left work at once.", set()),
        ("It is right after the visit.", set()),
    ],
)
def test_side(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(fact.value, fact.about) for fact in facts(text, "side") if fact.about} == expected


@pytest.mark.parametrize("text", ["On the other hand, he rested.", "He is back to work.", "A face to face visit."])
def test_an_idiom_is_no_body_part(text: str) -> None:
    assert values(text, "body_part") == []


def test_a_motor_vehicle_is_no_finding_of_motor_function() -> None:
    text = "He was hurt in a motor vehicle accident; motor strength is 4/5."

    found = [m for s in read(text, vocabulary=load_vocabulary()).sentences for m in s.mentions]
    assert [text[m.start :] for m in found if m.concept == "motor-weakness"] == ["motor strength is 4/5."]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("He takes Flexeril.", "drug", ["cyclobenzaprine"]),
        ("He takes cyclobenzaprine.", "drug", ["cyclobenzaprine"]),
        ("An MRI was obtained.", "test", ["mri"]),
        ("Magnetic resonance imaging was obtained.", "test", ["mri"]),
        ("Acupuncture was given.", "procedure", ["acupuncture"]),
    ],
)
def test_names_of_one_thing_have_one_value(text: str, kind: FactKind, expected: list[str]) -> None:
    assert values(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is on temporary total disability.", ["off-work"]),
        ("He works modified duty.", ["working-modified-duty"]),
        ("She returned to full duty.", ["working-full-duty"]),
        ("She is retired.", ["retired"]),
    ],
)
def test_work_status(text: str, expected: list[str]) -> None:
    assert values(text, "work_status") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straight leg raise was negative.", [("positive-slr", "negative")]),
        ("Positive Neer's and Hawkins tests.", [("positive-impingement", "positive")] * 2),
        ("Spurling's test: negative.", [("spurling", "negative")]),
    ],
)
def test_an_examination_test_has_its_result(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fact.value, fact.about) for fact in facts(text, "test")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 50 year old woman.", [("female", None)]),
        ("A male carpenter; he fell.", [("male", None), ("male", "pronoun")]),
        ("He/she has no affiliation.", []),
        ("A female physician examined the worker.", []),
    ],
)
def test_sex(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(fact.value, fact.about) for fact in facts(text, "sex")] == expected
