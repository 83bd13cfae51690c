"""Who may do what with filings, and for which operator."""

from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.edge.policy import EVERY_KIND, Policy, kinds, roles
from qingyuan_runtime.edge.problems import Forbidden
from qingyuan_standards.dated import setting

POLICY: Final = Policy(
    actions={
        "write-filing": kinds("operator"),
        "review": kinds("regulator"),
        "read-names": kinds("operator", "regulator", "administrator"),
        "read-options": EVERY_KIND,
    },
    roles={"review": roles("reviewer")},
)


def operator_of(actor: Actor) -> UUID:
    """The operator whose filing this account writes. Raises `Forbidden` for any but its managers."""
    POLICY.require("write-filing", actor)
    if actor.organisation is None:
        raise Forbidden
    if actor.role != "manager":
        raise Forbidden("role.manager-only", "备案由本机构的管理人员办理。")
    return actor.organisation


def require_office(actor: Actor, day: date) -> None:
    """Raises `Forbidden` for whoever does not review filings."""
    POLICY.require("review", actor)
    if actor.district not in setting("filing_reviewers", day).value:
        raise Forbidden("review.not-here", "备案由市级监管部门审核，您可以查看。")


def require_reviewer(actor: Actor, operator_id: UUID, day: date) -> None:
    """Raises `Forbidden` for whoever does not review filings, or belongs to the organisation itself."""
    require_office(actor, day)
    if actor.organisation == operator_id:
        raise Forbidden("review.own", "不能审核本机构的备案。")


def require_name(name: str | None) -> str:
    """The name of the actor's organisation. Raises `Refused` without one."""
    if not name:
        raise Refused("organisation.nameless", "本机构还没有登记名称，请联系系统管理员。")
    return name
