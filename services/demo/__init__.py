"""The demonstration: five invented years of a district, the same for the same seed, written as spreadsheets."""

from services.demo.amount import DISTRICT, LEAST, MOST, SCALES, Amount, Part, scaled
from services.demo.generate import FIRST_YEAR, TODAY, generate
from services.demo.rows import CLOSED, MOVED, OPENED
from services.demo.sheets import Sheet

__all__ = [
    "CLOSED",
    "DISTRICT",
    "FIRST_YEAR",
    "LEAST",
    "MOST",
    "MOVED",
    "OPENED",
    "SCALES",
    "TODAY",
    "Amount",
    "Part",
    "Sheet",
    "generate",
    "scaled",
]
