"""How much demonstration is asked for: one size, and amounts of their own beside it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated

import typer

from services.cli.failure import Exit, Failure

#: As people call the sizes.
NAMES = MappingProxyType({"街道": "street", "县": "county", "区": "district", "市": "city", "省": "province"})

SIZE_HELP = (
    "规模:street 街道(1/20)、county 县(1/2)、district 区、city 市(10 个区)、province 省(100 个区),或倍数,如 0.2、3;"
    "各种业务量一起增减,司法所和村居总是区划档案中的那些。"
)
Size = Annotated[str, typer.Option("--size", help=SIZE_HELP, metavar="规模", envvar="GEJU_DEMO_SIZE")]
Disputes = Annotated[
    int | None,
    typer.Option("--disputes", help="另定每年大约多少件纠纷。", min=1, max=240_000, envvar="GEJU_DEMO_DISPUTES"),
]
Persons = Annotated[
    int | None,
    typer.Option(
        "--persons", help="另定每年大约接收多少名社区矫正对象。", min=1, max=20_000, envvar="GEJU_DEMO_PERSONS"
    ),
]
Practitioners = Annotated[
    int | None,
    typer.Option(
        "--practitioners",
        help="另定最后大约有多少名执业人员。",
        min=1,
        max=120_000,
        envvar="GEJU_DEMO_PRACTITIONERS",
    ),
]
Cases = Annotated[
    int | None,
    typer.Option("--cases", help="另定每年大约多少件法律援助案件。", min=1, max=120_000, envvar="GEJU_DEMO_CASES"),
]
Consultations = Annotated[
    int | None,
    typer.Option(
        "--consultations", help="另定每年大约多少次法律咨询。", min=12, max=3_000_000, envvar="GEJU_DEMO_CONSULTATIONS"
    ),
]
Activities = Annotated[
    int | None,
    typer.Option(
        "--activities", help="另定每年大约举办多少场普法活动。", min=1, max=80_000, envvar="GEJU_DEMO_ACTIVITIES"
    ),
]


def factor(size: str) -> float:
    """Return how many districts' worth a size is. Errors: Failure when it is neither a name nor a number in range."""
    from services.demo.amount import LEAST, MOST, SCALES  # noqa: PLC0415 - only this command knows the demonstration

    name = size.strip().lower()
    name = NAMES.get(name, name)
    if name in SCALES:
        return SCALES[name]
    try:
        found = float(name)
    except ValueError:
        found = 0.0
    if not LEAST <= found <= MOST:
        known = "、".join(f"{code}({zh})" for zh, code in NAMES.items())
        raise Failure(f"不知道规模“{size}”", Exit.USAGE, f"请写 {known},或 {LEAST:g} 到 {MOST:g} 之间的倍数,如 0.2")
    return found
