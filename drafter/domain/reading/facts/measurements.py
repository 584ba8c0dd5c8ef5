"""Measured values: degrees of motion, strength in fifths, reflexes, weights, lengths, blood pressure, percentages.

`about` names what was measured where the text does: "flexion", "strength", "blood pressure", "straight leg raise".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from drafter.domain.reading.facts.found import TO, Found, Page, plain, ranged

_MOTIONS = (
    r"(?:forward |lateral |left |right |back |internal |external |palmar |side )?(?:flexion|extension|abduction|"
    r"adduction|rotation|bending|pronation|supination|dorsiflexion|"
    r"plantarflexion|plantar flexion|inversion|eversion|deviation|tilt|elevation|band)"
)
_MOTION = re.compile(rf"\b{_MOTIONS}\b|\bstraight leg rais(?:e|ing)\b|\bSLR\b|\brange of motion\b", re.IGNORECASE)
_OF_MOTION = re.compile(rf"\s(?:of\s)?({_MOTIONS})\b", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:\.\d)?"
_DEGREES = re.compile(
    rf"(?<![\w./])(-?{_NUMBER})(?:\s?/\s?({_NUMBER})|{TO}(-?{_NUMBER}))?\s?-?\s?(?:degrees?\b|°|deg\b)", re.IGNORECASE
)
_BARE_DEGREES = re.compile(
    rf"\b(?:flexion|extension|abduction|adduction|rotation|bending|dorsiflexion|pronation|supination)(?:\s(?:is|"
    rf"was|of|at|to|to about))?\s(zero|{_NUMBER})(?:\s?/\s?({_NUMBER}))?(?![\d%/°]|\.\d|\s?(?:degrees?|deg|cm|mm|"
    rf"inch|visits|out|of|x|times|weeks|/|percent))\b",
    re.IGNORECASE,
)
_FIFTHS = re.compile(
    r"(?<![\w./-])([0-5])(?:\s?(\+|-|plus|minus))?(?:\s?(?:to|-)\s?([0-5])(?:\s?(\+|-|plus|minus))?)?\s?(?:/|"
    r"out\sof|of)\s?5(?![\d/]|\.\d|-\d)",
    re.IGNORECASE,
)
_REFLEX = re.compile(r"(?<![\w./-])([0-4])\s?\+(?!\s?/\s?5|\d)|(?<![\w./-])([0-4])\s?(?:/|of)\s?4(?![\d/]|\.\d)")
_PRESSURE = re.compile(r"\b(?:blood pressure|BP)\b\D{0,20}(\d{2,3})\s?(?:/|over)\s?(\d{2,3})", re.IGNORECASE)
_PERCENT = re.compile(rf"(?<![\w./-])({_NUMBER})(?:{TO}({_NUMBER}))?\s?(?:%|percent\b)", re.IGNORECASE)
_SIZED = re.compile(
    rf"(?<![\w./-])({_NUMBER})(?:{TO}({_NUMBER}))?\s?-?\s?(pounds?|lbs?|kg|kilograms?|cm|centimeters?|mm|"
    rf"millimeters?|inch(?:es)?|feet|foot|ft)\b(?!\s?ladder)",
    re.IGNORECASE,
)
_BMI = re.compile(r"\bBMI\b\D{0,12}(\d{2}(?:\.\d{1,2})?)", re.IGNORECASE)
_UNITS = {"lb": "pounds", "lbs": "pounds", "pound": "pounds", "kilogram": "kg", "kilograms": "kg",
    "centimeter": "cm", "centimeters": "cm",
          "millimeter": "mm", "millimeters": "mm", "inch": "inches", "foot": "feet", "ft": "feet"}  # fmt: skip
_SIGNS = {"plus": "+", "minus": "-"}
_REACH = 45
_REFLEXES = re.compile(r"reflex|jerk|\bDTR|patella|achilles|bicep|tricep|brachioradial", re.IGNORECASE)
_NEAR = 120


def find(page: Page) -> Iterator[Found]:
    text = page.text
    motions = [(match.end(), " ".join(match[0].lower().split())) for match in _MOTION.finditer(text)]
    yield from _degrees(page, motions)
    yield from _fifths(page)
    yield from _others(page)


def _degrees(page: Page, motions: list[tuple[int, str]]) -> Iterator[Found]:
    for match in page.at_numbers(_DEGREES):
        low, high = float(match[1]), float(match[3]) if match[3] else None
        of = f"/{match[2]}" if match[2] else ""
        about = _motion_before(motions, match.start()) or _motion_after(page.text, match.end())
        yield Found(
            "measurement",
            f"{ranged(low, high)}{of} degrees",
            match.start(),
            match.end(),
            low,
            high,
            "degrees",
            about=about,
        )
    for match in _BARE_DEGREES.finditer(page.text):
        low = 0.0 if match[1].lower() == "zero" else float(match[1])
        of = f"/{match[2]}" if match[2] else ""
        about = _motion_before(motions, match.start(1))
        yield Found(
            "measurement", f"{plain(low)}{of} degrees", match.start(1), match.end(), low, None, "degrees", about=about
        )


def _motion_before(motions: list[tuple[int, str]], at: int) -> str | None:
    index = bisect_right(motions, (at, "￿")) - 1
    return motions[index][1] if index >= 0 and at - motions[index][0] <= _REACH else None


def _motion_after(text: str, at: int) -> str | None:
    match = _OF_MOTION.match(text, at)
    return " ".join(match[1].lower().split()) if match else None


def _fifths(page: Page) -> Iterator[Found]:
    for match in page.at_numbers(_FIFTHS):
        low = f"{match[1]}{_SIGNS.get((match[2] or '').lower(), match[2] or '')}"
        high = f"{match[3]}{_SIGNS.get((match[4] or '').lower(), match[4] or '')}" if match[3] else None
        value = f"{low}-{high}/5" if high else f"{low}/5"
        upper = float(match[3]) if match[3] else None
        yield Found("measurement", value, match.start(), match.end(), float(match[1]), upper, "/5", about="strength")
    for match in page.at_numbers(_REFLEX):
        if _REFLEXES.search(page.text, max(0, match.start() - _NEAR), match.end() + _NEAR):
            grade = match[1] or match[2]
            yield Found(
                "measurement", f"{grade}+", match.start(), match.end(), float(grade), None, "reflex", about="reflexes"
            )


def _others(page: Page) -> Iterator[Found]:
    for match in _PRESSURE.finditer(page.text) if page.mentions("pressure", "bp") else ():
        value = f"{match[1]}/{match[2]} mmHg"
        yield Found(
            "measurement", value, match.start(1), match.end(), float(match[1]), None, "mmHg", about="blood pressure"
        )
    for match in _BMI.finditer(page.text) if page.mentions("bmi") else ():
        yield Found(
            "measurement",
            f"{plain(float(match[1]))} BMI",
            match.start(1),
            match.end(),
            float(match[1]),
            None,
            "BMI",
            about="BMI",
        )
    for match in page.at_numbers(_PERCENT):
        yield _sized(match, "%")
    for match in page.at_numbers(_SIZED):
        unit = match[3].lower()
        yield _sized(match, _UNITS.get(unit, unit))


def _sized(match: re.Match[str], unit: str) -> Found:
    low, high = float(match[1]), float(match[2]) if match[2] else None
    return Found("measurement", f"{ranged(low, high)} {unit}", match.start(), match.end(), low, high, unit)
