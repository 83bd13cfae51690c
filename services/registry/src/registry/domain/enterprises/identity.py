"""An enterprise's identity: name, credit code and district, which it can change only with a confirmation."""

from collections.abc import Iterator

from qingyuan_events.labels import LABELS
from qingyuan_events.registry import EnterpriseIdentity, EnterpriseParticulars
from qingyuan_runtime.domain.decider import Problem


def identity(particulars: EnterpriseParticulars) -> EnterpriseIdentity:
    return EnterpriseIdentity(name=particulars.name, uscc=particulars.uscc, district=particulars.district)


def with_identity(particulars: EnterpriseParticulars, known: EnterpriseIdentity) -> EnterpriseParticulars:
    return particulars.model_copy(update=dict(known))


def difference(was: EnterpriseIdentity, wanted: EnterpriseIdentity) -> dict[str, str]:
    """The fields that differ, with their wanted values."""
    return {field: value for field, value in wanted if value != getattr(was, field)}


def requested_fields(was: EnterpriseParticulars, wanted: EnterpriseParticulars) -> Iterator[Problem]:
    """A note for each field whose change needs a confirmation."""
    for field in difference(identity(was), identity(wanted)):
        title = LABELS[EnterpriseParticulars][field]
        sentence = f"{title}的变更已提交，由监管部门确认后生效；在此之前仍按原内容。"
        yield Problem(field, "change-requested", sentence)
