"""Row-level security of the read models' tables: a query that forgets its condition still shows no other's row.

Who reads is said by two settings of the transaction (`scope.set_row_security`): `qingyuan.sees` is all, enterprise, operator or
district, and `qingyuan.place` names which one. Where nothing is set, no row shows. The settings are read once a query, by
scalar subqueries: a function that was asked for every row cost a district's search 370 ms.
"""

from collections.abc import Sequence
from typing import Final

_ALL: Final = "(select current_setting('qingyuan.sees', true)) = 'all'"
_CASE: Final = "case current_setting('qingyuan.sees', true) when '{}' then {} end"
_PLACE: Final = f"(select {_CASE})"
_ID: Final = "current_setting('qingyuan.place', true)::uuid"
_DISTRICT: Final = "current_setting('qingyuan.place', true)"

OF_ENTERPRISE: Final = f"enterprise_id = {_PLACE.format('enterprise', _ID)}"
OF_OPERATOR: Final = f"operator_id = {_PLACE.format('operator', _ID)}"
OF_DISTRICT: Final = f"district = {_PLACE.format('district', _DISTRICT)}"
OF_REGULATORS: Final = "(select current_setting('qingyuan.sees', true)) = 'district'"
"""What every regulator may see, of whichever district: filings of operators, who work all over the city."""
OF_CLIENTS: Final = "enterprise_id = any (coalesce({}, '{{}}'))".format(
    _PLACE.format("operator", "nullif(current_setting('qingyuan.clients', true), '')::uuid[]")
)
"""The enterprises whose contracts the operator has (`scope.introduce_clients`): the register knows no contracts."""
OF_CONTRACTORS: Final = "operator_id = any (coalesce({}, '{{}}'))".format(
    _PLACE.format("enterprise", "nullif(current_setting('qingyuan.contractors', true), '')::uuid[]")
)
"""The operators that work for the enterprise (`scope.introduce_contractors`): filings know neither contracts nor visits."""
ENTERPRISE_IN_DISTRICT: Final = f"""enterprise_id in (
        select d.enterprise_id from district_of d where d.district = {_CASE.format("district", _DISTRICT)})"""


def row_security(tables: Sequence[str], *readers: str) -> str:
    """SQL that lets these conditions alone show a row of these tables, besides who may see all."""
    condition = "\n    or ".join((_ALL, *readers))
    return "\n".join(
        f"alter table {table} enable row level security;\n"
        f"alter table {table} force row level security;\n"
        f"create policy only_own on {table} using (\n    {condition}\n);"
        for table in tables
    )
