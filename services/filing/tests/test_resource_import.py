"""A workbook of people, devices and spare parts over HTTP: what is found in it, what is added, and what is not added twice."""

import uuid
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest
from fastapi import FastAPI
from filing.importing import decoding
from filing.importing.layout import MAX_ROWS, WORKBOOK
from filing_calls import OTHER_OPERATOR, Person, manager, refusal
from filing_samples import OPERATOR, TODAY, device, person
from filing_workbooks import DEVICES, PARTS, PEOPLE, cell, made, named, people, row
from qingyuan_events.filing import ResourceAdded
from qingyuan_runtime.importing import reading as engine
from qingyuan_runtime.importing.reading import Reading
from qingyuan_runtime.importing.template import template


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Reads in this process: the isolated one has a test of its own and is slow."""

    async def reading(content: bytes) -> Reading:
        return engine.read(content, WORKBOOK)

    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(decoding, "reading", reading)


@pytest.fixture
async def clerk(operator: Person) -> Person:
    await operator.does("/filing")
    return operator


async def sent(who: Person, path: str, content: bytes, key: str | None = None) -> httpx.Response:
    headers = who._headers | {"Idempotency-Key": key or str(uuid.uuid4())}
    return await who.http.post(path, files={"file": ("名单.xlsx", content)}, headers=headers)


async def checked(who: Person, content: bytes) -> dict[str, Any]:
    answer = await sent(who, "/imports/check", content)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def taken(who: Person, content: bytes, key: str | None = None) -> dict[str, Any]:
    answer = await sent(who, "/imports", content, key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def outcomes(found: dict[str, Any]) -> list[str]:
    return [each["outcome"] for each in found["rows"]]


def rules(found: dict[str, Any], what: str = "problems") -> dict[str, str]:
    return {each["cell"]: each["rule"] for each in found[what]}


def added(app: FastAPI) -> list[ResourceAdded]:
    everything = app.state.repository.store.everything()
    return [recorded.fact for recorded in everything if isinstance(recorded.fact, ResourceAdded)]


async def test_two_bad_rows_are_named_at_their_cells_and_the_good_ones_are_added(
    app: FastAPI, clerk: Person
) -> None:
    content = people(
        named("王工", "A1"),
        named("李工", "A2", technical_posts="运维人员、厨师"),
        named("赵工", "A3", p_valid_to="2020-01-01"),
        named("孙工", "A4"),
    )
    found = await checked(clerk, content)
    assert (outcomes(found), added(app)) == (["new", "refused", "refused", "new"], [])
    assert [(each["row"], each["column"]) for each in found["problems"]] == [(3, "技术岗位"), (4, "有效期止")]
    assert rules(found) == {
        cell(PEOPLE, "technical_posts", 3): "literal_error",
        cell(PEOPLE, "papers.0.valid_to", 4): "reversed",
    }
    first, second = (each["sentence"] for each in found["problems"])
    assert (
        first
        == "“运维人员、厨师”：不在可选范围内。可填“运维人员”“技术负责人”“质量负责人”“质量监督员”“其他”。"
    )
    assert second == "“2020-01-01”：有效期止早于有效期起，请核对。"
    done = await taken(clerk, content)
    assert outcomes(done) == ["added", "refused", "refused", "added"]
    assert [fact.particulars.papers[0].number for fact in added(app)] == ["A1", "A4"]
    assert all(each["resource_id"] for each in done["rows"] if each["outcome"] == "added")


async def test_every_kind_is_added_with_its_paper_and_a_names_is_encrypted(
    app: FastAPI, clerk: Person
) -> None:
    content = made((PEOPLE, [named("王工", "A1")]), (DEVICES, [row(DEVICES)]), (PARTS, [row(PARTS)]))
    assert outcomes(await taken(clerk, content)) == ["added"] * 3
    by_kind = {fact.particulars.kind: fact for fact in added(app)}
    assert set(by_kind) == {"person", "device", "spare_part"}
    (paper,) = by_kind["device"].particulars.papers
    assert (paper.kind, paper.issuer, str(paper.valid_to)) == ("calibration", "校准机构全称", "2027-01-31")
    assert str(by_kind["spare_part"].changed_on) == str(TODAY)
    assert "王工" not in by_kind["person"].model_dump_json()
    names = (await clerk.get(f"/filings/{OPERATOR}/names")).json()["items"]
    assert names == [{"id": str(by_kind["person"].resource_id), "name": "王工"}]


async def test_the_same_workbook_twice_adds_nothing_twice(app: FastAPI, clerk: Person) -> None:
    without_paper = row(PEOPLE, name="钱工", p_number="", p_grade="", p_issuer="", p_valid_from="",
                        p_valid_to="", p_scan="")  # fmt: skip
    content = made(
        (PEOPLE, [named("王工", "A1"), without_paper]),
        (DEVICES, [row(DEVICES)]),
        (PARTS, [row(PARTS), row(PARTS, number="", name="采样杯")]),
    )
    first = await taken(clerk, content)
    again = await taken(clerk, content)
    assert (outcomes(first), outcomes(again)) == (["added"] * 5, ["there"] * 5)
    assert len(added(app)) == 5
    assert [each["resource_id"] for each in again["rows"]] == [each["resource_id"] for each in first["rows"]]
    assert {each["sentence"] for each in again["notes"]} == {"已登记，没有重复登记。"}


async def test_a_retry_gets_the_answer_of_the_first_try_and_finishes_it(app: FastAPI, clerk: Person) -> None:
    content = people(named("王工", "A1"), named("李工", "A2"))
    first = await taken(clerk, content, key="the-same-try")
    again = await taken(clerk, content, key="the-same-try")
    assert first == again
    assert len(added(app)) == 2


async def test_a_row_that_differs_from_what_is_entered_says_in_what(clerk: Person) -> None:
    await taken(clerk, people(named("王工", "A1")))
    found = await checked(clerk, people(named("王工", "A1", post="站长", title="")))
    assert outcomes(found) == ["there"]
    (note,) = found["notes"]
    assert note["sentence"] == "已登记，没有重复登记。与登记不同的没有改：岗位；要改的请在页面上修改。"


async def test_two_rows_of_one_thing_are_told_in_the_workbook_itself(clerk: Person) -> None:
    same_number = people(named("王工", "A1"), named("王工", " a1 "))
    found = await checked(clerk, same_number)
    assert outcomes(found) == ["new", "refused"]
    assert found["problems"][0]["sentence"] == "与第 2 行是同一项，请只保留一行。"
    found = await checked(clerk, people(named("王工", "A1"), named("王工", "A2")))
    assert outcomes(found) == ["new", "new"], "two people of one name, told apart by their certificates"


async def test_one_number_for_two_people_is_told_at_the_number(clerk: Person) -> None:
    found = await checked(clerk, people(named("王工", "A1"), named("李工", "a1")))
    assert outcomes(found) == ["new", "refused"]
    assert rules(found) == {cell(PEOPLE, "papers.0.number", 3): "certificate-number.repeated"}
    assert found["problems"][0]["sentence"] == "证书编号与第 2 行相同，请核对。"


async def test_rows_of_two_sheets_of_one_kind_are_all_added(app: FastAPI, clerk: Person) -> None:
    """The name of a sheet may have blanks in it, so a workbook may have two of a kind."""
    spaced = replace(PEOPLE, name="人 员")
    content = made((PEOPLE, [named("王工", "A1")]), (spaced, [named("李工", "A2")]))
    done = await taken(clerk, content)
    assert outcomes(done) == ["added", "added"]
    assert [fact.particulars.papers[0].number for fact in added(app)] == ["A1", "A2"]
    assert [each["resource_id"] for each in done["rows"]] == [str(fact.resource_id) for fact in added(app)]


async def test_one_import_of_an_operator_at_a_time(
    app: FastAPI, clerk: Person, http: httpx.AsyncClient
) -> None:
    content = people(named("王工"))
    other = manager(http, OTHER_OPERATOR)
    await other.does("/filing")
    async with app.state.repository.imports.alone(OPERATOR):
        answer = await sent(clerk, "/imports", b"not even read", "one-import")
        assert refusal(answer) == (409, "import.running", [])
        assert answer.json()["title"] == "本单位正在导入，请稍后再试。"
        assert outcomes(await checked(clerk, content)) == ["new"]
        assert outcomes(await taken(other, content)) == ["added"]
    assert outcomes(await taken(clerk, content, "one-import")) == ["added"]
    assert outcomes(await taken(clerk, content, "one-import")) == ["added"]


async def test_the_example_of_the_template_is_of_the_day_on_which_it_is_asked_for(clerk: Person) -> None:
    """Whoever keeps its day reports no change that is overdue."""
    book = openpyxl.load_workbook(BytesIO((await clerk.get("/import-template")).content))
    for layout in WORKBOOK.sheets:
        assert book[layout.name][cell(layout, "changed_on", 2)].value == str(TODAY)


async def test_a_certificate_of_somebody_else_is_refused(clerk: Person, http: httpx.AsyncClient) -> None:
    other = manager(http, OTHER_OPERATOR)
    await other.does("/filing")
    await taken(other, people(named("王工", "A1")))
    await taken(clerk, people(named("李工", "A2")))
    found = await checked(clerk, people(named("王工", "A1"), named("赵工", "A2")))
    assert outcomes(found) == ["refused", "refused"]
    number = [cell(PEOPLE, "papers.0.number", line) for line in (2, 3)]
    assert rules(found) == dict.fromkeys(number, "certificate-number.taken")


async def test_what_has_ended_is_not_entered_again(app: FastAPI, clerk: Person) -> None:
    await taken(clerk, people(named("王工", "A1")))
    person_id = added(app)[0].resource_id
    await clerk.does(f"/resources/{person_id}/ending", {"last_day": "2026-11-24", "reason": "离职"})
    assert outcomes(await taken(clerk, people(named("王工", "A1")))) == ["ended"]
    assert len(added(app)) == 1


async def test_what_was_entered_on_the_page_is_there_too(clerk: Person) -> None:
    await clerk.adds(person, "王工")
    await clerk.adds(device)
    number = person.papers[0].number
    same_device = row(DEVICES, model=device.model, serial_number=device.serial_number)
    found = await checked(clerk, made((PEOPLE, [named("王工", number or "")]), (DEVICES, [same_device])))
    assert outcomes(found) == ["there", "there"]
    assert [each["paper_id"] for each in found["rows"]] == [None, None], "their scans are stored"


async def test_a_row_without_a_scan_is_a_draft_and_says_what_it_lacks(clerk: Person) -> None:
    content = made(
        (PEOPLE, [named("王工", "A1"), named("李工", "A2", p_scan="", p_issuer="")]),
        (DEVICES, [row(DEVICES, p_kind="", p_number="", p_issuer="", p_valid_from="", p_valid_to="",
                       p_scan="")]),
    )  # fmt: skip
    found = await checked(clerk, content)
    assert outcomes(found) == ["new"] * 3
    assert [(each["cell"], each["sentence"]) for each in found["notes"]] == [
        (cell(PEOPLE, "papers.0.issuer", 3), "先存为草稿，不能提交：运维能力评定证书还没有填写发证机构。"),
        (cell(PEOPLE, "papers.0.scan", 3), "先存为草稿，不能提交：运维能力评定证书的扫描件还没有上传。"),
        (cell(DEVICES, "papers.0.number", 2), "先存为草稿，不能提交：请登记检定或校准证书。"),
    ]
    done = await taken(clerk, content)
    assert [(each["scan"], bool(each["paper_id"])) for each in done["rows"]] == [
        ("王工.pdf", True), (None, True), (None, False),
    ]  # fmt: skip
    answer = await clerk.post("/filing/submission")
    assert f"resources.{done['rows'][0]['resource_id']}.papers.0.scan" in refusal(answer)[2]


async def test_a_formula_without_result_is_refused_and_one_with_a_result_is_noted(clerk: Person) -> None:
    def change(_book: Any, page: Any) -> None:
        page.write_formula(1, 0, "=UPPER(1)", None, "王工")
        page.write_formula(2, 0, "=UPPER(1)", None, "")

    found = await checked(clerk, people(named("x", "A1"), named("y", "A2"), change=change))
    assert outcomes(found) == ["new", "refused"]
    assert (rules(found), rules(found, "notes")) == ({"A3": "formula-without-result"}, {"A2": "formula"})


async def test_a_cell_that_excel_has_turned_into_a_day_is_refused_once(clerk: Person) -> None:
    def change(book: Any, page: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_number(1, 1, 46000, day)

    found = await checked(clerk, people(named("王工", "A1"), change=change))
    assert rules(found) == {"B2": "turned-into-day"}


async def test_more_rows_than_a_request_may_take_are_refused(clerk: Person) -> None:
    rows = [row(PARTS, number=f"N{number}") for number in range(MAX_ROWS + 1)]
    answer = await sent(clerk, "/imports/check", made((PARTS, rows)))
    assert refusal(answer) == (422, "command.invalid", ["file"])
    assert answer.json()["errors"][0]["sentence"] == "一次最多导入 1000 行，请分几个文件导入。"
    assert outcomes(await checked(clerk, made((PARTS, rows[:-1])))) == ["new"] * MAX_ROWS


@pytest.mark.parametrize("content", [b"", b"PK nothing", template(WORKBOOK, TODAY)])
async def test_what_has_no_rows_is_refused_with_a_sentence(clerk: Person, content: bytes) -> None:
    answer = await sent(clerk, "/imports/check", content)
    assert refusal(answer) == (422, "command.invalid", ["file"])


async def test_a_wrong_sheet_is_named_and_a_missing_column_blocks_the_whole(
    app: FastAPI, clerk: Person
) -> None:
    answer = await sent(clerk, "/imports/check", made((PARTS, []), change=lambda book, _page: _other(book)))
    assert "没有读取的工作表：车辆。" in answer.json()["errors"][0]["sentence"]

    def change(_book: Any, page: Any) -> None:
        page.write_string(0, 5, "何时来的")

    found = await checked(clerk, people(named("王工", "A1"), change=change))
    assert (found["blocked"], rules(found)[""]) == (True, "column-missing")
    answer = await sent(clerk, "/imports", people(named("王工", "A1"), change=change))
    assert refusal(answer)[:2] == (409, "import.blocked")
    assert added(app) == []


def _other(book: Any) -> None:
    book.add_worksheet("车辆").write_string(0, 0, "沪A12345")


async def test_before_a_filing_is_begun_nothing_is_read(operator: Person) -> None:
    assert (await sent(operator, "/imports/check", people(named("王工")))).status_code == 404


@pytest.mark.slow
async def test_the_workbook_is_read_in_a_process_of_its_own(clerk: Person) -> None:
    assert outcomes(await checked(clerk, people(named("王工", "A1")))) == ["new"]


async def test_only_its_managers_import(clerk: Person, http: httpx.AsyncClient) -> None:
    content = people(named("王工", "A1"))
    for stranger in (
        Person(http, "operator", OPERATOR, "technician"),
        Person(http, "enterprise", OPERATOR),
        Person(http, "administrator"),
        Person(http, "regulator", district="310000"),
    ):
        for path in ("/imports", "/imports/check"):
            assert (await sent(stranger, path, content)).status_code == 403, (stranger, path)
        assert (await stranger.get("/import-template")).status_code == 403
    assert (await sent(manager(http, OTHER_OPERATOR), "/imports", content)).status_code == 404
    assert (await clerk.get("/import-template")).status_code == 200
