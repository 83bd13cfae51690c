"""What requests about a filing and its reviews carry."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from qingyuan_events.filing import FilingBasics, Remark
from qingyuan_events.parts import Signature
from qingyuan_runtime.domain.bounds import Day, Sent
from qingyuan_runtime.domain.text import Code, Line, Token

from filing.domain.filings.state import Stage
from filing.shared.bodies import EVIDENCE, Body, PersonName, Phone

REMARKS_MOST = 1_000
PASSED_AT_ONCE_MOST: Final = 50
SentBasics = Annotated[FilingBasics, Sent(uscc=Code, registered_in=Code)]
SentRemark = Annotated[Remark, Sent(field=Code, reason=Code)]
Number = Annotated[int, Field(ge=1, le=1_000_000)]


class LegalRepresentative(Body):
    name: PersonName


class Contact(Body):
    name: PersonName
    phone: Phone


class ChangeBasicsBody(Body):
    """`legal_representative`, `contact`: null leaves them as they were. They are encrypted before they are stored."""

    basics: SentBasics
    legal_representative: LegalRepresentative | None = None
    contact: Contact | None = None
    changed_on: Day
    evidence: Token | None = Field(default=None, description=EVIDENCE)


class UndertakingBody(Body):
    """`version`: of the text that the person was shown."""

    version: Line
    signature: Annotated[Signature, Sent()]
    second_factor: Token = Field(description="token of POST /api/second-factor, over the text's hash")
    evidence: Token = Field(description="token of POST /api/files/evidence, over the signature")


class OpeningBody(Body):
    number: Number


class ReviewBody(Body):
    """`number`: of the submission. Without remarks it passes."""

    number: Number
    passed: bool
    remarks: Annotated[tuple[SentRemark, ...], Field(max_length=REMARKS_MOST)] = ()


class WaitingFiling(Body):
    """`number`: of the submission. What was handed in under it does not change, so nothing else needs to be as it was."""

    operator_id: UUID
    number: Number


def _each_once(filings: tuple[WaitingFiling, ...]) -> tuple[WaitingFiling, ...]:
    if len({filing.operator_id for filing in filings}) < len(filings):
        raise PydanticCustomError("named_twice", "a filing is named twice")
    return filings


class PassingBody(Body):
    """`stage`: the review for which all of them wait. Each operator is named once."""

    stage: Stage
    filings: Annotated[
        tuple[WaitingFiling, ...],
        Field(min_length=1, max_length=PASSED_AT_ONCE_MOST),
        AfterValidator(_each_once),
    ]
