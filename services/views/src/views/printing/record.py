"""A signed visit as the data of its printed record. Pure: the same visit gives the same data."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.days import SHANGHAI

from views.printing import sheets
from views.printing.certificates import lacking, named, uncalibrated
from views.printing.words import FACTORS, FILING_MARKS, MARKS, MEDIA, PHOTO_OF, REASONS
from views.shared.coordinates import coordinates

Row = dict[str, Any]


def pictures(visit: Row) -> set[str]:
    """The hashes of all images in the record."""
    signature = visit["confirmation"]["signature"]["signature"]
    photos = {photo["original"]["sha256"] for photo in visit["photos"]}
    return photos | {signature["image"]["sha256"], visit["sign_out"]["signature"]["image"]["sha256"]}


def accounts(visit: Row) -> set[UUID]:
    """The accounts of all people in the record: the operator's, and who signed for the enterprise."""
    return {UUID(account) for account in (*_technicians(visit), visit["confirmation"]["signature"]["by"])}


def _technicians(visit: Row) -> list[str]:
    """Who was on site or wrote a sheet, each once, in the order of the work."""
    sign_in, heads = visit["sign_in"], (head for sheet in visit["sheets"] for head in sheet["heads"])
    others = (head["by"] for head in heads)
    return list(dict.fromkeys([sign_in["by"], *sign_in["companions"], *others, visit["sign_out"]["by"]]))


def record(visit: Row, files: Mapping[str, str], public_url: str, people: Mapping[UUID, str]) -> Row:
    """The data for the template.

    `visit` is the response of `GET /visits/{id}` for a signed visit; `files` are the names of the images that could be
    fetched, by hash; `people` are the names of accounts, without those that could not be fetched.
    """
    confirmation = visit["confirmation"]
    sha256 = visit["content"]["sha256"]
    url = f"{public_url}/check/{confirmation['id']}?sha256={sha256}"
    return {
        "title": "污染源自动监控设施运维记录",
        "subtitle": f"{visit['enterprise_name']} · {visit['point_name']} · {visit['day']}",
        "number": f"运维记录 {visit['id']}",
        "header": list(_header(visit, people)),
        "sections": [{"title": title, "rows": rows} for title, rows in _sections(visit, people) if rows],
        "sheets": [
            sheets.sheet(head, visit["instruments"]) for sheet in visit["sheets"] for head in sheet["heads"]
        ],
        "photos": [_photo(photo, files) for photo in visit["photos"]],
        "statement": confirmation["statement"],
        "signed": _signed(confirmation, people),
        "signatures": [
            _signature("运维人员签名", visit["sign_out"]["signature"], files),
            _signature("企业签名", confirmation["signature"]["signature"], files),
        ],
        "confirmation": confirmation["id"],
        "sha256": sha256,
        "qr": _qr(url),
        "hint": f"核对地址：{url}",
    }


def _header(visit: Row, people: Mapping[UUID, str]) -> Iterator[list[str]]:
    contents = [CONTENTS[code].name if code in CONTENTS else code for code in visit["contents"]]
    yield ["企业", visit["enterprise_name"]]
    yield ["运维机构", visit["operator_name"]]
    yield ["运维人员", "、".join(_name(account, people) for account in _technicians(visit))]
    yield ["测点", f"{visit['point_code']} {visit['point_name']}".strip()]
    yield ["类别", MEDIA.get(visit["medium"], "")]
    yield ["运维日期", visit["day"]]
    yield ["运维内容", "、".join(contents)]
    if devices := visit["devices"]:
        yield ["使用设备", "、".join(map(named, devices))]
    words = MARKS | FILING_MARKS
    if marks := [*visit["marks"], *visit["filing_marks"]]:
        yield ["标记", "、".join(words.get(mark, mark) for mark in marks)]


def _sections(visit: Row, people: Mapping[UUID, str]) -> Iterator[tuple[str, list[list[str]]]]:
    yield "签到", _sign_in_or_out(visit["sign_in"], people)
    yield "签退", _sign_in_or_out(visit["sign_out"], people)
    if backfill := visit["backfill"]:
        reason = REASONS.get(backfill["reason_class"], backfill["reason_class"])
        rows = [
            ["原因", reason],
            ["说明", backfill["explanation"]],
            *_real_times(backfill),
            *_times(backfill),
        ]
        yield "补录", rows
    if obstruction := visit["obstruction"]:
        yield "阻挠", [["情况", obstruction["what"]], *_times(obstruction)]
    yield "人员证书", list(lacking(visit, people))
    yield "设备检定校准", list(uncalibrated(visit))
    yield "核对提示", [[finding["title"], finding["sentence"]] for finding in visit["findings"]]


def _sign_in_or_out(part: Row, people: Mapping[UUID, str]) -> list[list[str]]:
    judged, fix = part["judged"], part["fix"]
    marks = "、".join(MARKS.get(mark, mark) for mark in judged["marks"])
    rows = [
        ["人员", _name(part["by"], people)],
        *_times(part),
        ["距测点", f"{judged['distance_m']} m" if judged["distance_m"] else "未知"],
    ]
    rows.append(["围栏半径", f"{judged['radius_m']} m"])
    if fix:
        rows.append(["定位", coordinates(fix)])
        rows.append(["定位精度", f"{fix['accuracy_m']} m"])
    if marks:
        rows.append(["标记", marks])
    return rows


def _name(account: str, people: Mapping[UUID, str]) -> str:
    return people.get(UUID(account)) or "姓名未取得"


def _times(part: Row) -> list[list[str]]:
    return [["手机时间", local(part["claimed_at"])], ["收到时间", local(part["received_at"])]]


def _real_times(backfill: Row) -> list[list[str]]:
    named = {"arrived_at": "实际到达时间（补录）", "left_at": "实际离开时间（补录）"}
    return [[title, local(backfill[name])[:16]] for name, title in named.items() if backfill[name]]


def local(moment: str) -> str:
    """A time in the time zone of Shanghai."""
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _photo(photo: Row, files: Mapping[str, str]) -> Row:
    sha256 = photo["original"]["sha256"]
    of = PHOTO_OF.get(photo["of"], "记录")
    line = f"{of} · 拍摄 {local(photo['taken_at'])}"
    return {"file": files.get(sha256), "line": line, "sha256": f"SHA-256 {sha256}"}


def _signed(confirmation: Row, people: Mapping[UUID, str]) -> list[list[str]]:
    signature = confirmation["signature"]
    late = "（逾期）" if signature["late"] else ""
    return [
        ["签字时间", f"{local(signature['signed_at'])}{late}"],
        ["签字人", _name(signature["by"], people)],
        ["签字账户", signature["by"]],
        *_second_factor(signature),
        ["声明版本", signature["statement_version"]],
    ]


def _second_factor(signature: Row) -> list[list[str]]:
    """Which factor; for a certificate also whose list names it, so that it can be looked up."""
    rows = [["二次验证", FACTORS[signature["second_factor"]]]]
    if certificate := signature.get("certificate"):
        rows += [["证书编号", certificate["serial"]], ["发证机构", certificate["issuer"]]]
    return rows


def _signature(title: str, signature: Row, files: Mapping[str, str]) -> Row:
    return {"title": title, "file": files.get(signature["image"]["sha256"])}


def _qr(url: str) -> str:
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
