"""The query parameters of the register's lists."""

from typing import Annotated, Literal
from uuid import UUID

from qingyuan_runtime.domain.text import Code, Text

from views.register.changes import State as ChangeState
from views.register.changes import Wanted as ChangesWanted
from views.register.response_models import InstrumentKind
from views.register.statements import Filter
from views.shared.query_models import Limit, NumberedQuery, PageQuery, QueryModel

Search = Annotated[str, Text(100)]
Status = Literal["in_use", "ended", "all"]


class OrganisationQuery(QueryModel):
    search: Search | None = None


class EnterpriseQuery(NumberedQuery):
    search: Search | None = None
    district: Code | None = None
    status: Status = "in_use"

    def filter(self) -> Filter:
        return Filter("enterprise", district=self.district, search=self.search, status=self.status)


class EnterpriseChangeExportQuery(QueryModel):
    state: ChangeState = "pending"
    enterprise_id: UUID | None = None

    def wanted(self) -> ChangesWanted:
        return ChangesWanted(self.state, self.enterprise_id)


class EnterpriseChangeQuery(EnterpriseChangeExportQuery, NumberedQuery):
    pass


class PointInstrumentQuery(PageQuery):
    kind: InstrumentKind | None = None
    status: Status = "in_use"
    limit: Limit = 200

    def filter(self, point_id: UUID) -> Filter:
        return Filter("instrument", parent_id=point_id, kind=self.kind, status=self.status)


class InstrumentExportQuery(QueryModel):
    enterprise_id: UUID | None = None
    search: Search | None = None
    kind: InstrumentKind | None = None
    factor: Code | None = None
    district: Code | None = None
    status: Status = "in_use"

    def filter(self) -> Filter:
        return Filter(
            "instrument",
            enterprise_id=self.enterprise_id,
            search=self.search,
            kind=self.kind,
            factor=self.factor,
            district=self.district,
            status=self.status,
        )


class InstrumentQuery(InstrumentExportQuery, NumberedQuery):
    pass
