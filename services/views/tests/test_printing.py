"""The printed record: what is on it, the same bytes each time, and no page without a font."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest
from PIL import Image
from printed import shown
from qingyuan_events.tasks import TakenFromRegister
from qingyuan_local.setup import checkout, fonts_folder, rare_fonts_folder
from qingyuan_runtime.process.isolated import Unfinished
from qingyuan_standards.forms import forms
from sample_facts import OLD
from views.printing.glyphs import visible
from views.printing.press import Press
from views.printing.pressing import NoFont
from views.printing.record import pictures, record
from views.printing.sheets import sheet as sheet_of
from views.printing.sheets import shown as shown_text
from working_day import working_day
from working_day_facts import DAY, TECHNICIAN, ConfirmationFacts, VisitFacts, sheet

pytestmark = pytest.mark.slow

FONTS = fonts_folder()
RARE = rare_fonts_folder()
HAVE_FONT = pytest.mark.skipif(
    not (FONTS.is_dir() and RARE.is_dir()), reason="the pages were not built, and the fonts come with them"
)
SIGNER = UUID(int=61)
PEOPLE = {SIGNER: "周厂长", TECHNICIAN: "李运维"}
CALIBRATION: dict[str, Any] = {
    "system": "完全抽取法", "started_at": "2026-11-24T09:00", "ended_at": "2026-11-24T10:30",
    "readings": [{"factor": "SO2", "range": "300", "unit": "mg/m³", "zero_before": "1.5"}] * 5,
}  # fmt: skip
PATROL = {
    "patrolled_at": "2026-11-23T09:10",
    "flow_total": "120.5",
    "drain_clear": "正常",
    "pump_draws": "异常",
    "place": "总测点",
}


def a_signed_visit() -> dict[str, Any]:
    sample = working_day()
    visit = VisitFacts(sample, "printed")
    visit.signs_in(marks=("outside_fence",))
    used = {"name": "蠕动泵管", "quantity": "2", "unit": "根", "lot": "B-7", "expires": date(2027, 3, 1)}
    patrol = sheet("p patrol")
    visit.records(
        type(patrol).model_validate(
            patrol.model_dump()
            | {
                "form": "patrol_wastewater",
                "values": PATROL,
                "used": (used,),
                "revision_id": patrol.sheet_id,
                "filled_by_group": ("drain_clear",),
                "filled_seconds": 95,
                "instruments": (OLD,),
                "taken": (TakenFromRegister(instrument_id=OLD, version=3, fields=("place",)),),
            }
        )
    )
    calibration = sheet("p calibration", "calibration")
    visit.records(
        calibration.model_copy(
            update={
                "form": "calibration",
                "values": CALIBRATION,
                "computed": {"readings.0.zero_drift": "0.50"},
            }
        )
    )
    unknown = sheet("p unknown", "repair", **{"#eval": '#panic("x") *粗* $x$'})
    visit.records(unknown.model_copy(update={"form": "unknown"}))
    for name in "abc":
        visit.adds_photo(name)
    visit.backfills()
    visit.signs_out()
    visit.completes()
    ConfirmationFacts(visit).signs()
    return shown(sample.recorded, visit.id)


def jpeg(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(FONTS, RARE)


@pytest.fixture(scope="module")
def visit() -> dict[str, Any]:
    return a_signed_visit()


async def printed(press: Press, visit: dict[str, Any]) -> bytes:
    files = {sha256: f"{sha256}.jpg" for sha256 in pictures(visit)}
    data = record(visit, files, "https://qingyuan.example", PEOPLE)
    return await press.print(data, {name: jpeg("#8aa") for name in files.values()})


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).replace("\n", "")


@HAVE_FONT
async def test_the_record_says_what_was_signed(press: Press, visit: dict[str, Any]) -> None:
    text = text_of(await printed(press, visit))
    for said in (
        "清泉化工", "上海绿测环境运维有限公司", "DW001 总测点", "38.4 m", "超出围栏", "地下室无信号", "现场无信号",
        "2026-11-23 09:00:00", "排水通畅", "流量计累计流量（m³）", "120.5", "零点漂移（% F.S.）", "0.50", "B-7",
        "第 1 版表单，按组填写：运行状况（每 1 天） 1 项，填写用时 1 分 35 秒",
        "仪器：COD分析仪 CODmax 编号SN-7（登记第 3 版）（标※的内容取自登记）", "总测点※", "CODmax※", "内容属实，予以确认。", "周厂长", "人员李运维", "运维人员李运维", "2026-11-23 14:00:00", visit["content"]["sha256"],
        f"https://qingyuan.example/check/{visit['confirmation']['id']}?sha256={visit['content']['sha256']}",
    ):  # fmt: skip
        assert said.replace(" ", "") in text.replace(" ", ""), said


@HAVE_FONT
@pytest.mark.slow
async def test_no_page_ends_with_a_heading(press: Press, visit: dict[str, Any]) -> None:
    """However long what stands before it is."""
    data = record(visit, dict.fromkeys(pictures(visit)), "https://qingyuan.example", PEOPLE)
    headings = [part["title"] for part in data["sections"]]
    for sheet_data in data["sheets"]:
        headings += [sheet_data["title"], *(part["title"] for part in sheet_data["parts"])]
    wrong = set()
    for lines in range(0, 40, 2):
        longer = data | {"header": [*data["header"], *([["说明", "一行"]] * 2 * lines)]}
        pdf = await press.print(longer, {})
        last = [last_line(page) for page in pypdf.PdfReader(BytesIO(pdf)).pages]
        wrong |= {line for line in last if line in headings}
    assert wrong == set()


def last_line(page: pypdf.PageObject) -> str:
    """The last line above the foot of the page."""
    lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
    return [line for line in lines if "共" not in line][-1]


@HAVE_FONT
async def test_markup_in_a_sheet_is_printed_as_text(press: Press, visit: dict[str, Any]) -> None:
    assert '#panic("x")*粗*$x$' in text_of(await printed(press, visit)).replace(" ", "")


@HAVE_FONT
async def test_a_character_that_no_font_has_is_printed_as_its_code_point_and_listed(
    press: Press, visit: dict[str, Any]
) -> None:
    """U+30004 (Extension G) is in no font, nor is a zero-width joiner or an emoji."""
    rare = record(visit, {}, "https://q.example", {SIGNER: "王\U00030004\u200d \U0001f600"})
    text = text_of(await press.print(rare, {})).replace(" ", "")
    for said in ("王[U+30004][U+200D][U+1F600]", "U+30004（1处）", "字体不含的字符"):
        assert said in text, said
    assert "字体不含的字符" not in text_of(await printed(press, visit))


def test_missing_characters_are_replaced_in_all_texts_but_not_in_the_qr_code() -> None:
    held = {"qr": "<svg/>", "signatures": [{"title": "签", "file": None}], "rows": [["a", "b\n"]]}
    shown = visible(held, {ord("a")})
    assert shown["qr"] == "<svg/>"
    assert shown["rows"] == [["a", "[U+0062]\n"]]
    assert shown["signatures"] == [{"title": "[U+7B7E]", "file": None}]
    assert shown["absent"] == ["U+0062（1 处）", "U+7B7E（1 处）"]


@HAVE_FONT
async def test_a_record_that_takes_too_long_raises_unfinished(
    press: Press, visit: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.printing.press.SECONDS", 0.05)
    with pytest.raises(Unfinished):
        await printed(press, visit)


@HAVE_FONT
async def test_the_same_visit_gives_the_same_bytes(press: Press, visit: dict[str, Any]) -> None:
    assert await printed(press, visit) == await printed(Press(FONTS, RARE), visit)


@HAVE_FONT
async def test_a_photo_that_could_not_be_fetched_is_replaced_by_its_hash(
    press: Press, visit: dict[str, Any]
) -> None:
    text = text_of(await press.print(record(visit, {}, "https://qingyuan.example", {}), {}))
    assert text.count("图片未取得") == 5
    assert text.count(visit["photos"][0]["original"]["sha256"]) >= 3


async def test_without_a_chinese_font_nothing_is_printed(visit: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(NoFont):
        await Press(tmp_path).print(record(visit, {}, "https://qingyuan.example", {}), {})


def test_a_sheet_says_which_groups_were_filled_with_one_tap(visit: dict[str, Any]) -> None:
    about = {sheet["title"]: sheet["about"] for sheet in record(visit, {}, "", {})["sheets"]}
    patrol = next(about[title] for title in about if "巡检维护记录表" in title)
    assert patrol == "第 1 版表单，按组填写：运行状况（每 1 天） 1 项，填写用时 1 分 35 秒"
    assert [title for title in about if "按组填写" in about[title]] == [
        title for title in about if "巡检维护记录表" in title
    ]


def test_a_wide_table_is_transposed_and_split(visit: dict[str, Any]) -> None:
    (turned,) = [sheet for sheet in record(visit, {}, "", {})["sheets"] if sheet["title"].startswith("校准")]
    tables = [part for part in turned["parts"] if part["kind"] == "table"]
    assert [part["columns"] for part in tables] == [
        ["项目", "第 1 行", "第 2 行", "第 3 行", "第 4 行"],
        ["项目", "第 5 行"],
    ]
    assert {len(row) for row in tables[0]["rows"]} == {5}


CORPUS = sorted((checkout() / "libs/standards/corpus").glob("*.json"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_text_value_of_a_form_is_printed(path: Path) -> None:
    """For every case of the corpus that the form accepts."""
    for case in json.loads(path.read_text("utf-8")):
        if case["problems"]:
            continue
        revision = {
            "form": case["form"], "form_version": case["version"], "content": "patrol", "values": case["values"],
            "computed": case["computed"], "findings": [], "used": [], "reason": None,
        }  # fmt: skip
        on_paper = json.dumps(sheet_of(revision), ensure_ascii=False)
        for value in case["values"].values():
            for part in value if isinstance(value, list) else [value]:
                for text in part.values() if isinstance(part, dict) else [part]:
                    assert not isinstance(text, str) or shown_text(text) in on_paper, (case["case"], text)


def test_the_corpus_has_cases_for_every_form() -> None:
    assert {path.stem for path in CORPUS} == {form.name for form in forms(DAY)}
