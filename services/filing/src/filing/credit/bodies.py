"""What requests about information for the credit evaluation carry."""

from typing import Annotated

from pydantic import Field
from qingyuan_events.filing import AnnualEntry, CreditDocument, TrainingPlan
from qingyuan_runtime.domain.bounds import Sent
from qingyuan_runtime.domain.text import Line, Paragraph, Token

from filing.shared.bodies import EVIDENCE, Body

EvidenceField = Annotated[Token | None, Field(description=EVIDENCE)]


class FileDocumentBody(Body):
    document: Annotated[CreditDocument, Sent()]
    evidence: EvidenceField = None


class ReplaceDocumentBody(FileDocumentBody):
    reason: Line


class PlanBody(Body):
    plan: Annotated[TrainingPlan, Sent()]
    evidence: EvidenceField = None


class EntryBody(Body):
    """An entry with an id that is there already corrects it."""

    entry: Annotated[AnnualEntry, Sent(content=Paragraph)]
    evidence: EvidenceField = None
