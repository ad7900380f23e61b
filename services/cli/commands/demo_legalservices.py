"""What happens in legal services beside the demonstration's spreadsheets: practitioners change their firms."""

from __future__ import annotations

import datetime as dt
from itertools import cycle

from geju.legalservices.v1 import (
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    practitioner_service_pb2,
    practitioner_service_pb2_grpc,
)

from services.chassis.domain.dates import from_date, to_date
from services.cli.output import console
from services.client import Geju

PURPOSE = "演示数据"
TODAY = dt.date(2012, 12, 28)
#: As the demonstration's numbers say it.
MOVING = "-Y"
#: The first moved on the day, the next a month later, and so on, around the years; nobody before a year with a firm.
FIRST_MOVE, APART, YEARS, AT_LEAST = dt.date(2008, 4, 1), dt.timedelta(days=31), 4, dt.timedelta(days=366)


def move_practitioners(geju: Geju, _other: Geju | None) -> None:
    """Have those whose numbers say so change to other partnerships, most of them to another office's."""
    stub = geju.stub(practitioner_service_pb2_grpc.PractitionerServiceStub)
    wanted = practitioner_service_pb2.ListPractitionersRequest(purpose=PURPOSE)
    people = sorted(geju.records(stub.ListPractitioners, wanted), key=lambda person: person.key)
    # Who has a former firm moved before the load was interrupted.
    moving = [person for person in people if person.key.endswith(MOVING) and not person.former_terms]
    targets = cycle(_partnerships(geju))
    for number, person in enumerate(moving):
        begun = to_date(person.licensed_from_date)
        assert begun is not None
        planned = FIRST_MOVE + APART * (number % (12 * YEARS))
        moved = max(planned, begun + AT_LEAST)
        firm = next(firm for firm in targets if firm.name != person.firm and firm.licensed_from_date.year < moved.year)
        if moved <= TODAY:
            request = practitioner_service_pb2.TransferPractitionerRequest(name=person.name, firm=firm.name)
            request.from_date.CopyFrom(from_date(moved))
            stub.TransferPractitioner(request)
    console.print(f"  已办理执业人员转所 {len(moving)} 人", markup=False)


def _partnerships(geju: Geju) -> list[firm_pb2.Firm]:
    """Return the partnerships that are licensed, by their numbers."""
    stub = geju.stub(firm_service_pb2_grpc.FirmServiceStub)
    found = geju.records(stub.ListFirms, firm_service_pb2.ListFirmsRequest())
    kept = [f for f in found if f.kind == firm_pb2.FIRM_KIND_PARTNERSHIP and not f.HasField("licensed_to_date")]
    return sorted(kept, key=lambda firm: firm.key)
