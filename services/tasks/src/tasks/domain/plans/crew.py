"""Who does the planned work and with which devices: a date that was typed must reach the last deadline.

What is filed is not refused: `gaps` says which windows its papers leave open.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan_events.tasks import AssigneeV2, DeviceV2
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.problems import under

from tasks.domain import checks
from tasks.domain.plans.staffing import Crew

MAX_ASSIGNEES: Final = 50
MAX_DEVICES: Final = 100


def problems(crew: Crew, last_deadline: date | None) -> Iterator[Problem]:
    """`last_deadline`: the last deadline of the plan; None where it has no windows."""
    assignees, devices = crew.assignees, crew.devices
    yield from checks.listed(
        "assignees", [assignee.account for assignee in assignees], MAX_ASSIGNEES, "运维人员"
    )
    yield from checks.limited("devices", [device.serial_number for device in devices], MAX_DEVICES, "设备")
    for number, device in enumerate(devices[:MAX_DEVICES]):
        yield from under(f"devices.{number}", _texts(device))
    if last_deadline is not None:
        yield from _expired(assignees, devices, last_deadline)


def _texts(device: DeviceV2) -> Iterator[Problem]:
    yield from checks.line("name", device.name)
    yield from checks.line("serial_number", device.serial_number)


def _expired(
    assignees: tuple[AssigneeV2, ...], devices: tuple[DeviceV2, ...], last_deadline: date
) -> Iterator[Problem]:
    for number, person in enumerate(assignees):
        if _is_over(person.certificate_to, person.resource_id, last_deadline):
            yield Problem(
                f"assignees.{number}.certificate_to",
                "certificate-valid",
                f"第 {number + 1} 位人员的运维能力证书 {person.certificate_to} 到期，早于计划最后一个周期的截止日 {last_deadline}。",
            )
    for number, device in enumerate(devices):
        if _is_over(device.calibrated_to, device.resource_id, last_deadline):
            yield Problem(
                f"devices.{number}.calibrated_to",
                "calibration-valid",
                f"设备“{device.name}”（{device.serial_number}）的检定校准 {device.calibrated_to} 到期，早于计划最后一个周期的截止日 {last_deadline}。",
            )


def _is_over(typed: date | None, resource_id: UUID | None, last_deadline: date) -> bool:
    return resource_id is None and typed is not None and typed < last_deadline
