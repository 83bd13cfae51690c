"""Exemptions: each function checks the actor's rights, loads what the command needs, and carries it out."""

from datetime import date
from uuid import UUID

from qingyuan_runtime.domain.decider import Missing
from qingyuan_runtime.edge.http import new_id
from qingyuan_runtime.edge.policy import require_district
from qingyuan_runtime.log.handling import CommandContext, handle
from qingyuan_runtime.log.store import Receipt
from qingyuan_standards.dated import setting
from qingyuan_standards.rules import catalogue

from reports.domain.exemptions.commands import End, Grant
from reports.domain.exemptions.decider import EXEMPTION
from reports.exemptions.bodies import GrantBody
from reports.shared.policy import POLICY
from reports.shared.repository import Repository


async def grant(repository: Repository, context: CommandContext, body: GrantBody) -> Receipt:
    POLICY.require("grant-exemption", context.meta.actor)
    district = await repository.district(body.enterprise_id)
    require_district(context.meta.actor, noun="enterprise", district=district)
    if receipt := await repository.answered(context):
        return receipt
    await _require_of_the_enterprise(repository, context, body)
    exemption_id = new_id(context.meta.command_id, EXEMPTION.noun)
    command = Grant(
        **dict(body),
        exemption_id=exemption_id,
        district=district,
        rules=frozenset(rule.id for rule in catalogue().rules),
        reason_codes=frozenset(reason["code"] for reason in reasons(repository.today())),
        by=context.meta.actor.account,
    )
    stream = EXEMPTION.stream(exemption_id)
    return await handle(repository.store, EXEMPTION, stream, command, context, begins=True)


def reasons(day: date) -> list[dict[str, str]]:
    """The reasons from which a regulator chooses on this day, each with `code` and `text`."""
    found: list[dict[str, str]] = setting("exemption_reasons", day).value
    return found


async def _require_of_the_enterprise(
    repository: Repository, context: CommandContext, body: GrantBody
) -> None:
    """Raises `Missing` where the point or the report is not there, or another enterprise's."""
    if body.point_id:
        point = await repository.point(body.point_id)
        if point.enterprise_id != body.enterprise_id:
            raise Missing("point")
    if body.report_id:
        report = await repository.report(body.report_id, context.meta.actor)
        if report.existing().enterprise_id != body.enterprise_id:
            raise Missing("report")


async def end(
    repository: Repository, context: CommandContext, exemption_id: UUID, *, last_day: date, reason: str
) -> Receipt:
    POLICY.require("grant-exemption", context.meta.actor)
    await repository.exemption(exemption_id, context.meta.actor)
    command = End(last_day=last_day, reason=reason, today=repository.today(), by=context.meta.actor.account)
    stream = EXEMPTION.stream(exemption_id)
    return await handle(repository.store, EXEMPTION, stream, command, context)
