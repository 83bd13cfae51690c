"""What requests about contracts carry."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from qingyuan_events.parts import FileRef
from qingyuan_events.tasks import ContractParticulars


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SubmitContractBody(Body):
    enterprise_id: UUID
    particulars: ContractParticulars
    files: tuple[FileRef, ...] = ()


class SupplementContractBody(Body):
    text: str
    files: tuple[FileRef, ...] = ()
