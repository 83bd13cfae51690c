"""Particulars as requests and workbooks carry them: declares which of their texts are codes."""

from typing import Annotated, Final

from pydantic import Field
from qingyuan_events.registry import (
    EnterpriseParticulars,
    FlueGasAnalyser,
    OutletParticulars,
    PointParticulars,
    Sampler,
    WastewaterAnalyser,
)
from qingyuan_runtime.domain.bounds import Sent
from qingyuan_runtime.domain.text import Code

SentEnterprise = Annotated[EnterpriseParticulars, Sent(uscc=Code, district=Code, permit_number=Code)]
SentOutlet = Annotated[OutletParticulars, Sent(code=Code)]
SentPoint = Annotated[PointParticulars, Sent(code=Code, factors=tuple[Code, ...], mn=Code | None)]

_CODES: Final = Sent(
    factor=Code,
    model=Code,
    unit=Code | None,
    production_licence_number=Code | None,
    test_report_number=Code | None,
    permit_point_code=Code,
)
SentInstrument = Annotated[
    Annotated[WastewaterAnalyser, _CODES.also(serial_number=Code | None)]
    | Annotated[Sampler, _CODES]
    | Annotated[FlueGasAnalyser, _CODES.also(serial_number=Code)],
    Field(discriminator="kind"),
]
