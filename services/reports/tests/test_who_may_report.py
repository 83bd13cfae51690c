"""Who reads and who writes a report and an exemption, over HTTP: the service asks itself, whatever the gateway has let through."""

import pytest
from report_calls import Person, code_of
from report_samples import DOCUMENT, ENTERPRISE, PDF, SCAN, document

OWN = {"operator", "technician", "quality officer"}
OFFICE = {"district", "reader", "city", "administrator"}
WRITES = {
    "document": {"operator", "technician"},
    "file": {"operator", "technician"},
    "originals": {"operator", "technician"},
    "submission": {"operator"},
    "resubmission": {"operator"},
    "withdrawal": {"operator"},
    "acceptance": {"district", "city"},
    "return": {"district", "city"},
    "reevaluation": {"district", "city"},
}
HIDDEN = (404, "report.missing")
EVERYBODY = (
    "operator", "technician", "quality officer", "another operator", "enterprise", "another enterprise",
    "district", "reader", "another district", "city", "administrator", "security",
)  # fmt: skip
GRANT = {
    "rule": "W-N",
    "enterprise_id": str(ENTERPRISE),
    "first_day": "2026-11-01",
    "last_day": "2026-12-31",
    "reason_code": "site",
    "text": "采样口改造期间无法采集三个水样",
}


def body_of(person: Person, what: str) -> dict[str, object] | None:
    bodies: dict[str, dict[str, object]] = {
        "document": {"document": document(number="LC-9")},
        "file": person.file(PDF),
        "originals": person.file(SCAN, title="又一份"),
        "resubmission": {"answer": "已改正"},
        "withdrawal": {"reason": "选错点位"},
        "acceptance": {"round": 1},
        "return": {"round": 1, "reasons": [{"text": "请补充"}]},
        "reevaluation": {"reason": "复核"},
    }
    return bodies.get(what)


@pytest.mark.parametrize("name", EVERYBODY)
async def test_a_draft_is_its_operators_own_affair(people: dict[str, Person], name: str) -> None:
    report = await people["operator"].drafts()
    answer = await people[name].get(f"/reports/{report}")
    assert answer.status_code == (200 if name in OWN else 403 if name == "security" else 404)


@pytest.mark.parametrize("name", EVERYBODY)
async def test_what_was_handed_in_is_read_by_its_parties_and_their_regulators(
    people: dict[str, Person], name: str
) -> None:
    report = await people["operator"].hands_in()
    answer = await people[name].get(f"/reports/{report}")
    if name in OWN | OFFICE | {"enterprise"}:
        assert answer.status_code == 200
    elif name == "security":
        assert answer.status_code == 403
    else:
        assert code_of(answer) == HIDDEN


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("what", WRITES)
async def test_only_these_write(people: dict[str, Person], what: str, name: str) -> None:
    """Whoever may is refused by the report's state at most; strangers of the same kind do not find it."""
    report = await people["operator"].hands_in()
    person = people[name]
    answer = await person.post(f"/reports/{report}/{what}", body_of(person, what))
    if name in WRITES[what]:
        assert answer.status_code in (202, 409), answer.text
        return
    stranger = {"another operator"} if "operator" in WRITES[what] else {"another district"}
    assert code_of(answer) == HIDDEN if name in stranger else answer.status_code == 403, answer.text
    assert people["operator"].service.types(report)[-1] == "checked"


@pytest.mark.parametrize("name", EVERYBODY)
async def test_only_operators_draft_and_only_where_they_work(people: dict[str, Person], name: str) -> None:
    answer = await people[name].post("/reports", {"document": DOCUMENT})
    expected = 202 if name in ("operator", "technician") else 404 if name == "another operator" else 403
    assert answer.status_code == expected


@pytest.mark.parametrize("name", EVERYBODY)
async def test_reviewers_of_the_district_and_the_city_grant_and_end_exemptions(
    people: dict[str, Person], name: str
) -> None:
    granted = await people["district"].makes("/exemptions", GRANT)
    ending = {"last_day": "2026-11-20", "reason": "改造已完成"}
    answers = [
        await people[name].post("/exemptions", GRANT),
        await people[name].post(f"/exemptions/{granted}/ending", ending),
    ]
    may = name in ("district", "city")
    expected = 202 if may else 404 if name == "another district" else 403
    assert [answer.status_code for answer in answers] == [expected, expected]


@pytest.mark.parametrize("name", EVERYBODY)
async def test_the_lists_are_read_by_all_whom_business_concerns(people: dict[str, Person], name: str) -> None:
    answer = await people[name].get("/options")
    assert answer.status_code == (403 if name == "security" else 200)
