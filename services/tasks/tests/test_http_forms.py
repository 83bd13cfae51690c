"""`GET /forms`: the standards, and what else a page needs of a day."""

import httpx
from contract_calls import Person, people


async def test_the_standards_are_one_document_that_is_not_sent_again_to_who_has_it(
    http: httpx.AsyncClient,
) -> None:
    for person in people(http, "enterprise", "regulator", "administrator"):
        whole = await person.get("/forms")
        etag = whole.headers["etag"]
        assert whole.status_code == 200
        assert not etag.startswith("W/")
        for known in (etag, f"W/{etag}", f'"other", {etag}'):
            same = await person.get("/forms", **{"If-None-Match": known})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
        assert (await person.get("/forms", **{"If-None-Match": '"other"'})).content == whole.content
    assert (await Person(http, None).get("/forms")).status_code == 401


async def test_the_standards_hold_what_a_page_needs_of_the_day(operator: Person) -> None:
    body = (await operator.get("/forms")).json()
    assert {"patrol", "calibration", "comparison"} <= {content["code"] for content in body["contents"]}
    assert {"WF-WEEK", "VER-M"} <= {interval["rule_id"] for interval in body["intervals"]}
    assert (
        {"fence_radius_m", "clock_tolerance_s"} <= body["settings"].keys() == body["settings_sources"].keys()
    )
    assert body["calendar"]["holidays"]["2026-10-01"] == "国庆节"
    assert "2026-10-10" in body["calendar"]["workdays"]
    assert all({"form", "version", "schema", "layout"} <= form.keys() for form in body["forms"])
    named = body["register_fields"]["forms"]["standard_check"]
    assert named["fields"]["place"]["source"] == "point.name"
    assert body["register_fields"]["factors"]["w01018"]["choice"] == "COD"
    earlier = (await operator.get("/forms?day=2019-01-01")).json()
    assert "WF-WEEK" not in {interval["rule_id"] for interval in earlier["intervals"]}
    assert (await operator.get("/forms?day=tomorrow")).status_code == 422
