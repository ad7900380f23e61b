"""What of sensitive breakdowns, and of offices, a caller is shown: no cell small enough to point at a person, for most.

Whatever leaves the service passes through here: figures are made with a `Disclosure`, and one that nothing was decided
for withholds every cell of a sensitive breakdown and every whole figure of an office that is sensitive by office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.aggregation import catalogue
from services.aggregation.indicator import Form
from services.aggregation.rollup import DISTRICT, Stored
from services.aggregation.suppression import Cell, Counts, suppressed, suppressed_units
from services.chassis.context import Caller
from services.chassis.domain.profile import Profile

#: Who is shown every cell.
ROLES = frozenset({"department", "auditor"})
Table = tuple[str, str, str]  # period, indicator, breakdown


def unrestricted(caller: Caller) -> bool:
    """Tell whether a caller is shown every cell."""
    return not ROLES.isdisjoint(caller.roles)


@dataclass(frozen=True)
class Disclosure:
    """What a caller is shown: everything, or what was decided for tables of cells; without a decision nothing."""

    everything: bool = False
    withheld: Mapping[Table, frozenset[Cell]] = field(default_factory=dict)

    def hides(self, figure: Stored) -> bool:
        """Tell whether a figure is a cell that is withheld."""
        if self.everything or not _may_be_hidden(figure):
            return False
        cells = self.withheld.get((figure.period, figure.indicator, figure.breakdown))
        return cells is None or (figure.unit, figure.key) in cells

    def hides_members(self, figure: Stored) -> bool:
        """Tell whether the records of a figure must not be listed: the offices they are listed with count them."""
        if self.hides(figure) or self.everything or not is_sensitive(figure.indicator, figure.breakdown):
            return self.hides(figure)
        cells = self.withheld[figure.period, figure.indicator, figure.breakdown]
        elsewhere = figure.unit == DISTRICT or catalogue.has_second(catalogue.BY_CODE[figure.indicator])
        return elsewhere and any(key == figure.key for _, key in cells)

    def completed(self, figures: Iterable[Stored]) -> list[Stored]:
        """Return figures of some units and indicators with the withheld cells among them that nothing came under."""
        known = {(f.period, f.unit, f.indicator, f.breakdown, f.key): f for f in figures}
        there, units = {place[:3] for place in known}, {place[:2] for place in known}
        for (period, indicator, breakdown), cells in self.withheld.items():
            for unit, key in cells:
                if (period, unit, indicator) in there or (not breakdown and (period, unit) in units):
                    place = (period, unit, indicator, breakdown, key)
                    known.setdefault(place, Stored(*place, 0, 0))
        return sorted(known.values(), key=lambda f: (f.period, f.indicator, f.unit, f.breakdown, f.key))


#: For figures of the district without breakdowns; and for whoever may be shown all that he asks for.
UNDECIDED, EVERYTHING = Disclosure(), Disclosure(everything=True)


def is_sensitive(indicator: str, breakdown: str) -> bool:
    """Tell whether small cells of a breakdown are withheld; a growth follows its base."""
    return bool(breakdown) and breakdown in catalogue.sensitive(catalogue.BY_CODE[indicator])


def _may_be_hidden(figure: Stored) -> bool:
    if figure.breakdown:
        return is_sensitive(figure.indicator, figure.breakdown)
    return figure.unit != DISTRICT and catalogue.BY_CODE[figure.indicator].office_sensitive


def shows_whole(caller: Caller, unit: str) -> bool:
    """Tell whether a caller is shown every whole figure of a unit: of the district, or of an office in its scope."""
    return unit == DISTRICT or unrestricted(caller) or caller.sees(unit)


def hides_causes(caller: Caller, figure: Stored, shown: Disclosure) -> bool:
    """Tell whether the records that make a figure differ must not be listed: as its members, they tell of offices."""
    own = unrestricted(caller) or caller.everywhere or caller.sees(figure.unit)
    small = not figure.breakdown and catalogue.BY_CODE[figure.indicator].office_sensitive
    return shown.hides_members(figure) or (small and not own)


def needed(caller: Caller, unit: str | None) -> list[str] | None:
    """Return the units (None: all) whose figures show a caller those of one: all decide what is withheld."""
    return [unit] if unit is not None and unrestricted(caller) else None


def disclosure(caller: Caller, figures: Iterable[Stored], profile: Profile) -> Disclosure:
    """Decide what a caller is shown of the periods of figures, those of all units, as they are stored or published."""
    if unrestricted(caller):
        return EVERYTHING
    figures = list(figures)
    tables, periods = _tables(figures)
    units = {DISTRICT, profile.code, *(office.code for office in profile.offices)}
    withheld: dict[Table, frozenset[Cell]] = {}
    for indicator in catalogue.INDICATORS:
        for breakdown in catalogue.sensitive(indicator):
            groups = catalogue.key_groups(indicator, breakdown)
            for period in periods:
                # Of a growth people read its base in both years.
                sources = {(period, code, breakdown) for code in (indicator.code, indicator.base)}
                chosen = [
                    suppressed(part, units, keys, profile.disclosure_threshold)
                    for table in sources
                    for keys, part in _parts(tables.get(table, {}), groups)
                ]
                withheld[period, indicator.code, breakdown] = frozenset[Cell]().union(*chosen)
    return Disclosure(withheld=withheld | of_offices(caller.sees, figures, profile, periods))


def _parts(
    table: Mapping[Cell, Counts], groups: Sequence[frozenset[str]]
) -> Iterable[tuple[frozenset[str], Mapping[Cell, Counts]]]:
    """Divide a table by the groups of its keys; a key that no group knows is in the last."""
    parts: dict[frozenset[str], dict[Cell, Counts]] = {keys: {} for keys in groups}
    for (unit, key), counts in table.items():
        parts[next((keys for keys in groups if key in keys), groups[-1])][unit, key] = counts
    return parts.items()


def of_offices(
    sees: Callable[[str], bool], figures: Iterable[Stored], profile: Profile, periods: Collection[str]
) -> dict[Table, frozenset[Cell]]:
    """Decide which whole figures of offices are withheld in the periods from whoever sees those of some anyway.

    `figures` are those of all units; what hides a small one of another office must not be one's own.
    """
    counted: dict[Table, dict[str, Counts]] = defaultdict(dict)
    for f in figures:
        if not f.breakdown and f.indicator in catalogue.BY_CODE and catalogue.BY_CODE[f.indicator].office_sensitive:
            has_total = catalogue.BY_CODE[f.indicator].form.has_total
            counted[f.period, f.indicator, ""][f.unit] = (f.n, f.total) if has_total else (f.n,)
    units = {u for u in (profile.code, *(office.code for office in profile.offices)) if not sees(u)}
    chosen: dict[Table, frozenset[Cell]] = {}
    for table in ((period, i.code, "") for i in catalogue.INDICATORS if i.office_sensitive for period in periods):
        hidden = suppressed_units(counted.get(table, {}), units, profile.disclosure_threshold)
        chosen[table] = frozenset((unit, "") for unit in hidden)
    return chosen


def both(one: Disclosure, other: Disclosure) -> Disclosure:
    """Return what is shown when neither of two states may be told from what is shown of them together."""
    tables = one.withheld.keys() | other.withheld.keys()
    cells = {t: one.withheld.get(t, frozenset()) | other.withheld.get(t, frozenset()) for t in tables}
    return Disclosure(one.everything and other.everything, cells)


def _tables(figures: Iterable[Stored]) -> tuple[dict[Table, dict[Cell, Counts]], set[str]]:
    """Return the cells of sensitive breakdowns, and the periods; of a growth what its base counted the year before."""
    tables: dict[Table, dict[Cell, Counts]] = defaultdict(dict)
    periods = set()
    for f in figures:
        periods.add(f.period)
        if f.indicator in catalogue.BY_CODE and is_sensitive(f.indicator, f.breakdown):
            form = catalogue.BY_CODE[f.indicator].form
            counts = (f.total,) if form is Form.GROWTH else (f.n, f.total) if form.has_total else (f.n,)
            tables[f.period, f.indicator, f.breakdown][f.unit, f.key] = counts
    return tables, periods
