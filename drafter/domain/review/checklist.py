"""The seventeen points that a second reader ticks on a signed letter.

Drawn from what the rules of Independent Medical Review ask of a determination (Lab. Code 4610.6; 8 CCR 9792.21.1,
9792.25.1) and from what peer quality assurance looks at. The numbers are stored with the answers and never reused.
"""

from __future__ import annotations

POINTS: tuple[tuple[int, str], ...] = (
    (1, "Every disputed item is decided exactly once, in the order and wording of the application"),
    (2, "Where the request was modified, the part that remained is what was decided"),
    (3, "The outcome and the rationale agree"),
    (4, "Dates, age, sex, body part, side, level, dose, quantity and frequency are those of the record"),
    (5, "Every stated fact can be traced to a dated record"),
    (6, "Whatever is called not documented is truly not in the file"),
    (7, "The guideline is the right chapter, in the edition that governed"),
    (8, "Section and page are where the words stand"),
    (9, "The criteria that are quoted are in the passage"),
    (10, "The order of evidence was followed, and where the MTUS is silent the letter says so"),
    (11, "Citations of utilization review and of the request are answered"),
    (12, "A dependent item is tied to its main item"),
    (13, "Where an opioid or benzodiazepine ends, the letter speaks of weaning"),
    (14, "Plain words; no opinion on law or cause, no reproach to a party"),
    (15, "Nothing tells who the reviewer is"),
    (16, "No fact of another patient stands in it"),
    (17, "It was in time"),
)
