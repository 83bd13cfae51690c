"""What the printed record says of the papers of a visit's people and devices: those that do not cover the day, with the paper. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from views.printing.words import CALIBRATION, CERTIFICATE, FILING_MARKS, PAPERS

Row = dict[str, Any]


def lacking(visit: Row, people: Mapping[UUID, str]) -> Iterator[list[str]]:
    for each in visit["certificates"]:
        if each["mark"]:
            name = people.get(UUID(each["account"])) or "姓名未取得"
            yield [name, f"{FILING_MARKS[each['mark']]}：{described(each['paper'])}"]


def uncalibrated(visit: Row) -> Iterator[list[str]]:
    for device in visit["devices"]:
        if device["mark"]:
            said = described(device["paper"], CALIBRATION)
            yield [named(device), f"{FILING_MARKS[device['mark']]}：{said}"]


def named(device: Row) -> str:
    return f"{device['name']}（{device['serial_number']}）"


def described(paper: Row | None, without: str = CERTIFICATE) -> str:
    """By what a paper is recognised, and until when it holds."""
    if paper is None:
        return f"没有已备案的{without}"
    parts = [
        f"{PAPERS[paper['kind']]}{paper['number'] or '（无编号）'}",
        f"有效期至 {paper['valid_to']}" if paper["valid_to"] else "长期有效",
        f"自 {paper['revoked_from']} 起已撤销" if paper["revoked_from"] else "",
    ]
    return "，".join(filter(None, parts))
