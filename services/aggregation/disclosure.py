"""What of sensitive breakdowns, and of offices, a caller is shown: no cell small enough to point at a person, for most.

Sensitive breakdowns are shown to most in one place, the first report of a whole year: what can be read again and again,
or of shorter periods too, tells by its differences of every single person.

Whatever leaves the service passes through here: figures are made with a `Disclosure`, and one that nothing was decided
for withholds every cell of a sensitive breakdown and every whole figure of an office that is sensitive by office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.aggregation import catalogue
from services.aggregation.indicator import Indicator
from services.aggregation.periods import Level, parse
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

    def decided(self, figure: Stored) -> bool:
        """Tell whether anything of the table that a figure stands in may be shown."""
        return self.everything or (figure.period, figure.indicator, figure.breakdown) in self.withheld

    def completed(self, figures: Iterable[Stored]) -> list[Stored]:
        """Return figures of some units and indicators with the withheld cells among them that nothing came under.

        Tables of which nothing is shown are left out: what stands in them is nobody's guess.
        """
        known = {
            (f.period, f.unit, f.indicator, f.breakdown, f.key): f
            for f in figures
            if not is_sensitive(f.indicator, f.breakdown) or self.decided(f)
        }
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
    return shown.hides(figure) or (small and not own)


def needed(caller: Caller, unit: str | None) -> list[str] | None:
    """Return the units (None: all) whose figures show a caller those of one: all decide what is withheld."""
    return [unit] if unit is not None and unrestricted(caller) else None


def open_cells(caller: Caller, indicator: Indicator, found: Iterable[Stored], unit: str, period: str) -> list[Stored]:
    """Return the cells of an indicator's breakdowns as somebody is shown them today: of sensitive ones nothing.

    Every key stands there, whatever came under it. What is known today is known anew tomorrow: where it moves by one,
    that one is told, however many there are.
    """
    hidden = frozenset[str]() if unrestricted(caller) else catalogue.sensitive(indicator)
    return sorted(
        [
            *(cell for cell in found if cell.breakdown and cell.breakdown not in hidden),
            *(
                Stored(period, unit, indicator.code, breakdown, key, 0, 0)
                for breakdown in hidden
                for key in catalogue.closed_keys(indicator, breakdown)
            ),
        ]
    )


def live(caller: Caller, figures: Iterable[Stored], profile: Profile, periods: Collection[str]) -> Disclosure:
    """Decide what a caller is shown of whole figures as they are known; of sensitive breakdowns nothing is."""
    if unrestricted(caller):
        return EVERYTHING
    return Disclosure(withheld=of_offices(caller.sees, figures, profile, periods))


def published(caller: Caller, figures: Iterable[Stored], profile: Profile, period: str, edition: int) -> Disclosure:
    """Decide what a caller is shown of a period as it was published; `figures` are those of all units.

    The cells of sensitive breakdowns are told once and of whole years only: no other table can be held against them.
    """
    if unrestricted(caller):
        return EVERYTHING
    figures = [f for f in figures if f.indicator in catalogue.BY_CODE]
    withheld = of_offices(caller.sees, figures, profile, [period])
    if edition == 1 and parse(period).level is Level.YEAR:
        withheld |= _of_breakdowns(figures, profile, period)
    return Disclosure(withheld=withheld)


def _of_breakdowns(figures: Sequence[Stored], profile: Profile, period: str) -> dict[Table, frozenset[Cell]]:
    tables: dict[Table, dict[Cell, Counts]] = defaultdict(dict)
    for f in figures:
        if is_sensitive(f.indicator, f.breakdown):
            has_total = catalogue.BY_CODE[f.indicator].form.has_total
            counts = (f.n, f.total) if has_total else (f.n,)
            tables[f.period, f.indicator, f.breakdown][f.unit, f.key] = counts
    units = {DISTRICT, *_offices(profile, period)}
    withheld: dict[Table, frozenset[Cell]] = {}
    # A growth tells anew what its base counted the year before, as it is known by then.
    for indicator in (i for i in catalogue.INDICATORS if not i.base):
        for breakdown in indicator.sensitive:
            table = (period, indicator.code, breakdown)
            parts = _parts(tables.get(table, {}), catalogue.key_groups(indicator, breakdown))
            chosen = [suppressed(part, units, keys, profile.disclosure_threshold) for keys, part in parts]
            withheld[table] = frozenset[Cell]().union(*chosen)
    return withheld


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
    offices = {period: _offices(profile, period) for period in periods}
    chosen: dict[Table, frozenset[Cell]] = {}
    for table in ((period, i.code, "") for i in catalogue.INDICATORS if i.office_sensitive for period in periods):
        figures_of = counted.get(table, {})
        units = offices[table[0]] | {unit for unit, counts in figures_of.items() if unit != DISTRICT and any(counts)}
        unknown = {unit for unit in units if not sees(unit)}
        hidden = suppressed_units(figures_of, unknown, profile.disclosure_threshold)
        chosen[table] = frozenset((unit, "") for unit in hidden)
    return chosen


def _offices(profile: Profile, period: str) -> set[str]:
    """Return the offices that there were in a period: another one, or the bureau, is known to count nothing of its own.

    Withheld for nothing, it would hide none: everybody knows what stands there.
    """
    span = parse(period)
    return {o.code for o in profile.offices if o.valid_from <= span.end and (o.valid_to or date.max) >= span.start}


def both(one: Disclosure, other: Disclosure) -> Disclosure:
    """Return what is shown when neither of two states may be told from what is shown of them together."""
    # A table that nothing is shown of in either cannot be compared.
    tables = one.withheld.keys() & other.withheld.keys()
    return Disclosure(
        one.everything and other.everything, {table: one.withheld[table] | other.withheld[table] for table in tables}
    )
