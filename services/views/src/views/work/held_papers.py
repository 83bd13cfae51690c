"""The papers that the people and devices of a visit had for its day: the evidence of its marks."""

from collections.abc import Sequence
from typing import Any, Final

from qingyuan_events.tasks import UsedDevice
from qingyuan_runtime.database.connections import Connection

from views.work.filing_marks import CERTIFICATE, OF_DEVICES, Row


async def certificates(connection: Connection, row: Any) -> Sequence[Row]:
    """Each person of the visit with the certificate that covers the day, else the one that comes nearest to it.

    Empty where the operator was not filed then: there is nothing to judge by.
    """
    if row["filing_state"] not in ("filed", "locked"):
        return []
    found = await connection.fetch(_CERTIFICATES, row["people"], row["operator_id"], row["worked_on"])
    return [_certificate(each) for each in found]


def _certificate(row: Any) -> Row:
    lacking = None if row["covered"] else "certificate_missing"
    return {
        "account": str(row["account"]),
        "mark": lacking if row["filed"] else "not_filed_person",
        "paper": paper(row) if row["paper_id"] else None,
        "relied": bool(row["relied"]),
    }


async def devices(connection: Connection, row: Any, used: Sequence[UsedDevice]) -> Sequence[Row]:
    """Each device that the visit names, a filed one with the paper that covers the day, else the one that comes nearest to it.

    Papers are missing where the operator was not filed then: there is nothing to judge by.
    """
    judged = row["filing_state"] in ("filed", "locked")
    ids = [device.resource_id for device in used if device.resource_id] if judged else []
    found = await connection.fetch(_OF_DEVICES, ids, row["operator_id"], row["worked_on"], list(OF_DEVICES))
    papers = {each["device"]: each for each in found}
    return [_device(device, papers.get(device.resource_id)) for device in used]


def _device(device: UsedDevice, found: Any | None) -> Row:
    """`found` is None of a device that is not judged."""
    return {
        **device.model_dump(mode="json"),
        "mark": "calibration_missing" if found and not found["covered"] else None,
        "paper": paper(found) if found and found["paper_id"] else None,
        "relied": bool(found and found["relied"]),
    }


def paper(row: Any) -> Row:
    days = ("valid_from", "valid_to", "revoked_from")
    return {
        "paper_id": str(row["paper_id"]),
        **{name: row[name] for name in ("kind", "number")},
        **{name: row[name].isoformat() if row[name] else None for name in days},
    }


_NEAREST: Final = """
          select paper_id, kind, number, valid_from, valid_to, revoked_from,
                 $3 between first_day and last_day as covered,
                 $3 between stated_first and stated_last and not $3 between first_day and last_day as relied
            from filings.filed_paper
           where {whose} and operator_id = $2 and {kind}
           order by $3 between first_day and last_day desc, $3 between stated_first and stated_last desc, last_day desc
           limit 1
"""
_CERTIFICATE_OF: Final = _NEAREST.format(whose="account_id = asked.account", kind=f"kind = '{CERTIFICATE}'")
_CALIBRATION_OF: Final = _NEAREST.format(
    whose="resource_id = asked.device and resource_kind = 'device'", kind="kind = any($4::text[])"
)
_CERTIFICATES: Final = f"""
    select asked.account, p.*,
           exists (select from filings.filed_person f
                    where f.account_id = asked.account and f.operator_id = $2 and f.last_day >= $3) as filed
      from unnest($1::uuid[]) with ordinality as asked (account, place)
      left join lateral ({_CERTIFICATE_OF}) p on true
     order by asked.place
"""
_OF_DEVICES: Final = f"""
    select asked.device, p.* from unnest($1::uuid[]) as asked (device) left join lateral ({_CALIBRATION_OF}) p on true
"""
