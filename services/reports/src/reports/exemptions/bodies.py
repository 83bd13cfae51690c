"""What requests about exemptions carry."""

from uuid import UUID

from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Code, Line, Paragraph

from reports.shared.bodies import Body


class GrantBody(Body):
    """`point_id`, `factor`, `report_id`: null does not narrow it. `document_number`: 文号 of what it rests on."""

    rule: Code
    enterprise_id: UUID
    point_id: UUID | None = None
    factor: Code | None = None
    report_id: UUID | None = None
    first_day: Day
    last_day: Day
    reason_code: Code
    text: Paragraph
    document_number: Line | None = None


class ExemptionEndingBody(Body):
    last_day: Day
    reason: Paragraph
