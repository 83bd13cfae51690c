"""Who may do what with reports and exemptions, and for which organisation."""

from typing import Final
from uuid import UUID

from qingyuan_events import Actor
from qingyuan_runtime.edge.policy import EVERY_KIND, Policy, kinds, roles
from qingyuan_runtime.edge.problems import Forbidden

POLICY: Final = Policy(
    actions={
        "write-report": kinds("operator"),
        "submit-report": kinds("operator"),
        "review-report": kinds("regulator"),
        "grant-exemption": kinds("regulator"),
        "read-report": EVERY_KIND,
        "read-options": EVERY_KIND,
    },
    roles={
        "write-report": roles("manager", "technician"),
        "submit-report": roles("manager", "technician"),
        "review-report": roles("reviewer"),
        "grant-exemption": roles("reviewer"),
    },
)


def operator_of(action: str, actor: Actor) -> UUID:
    """The operator this account acts for. Raises `Forbidden` when it may not do this, or acts for none."""
    POLICY.require(action, actor)
    if actor.organisation is None:
        raise Forbidden
    if action == "submit-report" and actor.role != "manager":
        raise Forbidden("role.manager-only", "报告由本机构的管理人员提交和撤回，您的账户可以填写草稿。")
    return actor.organisation
