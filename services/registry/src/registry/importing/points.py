"""The points in use of one enterprise, found by the code or name in a row. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from qingyuan_events.registry import NONE
from qingyuan_runtime.domain.decider import Invalid, Problem

from registry.domain.instruments.commands import PointOfInstrument


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoint:
    code: str
    name: str
    point: PointOfInstrument


class Points:
    def __init__(self, points: Iterable[NamedPoint]) -> None:
        self._by_code: dict[str, NamedPoint] = {}
        self._by_name: dict[str, list[NamedPoint]] = defaultdict(list)
        for point in points:
            if point.code != NONE:
                self._by_code[point.code] = point
            self._by_name[point.name].append(point)

    def find(self, code: str | None, name: str | None) -> PointOfInstrument:
        """By code, or by name for a point without a code. Raises `Invalid` when none is found, or code and name disagree."""
        if code is None or code == NONE:
            return self._named(name)
        found = self._by_code.get(code) or self._by_code.get(code.upper())
        if found is None:
            raise Invalid([Problem("point_code", "point.missing", f"本单位没有编号为 {code} 的在用测点。")])
        if name is not None and name != found.name:
            sentence = f"编号为 {found.code} 的测点名称是“{found.name}”，与填写的不一致，请核对。"
            raise Invalid([Problem("point_name", "point.other-name", sentence)])
        return found.point

    def _named(self, name: str | None) -> PointOfInstrument:
        found = self._by_name.get(name, []) if name is not None else []
        if not found:
            sentence = "测点编号为“无”时，请填写本单位在用测点的名称。"
            raise Invalid([Problem("point_name", "point.missing", sentence)])
        if len(found) > 1:
            codes = "、".join(point.code for point in found)
            sentence = f"有 {len(found)} 个在用测点都叫“{name}”（编号 {codes}），无法分辨；请填写测点编号，或先为测点改名。"
            raise Invalid([Problem("point_name", "point.ambiguous", sentence)])
        return found[0].point
