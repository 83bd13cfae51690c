"""What requests about contracts carry."""

from typing import Annotated
from uuid import UUID

from qingyuan_events.parts import FileRef
from qingyuan_events.tasks import ContractTerms
from qingyuan_runtime.domain.bounds import Day, Number, Sent
from qingyuan_runtime.domain.text import Code, Line, Paragraph

from tasks.shared.bodies import Body

Files = tuple[Annotated[FileRef, Sent()], ...]


class ContractClaim(Body):
    """What an operator states about its contract. Its own name comes from its account, the points from the enterprise."""

    number: Code
    name: Line
    first_day: Day
    last_day: Day
    amount: Number | None = None
    subcontracted: bool = False
    subcontract_amount: Number | None = None
    summary: Paragraph | None = None

    def terms(self, operator_name: str, enterprise_name: str) -> ContractTerms:
        return ContractTerms(**dict(self), operator_name=operator_name, enterprise_name=enterprise_name)


class SubmitContractBody(Body):
    enterprise_id: UUID
    particulars: ContractClaim
    files: Files = ()


class SupplementContractBody(Body):
    text: Paragraph
    files: Files = ()


class ConfirmationBody(Body):
    points: tuple[UUID, ...]


class RefusalBody(Body):
    reason: Paragraph


class EndingBody(Body):
    last_day: Day
    reason: Paragraph
