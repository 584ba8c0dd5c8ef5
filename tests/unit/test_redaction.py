"""What identifies a person stays in the house; what decides the case goes out unharmed."""

from __future__ import annotations

import json
import random

import pytest

from drafter.domain.redaction import recognizers
from drafter.domain.redaction.exchange import leaks, redact
from drafter.domain.redaction.recognizers import identifiers

FIRST = ("Maria", "Jonas", "Tuyet", "Aisha", "Bartholomew", "Sean", "Ngozi", "Óscar")
LAST = ("Vandermeer", "O'Malley", "Quispe", "Nakagawa-Ruiz", "Featherstone", "Okonkwo", "McAllister", "Zbikowski")
CLINICAL = (
    "10/05/2016", "2016-12-19", "November 22, 2016", "Norco 10-325 mg four times a day", "gabapentin 300 mg", "L4-L5",
    "5/5 strength", "6 of 10", "8 visits", "110 pounds", "97110", "120/80", "90 degrees", "flexion of 40/90 degrees",
)  # fmt: skip


def planted(chance: random.Random) -> tuple[str, list[str], list[str]]:
    """A note with identifiers in it, those identifiers, and the clinical words that must stay."""
    first, last = chance.choice(FIRST), chance.choice(LAST)
    doctor = chance.choice([name for name in LAST if name != last])
    digits = "".join(chance.choice("0123456789") for _ in range(10))
    phone = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    ssn, claim = f"{digits[:3]}-{digits[3:5]}-{digits[5:9]}", f"WC{digits[:7]}"
    mail, street = f"{first.lower().strip('ó')}x{digits[:3]}@mail.example", f"{digits[:4]} Alder Grove Avenue"
    born, age = f"0{chance.randrange(1, 9)}/1{chance.randrange(0, 9)}/19{digits[:2]}", str(chance.randrange(90, 99))
    stays = chance.sample(CLINICAL, 4)
    sentences = [
        f"Patient: {last}, {first}", f"Claim number: {claim}.", f"DOB: {born}.", f"SSN {ssn}.", f"Call {phone}.",
        f"{first} {last} is a {age} year old worker who lives at {street}.", f"E-mail {mail}.",
        f"Dr. {doctor} saw {last} on {stays[0]}; {stays[1]}.", f"On examination {stays[2]} and {stays[3]}.",
        f"{doctor} asks for physical therapy.",
    ]  # fmt: skip
    head, rest = sentences[0], sentences[1:]
    chance.shuffle(rest)
    return "\n".join((head, *rest)), [first, last, doctor, claim, born, ssn, phone, mail, street, f"{age} year"], stays


@pytest.mark.parametrize("seed", range(10))
def test_no_planted_identifier_is_in_what_goes_out(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        note, gone, stays = planted(chance)
        redaction = redact([note])
        (sent,) = redaction.texts

        assert [one for one in gone if one in sent] == [], sent
        assert [one for one in stays if one not in sent] == [], sent
        assert redaction.restored(sent) == note
        assert leaks(sent, taken=tuple(redaction.taken.values())) == ()


def test_a_name_that_only_the_case_file_lists_is_taken_out_too() -> None:
    redaction = redact(["Quispe reports low back pain; MARIA QUISPE signed."], people=["Maria Quispe"])

    assert "uispe" not in redaction.texts[0].lower()
    assert "low back pain" in redaction.texts[0]


def test_a_name_introduced_elsewhere_in_the_case_is_taken_out_here() -> None:
    assert redact(["Seen again by Okonkwo."], context="Dr. Okonkwo ordered an MRI.").texts == (
        "Seen again by [NAME-1].",
    )


def test_a_name_that_is_also_an_ordinary_word_garbles_no_finding() -> None:
    (sent,) = redact(["Dr. Hand saw him. Hand strength is 5/5; the hand is warm. Peter Hand, M.D."]).texts

    assert "Hand strength is 5/5; the hand is warm" in sent
    assert "Peter" not in sent


def test_a_bare_name_that_is_also_an_ordinary_word_goes_with_its_title_only() -> None:
    redaction = redact(["Dr. Long saw him after a long day. Long walks hurt; Dr Long agreed."])

    assert redaction.texts == ("[NAME-1] saw him after a long day. Long walks hurt; [NAME-2] agreed.",)
    assert leaks(redaction.texts[0], taken=tuple(redaction.taken.values())) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The injured worker is a 54 year old male hurt on 10-25-2016; tramadol 50 mg, 60 tablets.",
        "The case was 9 weeks old. Claim denied on 12-19-2016. File reviewed: 2016-12-19. ID 11/22/2016.",
        "MRI of the Lumbar Spine, L4-5 and L5-S1; CPT 97110; range 0-90 degrees, 95 percent.",
        "According to the Low Back Complaints chapter, pages 303 and 304 (Hegmann, 2013).",
        "Physical Therapy 2 times a week for 6 weeks; VAS 7/10; Norco 10/325; ACOEM 2004.",
    ],
)
def test_clinical_text_is_left_as_it_is(text: str) -> None:
    assert [text[one.start : one.end] for one in identifiers(text)] == []


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (spelled.format(f"{before}{one}"), one)
        for before, one in (
            ("", "ann@mail.example"),
            ("at ", "www.clinic.example/x"),
            ("at ", "HTTPS://clinic.example/x"),
            ("", "123-45-6789"),
            ("", "123 45 6789"),
            ("", "555.123.4567"),
            ("", "(555)123-4567"),
            ("", "+1 555 123-4567 ext. 12"),
            ("SSN ", "12345678"),
            ("ſſn ", "12345678"),  # a long s is an s to who reads it
            ("Claim No. ", "WC12345"),
            ("LICENSE #", "A12345"),
            ("", "CM16-0123456"),
            ("", "ADJ 1234567"),
            ("DOB ", "1/2/1960"),
            ("d.o.b. ", "1/2/1960"),
            ("D.OB: ", "1/2/1960"),
            ("do.b. ", "1/2/1960"),
            ("Date of Birth: ", "1960-01-02"),
            ("BİRTHDATE ", "1/2/1960"),
            ("bırth date ", "1/2/1960"),  # nor does it matter how an i is written
            ("Born on ", "Jan 2, 1960"),
            ("P.O. ", "P.O. BOX 12"),
            ("", "po box 12"),
            ("", "Fresno, CA 93701"),
            ("CA ", "93701-1234"),
            ("Mrs. ", "Quispe"),
            ("The worker, named ", "Quispe"),
            ("Patient: ", "Quispe"),
            ("INTERPRETER: ", "Quispe"),
        )
        for spelled in ("{}", "Seen on 2016-12-19. {} today.", "{}\nMRI of the knee, 97110.")
    ],
)
def test_an_identifier_is_found_however_it_is_written_and_wherever_it_stands(text: str, taken: str) -> None:
    found = [text[one.start : one.end] for one in identifiers(text)]

    assert any(taken in one or one in taken for one in found), found


def test_what_was_missed_is_seen_before_it_is_sent() -> None:
    assert leaks("Call 555-123-4567", taken=()) == ("PHONE",)
    assert leaks("Seen by Okonkwo", taken=("Okonkwo",)) == ("NAME",)
    assert leaks("[NAME-1] was seen on 10/05/2016", taken=("Okonkwo",)) == ()


def test_words_come_back_into_a_reply_as_json_wants_them() -> None:
    redaction = redact(['Dr. O\'Malley "the knee"'], people=['Ann "Nan" Quispe'])
    placeholder = next(iter(redaction.taken))

    assert json.loads(redaction.restored_json(json.dumps({"text": placeholder}))) == {
        "text": redaction.taken[placeholder]
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Claim\nnumber\n12345", ["12345"]),
        ("Her claim no.\n\nWC-4711-A was sent.", ["WC-4711-A"]),
        ("DOB\nJanuary 3, 1971", ["January 3, 1971"]),
        ("Seen by\n: Okonkwo, Maria", ["Okonkwo, Maria"]),
    ],
)
def test_what_a_label_names_on_the_next_line_is_found(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in identifiers(text)] == found


@pytest.mark.parametrize("seed", range(4))
def test_a_text_read_line_by_line_has_the_identifiers_of_the_text_read_as_a_whole(seed: int) -> None:
    chance = random.Random(seed)
    words = (
        "claim case number no id is # : . patient patient's name Dr. Okonkwo MD M.D. born on dob d.o.b. DOB 12345 "
        "A-1234567 1/2/1960 January 91 95-year-old aged 123 Alder Street CA 90210 ssn 123-45-6789 worker seen license"
    ).split()
    for _ in range(500):
        joints = (" ", "\n", " \n", "\n\n", "", "\t")
        text = "".join(chance.choice(words) + chance.choice(joints) for _ in range(chance.randrange(25)))
        whole = recognizers._by_pattern(text), recognizers._introduced(text)

        assert sorted(recognizers._read(text).numbers) == sorted(whole[0]), text
        assert sorted(recognizers._read(text).names) == sorted(whole[1]), text
