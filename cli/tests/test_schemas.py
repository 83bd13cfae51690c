"""Schemas of several services in one document."""

from typing import Any

import pytest
from qingyuan_cli.openapi import merged
from qingyuan_cli.schemas import Collision, merged_schemas, named_by_service, reachable, without_titles

Json = dict[str, Any]


def document(**schemas: Json) -> Json:
    return {"paths": {}, "components": {"schemas": schemas}}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def test_what_differs_bears_the_name_of_its_service_and_is_referred_to_by_it() -> None:
    one = document(Body={"type": "string"}, Holder={"items": ref("Body")})
    other = document(Body={"type": "integer"})
    schemas = merged_schemas(named_by_service({"one": one, "other": other}))
    assert schemas["one.Body"] == {"type": "string"}
    assert schemas["other.Body"] == {"type": "integer"}
    assert schemas["one.Holder"] == {"items": ref("one.Body")}


def test_what_is_alike_in_all_keeps_its_name() -> None:
    same = document(Accepted={"type": "object"})
    assert merged_schemas(named_by_service({"one": same, "other": same})) == {"Accepted": {"type": "object"}}


def test_what_refers_to_something_that_differs_is_not_alike() -> None:
    one = document(List={"items": ref("Row")}, Row={"type": "string"})
    other = document(List={"items": ref("Row")}, Row={"type": "integer"})
    schemas = merged_schemas(named_by_service({"one": one, "other": other}))
    assert schemas["one.List"] == {"items": ref("one.Row")}
    assert schemas["other.List"] == {"items": ref("other.Row")}


def test_copies_of_one_type_become_one_and_another_meaning_is_numbered() -> None:
    copy, other = {"type": "string"}, {"type": "integer"}
    own = document(
        ours__parts__File__1=copy | {"description": "told once"},
        ours__parts__File__2=copy,
        ours__parts__File__3=other,
        ours__parts__Two__1={"items": ref("ours__parts__File__1")},
        ours__parts__Two__2={"items": ref("ours__parts__File__2")},
    )
    assert merged_schemas(named_by_service({"one": own})) == {
        "one.File": copy | {"description": "told once"},
        "one.File2": other,
        "one.Two": {"items": ref("one.File")},
    }


def test_two_schemas_of_one_name_are_refused() -> None:
    with pytest.raises(Collision, match="Body"):
        merged_schemas(
            {"one": document(Body={"type": "string"}), "other": document(Body={"type": "integer"})}
        )


def test_what_nothing_leads_to_is_left_out() -> None:
    schemas = {"Reached": {"items": ref("Below")}, "Below": {}, "Lost": {}}
    assert set(reachable(schemas, {"schema": ref("Reached")})) == {"Reached", "Below"}


def test_titles_that_repeat_a_name_are_left_out_and_a_field_named_title_stays() -> None:
    schema = {"title": "Form", "properties": {"title": {"title": "Title", "type": "string"}}}
    assert without_titles(schema) == {"properties": {"title": {"type": "string"}}}


def test_each_command_is_documented_with_the_body_that_its_own_service_takes() -> None:
    document = merged()
    bodies = {
        path: content["application/json"]["schema"]["$ref"].split("/")[-1]
        for path, item in document["paths"].items()
        if "$ref" in str(content := item.get("post", {}).get("requestBody", {}).get("content", {}))
        and "$ref" in content.get("application/json", {}).get("schema", {})
    }
    assert len(bodies) > 30
    assert {path for path, name in bodies.items() if not path.startswith(f"/api/{name.split('.')[0]}/")} == {
        "/api/session", "/api/password", "/api/second-factor",
    }  # fmt: skip
    opening = document["components"]["schemas"]["signoff.OpeningBody"]
    assert opening.get("properties", {}) == {}, "not the opening of a visit, which has a point"
    assert "point_id" in document["components"]["schemas"]["tasks.OpeningBody"]["properties"]
