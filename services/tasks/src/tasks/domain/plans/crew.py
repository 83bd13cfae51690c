"""Who does the planned work and with which devices: certificates and calibrations must be valid until the last deadline."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from qingyuan_events.tasks import Assignee, Device
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.problems import under

from tasks.domain import checks

MAX_ASSIGNEES: Final = 50
MAX_DEVICES: Final = 100


def problems(
    assignees: tuple[Assignee, ...], devices: tuple[Device, ...], last_deadline: date | None
) -> Iterator[Problem]:
    """`last_deadline`: the last deadline of the plan; None where it has no windows."""
    yield from checks.listed(
        "assignees", [assignee.account for assignee in assignees], MAX_ASSIGNEES, "运维人员"
    )
    yield from checks.limited("devices", [device.serial_number for device in devices], MAX_DEVICES, "设备")
    for number, device in enumerate(devices[:MAX_DEVICES]):
        yield from under(f"devices.{number}", _texts(device))
    if last_deadline is not None:
        yield from _expired(assignees, devices, last_deadline)


def _texts(device: Device) -> Iterator[Problem]:
    yield from checks.line("name", device.name)
    yield from checks.line("serial_number", device.serial_number)


def _expired(
    assignees: tuple[Assignee, ...], devices: tuple[Device, ...], last_deadline: date
) -> Iterator[Problem]:
    for number, person in enumerate(assignees):
        if person.certificate_to is not None and person.certificate_to < last_deadline:
            yield Problem(
                f"assignees.{number}.certificate_to",
                "certificate-valid",
                f"第 {number + 1} 位人员的运维能力证书 {person.certificate_to} 到期，早于计划最后一个周期的截止日 {last_deadline}。",
            )
    for number, device in enumerate(devices):
        if device.calibrated_to is not None and device.calibrated_to < last_deadline:
            yield Problem(
                f"devices.{number}.calibrated_to",
                "calibration-valid",
                f"设备“{device.name}”（{device.serial_number}）的检定校准 {device.calibrated_to} 到期，早于计划最后一个周期的截止日 {last_deadline}。",
            )


def notes(assignees: tuple[Assignee, ...], devices: tuple[Device, ...]) -> Iterator[Problem]:
    """A certificate or calibration without a date of expiry cannot be checked; the note says so."""
    for number, person in enumerate(assignees):
        if person.certificate_to is None:
            sentence = f"第 {number + 1} 位人员没有填写运维能力证书的有效期，无法核对。"
            yield Problem(f"assignees.{number}.certificate_to", "certificate-unknown", sentence)
    for number, device in enumerate(devices):
        if device.calibrated_to is None:
            sentence = f"设备“{device.name}”没有填写检定校准的有效期，无法核对。"
            yield Problem(f"devices.{number}.calibrated_to", "calibration-unknown", sentence)
