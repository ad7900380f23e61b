"""Where a record stands in the breakdowns of a figure, as SQL: under a code, under each of a set, with a part of it."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from sqlalchemy import BigInteger, Text, case, literal, literal_column

from services.aggregation import sql
from services.aggregation.indicator import Census, Expression, Flow
from services.aggregation.plan_common import Moment

#: The parameter that holds the key which is asked for.
KEY = "$5::text"


def keys(source: Flow | Census, moment: Moment, in_n: str) -> str:
    """Render where a record stands in every breakdown, as an array of name=key; where split, of name=key:amount."""
    parts = ["'{}'::text[]"]
    for name, expression in source.by.items():
        if hasattr(expression.type, "item_type"):
            one = sql.key_text(expression, "one")
            found = f"select distinct '{name}=' || {one} from unnest({sql.render(expression)}) as one order by 1"
            parts.append(f"array({found})")
        else:
            parts.append(f"array['{name}=' || coalesce({sql.key_text(expression, moment.at(expression))}, '')]")
    for name, split in source.split.items():
        held = [(f"{name}={key}:", f"({moment.at(amount)})") for key, amount in split.items()]
        added = ", ".join(f"case when {in_n} and {amount} <> 0 then '{key}' || {amount} end" for key, amount in held)
        parts.append(f"array_remove(array[{added}], null)")
    return " || ".join(parts)


def under(source: Flow | Census, moment: Moment, breakdown: str) -> str:
    """Render the condition that a record stands under the key which is asked for."""
    if not breakdown:
        return f" and {KEY} is not null"
    if breakdown in source.split:
        return f" and {moment.at(_asked(source, breakdown))} <> 0"
    expression = source.by[breakdown]
    if hasattr(expression.type, "item_type"):
        one = sql.key_text(expression, "one")
        return f" and {KEY} in (select {one} from unnest({sql.render(expression)}) as one)"
    return f" and {KEY} = {sql.key_text(expression, moment.at(expression))}"


def adds(source: Flow, breakdown: str) -> Expression | None:
    """Return what a record adds to n under the key which is asked for, of the whole when none is."""
    return _asked(source, breakdown) if breakdown in source.split else source.n


def _asked(source: Flow | Census, breakdown: str) -> Expression:
    asked = literal_column(KEY, Text())
    whens = [(asked == key, amount) for key, amount in source.split[breakdown].items()]
    return case(*whens, else_=literal(0, BigInteger))
