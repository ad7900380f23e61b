"""The demonstration: five invented years of a district, the same for the same seed, written as spreadsheets."""

from services.demo.generate import FIRST_YEAR, TODAY, Sheet, generate

__all__ = ["FIRST_YEAR", "TODAY", "Sheet", "generate"]
