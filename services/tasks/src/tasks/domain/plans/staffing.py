"""Who and what of a plan's crew is filed. The dates of their papers are taken from the filing, and not from what was typed."""

from collections.abc import Iterator
from dataclasses import dataclass

from qingyuan_events.tasks import Assignee, AssigneeV2, Device, DeviceV2
from qingyuan_runtime.domain.decider import Problem

from tasks.domain.filed import (
    PAPERS_OF_DEVICE,
    PAPERS_OF_PERSON,
    FilingCopy,
    FilingState,
    PaperCopy,
    holds_until,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    assignees: tuple[AssigneeV2, ...]
    devices: tuple[DeviceV2, ...]


def staffed(assignees: tuple[Assignee, ...], devices: tuple[Device, ...], filing: FilingCopy) -> Crew:
    return Crew(
        assignees=tuple(_assignee(person, filing) for person in assignees),
        devices=tuple(_device(device, filing) for device in devices),
    )


def person_papers(papers: tuple[PaperCopy, ...]) -> tuple[PaperCopy, ...]:
    return tuple(paper for paper in papers if paper.kind in PAPERS_OF_PERSON)


def device_papers(papers: tuple[PaperCopy, ...]) -> tuple[PaperCopy, ...]:
    return tuple(paper for paper in papers if paper.kind in PAPERS_OF_DEVICE)


def _assignee(typed: Assignee, filing: FilingCopy) -> AssigneeV2:
    person = filing.person(typed.account)
    if person is None:
        return AssigneeV2(account=typed.account, certificate_to=typed.certificate_to)
    until = holds_until(person_papers(person.papers))
    return AssigneeV2(account=typed.account, certificate_to=until, resource_id=person.resource_id)


def _device(typed: Device, filing: FilingCopy) -> DeviceV2:
    filed = filing.device(typed.serial_number)
    if filed is None:
        return DeviceV2(name=typed.name, serial_number=typed.serial_number, calibrated_to=typed.calibrated_to)
    until = holds_until(device_papers(filed.papers))
    name = f"{filed.name} {filed.model}".strip()
    return DeviceV2(
        name=name, serial_number=typed.serial_number, calibrated_to=until, resource_id=filed.resource_id
    )


WITHOUT_FILING: dict[FilingState, tuple[str, str]] = {
    "not_filed": ("operator-not-filed", "本机构未备案，人员和设备无法按备案核对，有效期以填写的为准。"),
    "cancelled": ("operator-not-filed", "本机构的备案已注销，人员和设备无法按备案核对，有效期以填写的为准。"),
    "locked": ("operator-locked", "本机构的备案已锁定。"),
}


def notes(crew: Crew, filing: FilingCopy) -> Iterator[Problem]:
    """What cannot be checked by the filing. Of an operator that is not filed nobody is: that is said once."""
    if filing.state in WITHOUT_FILING:
        yield Problem("assignees", *WITHOUT_FILING[filing.state])
    if filing.state in ("filed", "locked"):
        yield from _not_filed(crew)
    yield from _without_end(crew)


def _not_filed(crew: Crew) -> Iterator[Problem]:
    for number, person in enumerate(crew.assignees):
        if person.resource_id is None:
            sentence = f"第 {number + 1} 位人员未备案，运维能力证书的有效期以填写的为准。"
            yield Problem(f"assignees.{number}.account", "not-filed", sentence)
    for number, device in enumerate(crew.devices):
        if device.resource_id is None:
            sentence = f"设备“{device.name}”（{device.serial_number}）未备案，检定校准的有效期以填写的为准。"
            yield Problem(f"devices.{number}.serial_number", "not-filed", sentence)


def _without_end(crew: Crew) -> Iterator[Problem]:
    """A certificate or calibration without a date of expiry cannot be checked; the note says so."""
    for number, person in enumerate(crew.assignees):
        if person.certificate_to is None:
            typed = f"第 {number + 1} 位人员没有填写运维能力证书的有效期，无法核对。"
            filed = f"第 {number + 1} 位人员没有备案运维能力证书，无法核对。"
            sentence = typed if person.resource_id is None else filed
            yield Problem(f"assignees.{number}.certificate_to", "certificate-unknown", sentence)
    for number, device in enumerate(crew.devices):
        if device.calibrated_to is None:
            typed = f"设备“{device.name}”没有填写检定校准的有效期，无法核对。"
            filed = f"设备“{device.name}”没有备案检定校准证书，无法核对。"
            sentence = typed if device.resource_id is None else filed
            yield Problem(f"devices.{number}.calibrated_to", "calibration-unknown", sentence)
