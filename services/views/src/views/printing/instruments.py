"""What the register said of the instruments of a record sheet, for print. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from qingyuan_standards.register_fields import Instrument, named_by_register

Row = dict[str, Any]
TAKEN: Final = "※"
"""Stands after a value that the register gave; the line about the instruments says so."""


def taken_paths(revision: Mapping[str, Any]) -> Collection[str]:
    """The values that are as the register gave them."""
    return {path for taken in revision.get("taken") or () for path in taken["fields"]}


def with_names_from_register(revision: Mapping[str, Any], instruments: Sequence[Row]) -> Mapping[str, Any]:
    """The revision with what the register says in its empty fields about what its instruments are, marked as taken."""
    own = [_instrument(known) for known in instruments if known["id"] in revision.get("instruments", ())]
    named = named_by_register(revision["form"], revision["values"], own)
    if not named:
        return revision
    added = {"instrument_id": None, "version": None, "fields": list(named)}
    return {
        **revision,
        "values": {**revision["values"], **named},
        "taken": [*(revision.get("taken") or ()), added],
    }


def about_instruments(revision: Mapping[str, Any], instruments: Sequence[Row]) -> str:
    """Each instrument with the version of it that the phone had; and what the sign for taken values means."""
    known = {instrument["id"]: _instrument(instrument).label for instrument in instruments}
    versions = {taken["instrument_id"]: taken["version"] for taken in revision.get("taken") or ()}
    said = [_said(known.get(each), versions.get(each)) for each in revision.get("instruments", ())]
    legend = f"（标{TAKEN}的内容取自登记）" if taken_paths(revision) else ""
    return f"仪器：{'；'.join(said)}{legend}" if said else ""


def _said(label: str | None, version: int | None) -> str:
    of_version = f"（登记第 {version} 版）" if version else ""
    return f"{label or '登记信息暂未取得'}{of_version}"


def _instrument(known: Row) -> Instrument:
    return Instrument(**{name: known[name] for name in ("factor", "name", "model", "serial_number")})


def duration(seconds: int) -> str:
    """As in web/src/sheets/instruments.ts."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
