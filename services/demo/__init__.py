"""The demonstration: five invented years of a district, the same for the same seed, written as spreadsheets."""

from services.demo.generate import FIRST_YEAR, TODAY, Sheet, generate
from services.demo.rows import CLOSED, MOVED, OPENED

__all__ = ["CLOSED", "FIRST_YEAR", "MOVED", "OPENED", "TODAY", "Sheet", "generate"]
