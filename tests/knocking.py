"""Requests for every route: right in shape where the shape would hide the owner check, refused by a rule otherwise."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
from gateway.route import Route
from people import Things, key

Json = dict[str, Any]
NOWHERE = {"sha256": "0" * 64, "size": 1, "media_type": "image/jpeg"}
NO_SUCH_VERSION = {"If-Match": '"999999999"'}
"""For commands without a body and those of filings: whoever may send them is refused, since they speak of another version."""
SIGNATURE = {"image": NOWHERE, "strokes": NOWHERE}


def ask(http: httpx.Client, route: Route, things: Things) -> httpx.Response:
    """A request with a body that fits the schema in nothing, where the route takes one."""
    path = re.sub(r"{(\w+)}", lambda found: str(getattr(things, found[1])), route.path)
    query = {"ids": ""} if route.path.endswith("account-labels") else {}
    if route.answer == "events":
        return _beginning(http, path)
    if route.body == "none":
        changes = NO_SUCH_VERSION if route.method == "POST" else {}
        return http.request(route.method, path, params=query, headers=key() | changes)
    if route.body == "upload":
        file = "file" if route.path.startswith("/api/filing/") else "nothing"
        return http.post(path, files={file: ("x.xlsx", b"")}, headers=key())
    changes = NO_SUCH_VERSION if route.path.startswith("/api/filing/") else {}
    return http.request(route.method, path, json=_valid_body(route, things), headers=key() | changes)


def _beginning(http: httpx.Client, path: str) -> httpx.Response:
    """The first part of a response that does not end by itself."""
    with http.stream("GET", path) as answer:
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=next(answer.iter_bytes(), b"")
        )


def _valid_body(route: Route, things: Things) -> Json:
    if route.path.startswith("/api/filing/"):
        return _of_filing(route.path)
    if route.path.startswith("/api/reports/"):
        return _of_report(route.path.rsplit("/", 1)[-1])
    if "{account_id}" in route.path:
        return _of_account(route.path.rsplit("/", 1)[-1])
    if "/visits/" in route.path:
        return _of_visit(route.path.rsplit("/", 1)[-1], things)
    if "/changes/" in route.path or route.path.endswith("/voiding"):
        return {"reason": ""}
    if "/confirmations/" in route.path:
        return _of_confirmation(route.path.rsplit("/", 1)[-1])
    if route.path.endswith(("/confirmation", "/refusal", "/ending")) and "/contracts/" in route.path:
        return _of_contract(route.path.rsplit("/", 1)[-1])
    if route.path.endswith("/supplement"):
        return {"text": "", "files": []}
    if route.path.endswith("/crew"):
        return {"assignees": [], "devices": [], "reason": ""}
    if route.path.endswith("/stopping"):
        return {"last_day": "1900-01-01", "reason": ""}
    if route.path.endswith(("/closing", "/retirement")):
        return {"valid_to": "1900-01-01", "reason": "试"}
    if route.path.endswith("/om-operator"):
        return {"om_operator": "", "valid_from": "1900-01-01"}
    if route.path.endswith("/contact-erasure"):
        return {"wrong": True}
    if "correction" in route.path or "replacement" in route.path:
        return {"particulars": _particulars(route), "valid_from": "1900-01-01", "reason": ""}
    return {"wrong": True}


def _particulars(route: Route) -> Json:
    if "enterprises" in route.path:
        return dict.fromkeys(("name", "uscc", "district", "address", "industry", "permit_number"), "x")
    if "outlets" in route.path:
        return {"code": "x", "name": "x", "medium": "wastewater"}
    if "points" in route.path:
        return {"code": "x", "name": "x", "medium": "wastewater", "factors": []}
    texts = dict.fromkeys(("name", "model", "manufacturer", "outlet_kind"), "x")
    return {"kind": "sampler", "construction": "built", **texts}


def _of_visit(what: str, things: Things) -> Json:
    """Parts that the visit has already with other content, or that no rule lets in."""
    now = datetime.now(UTC).isoformat()
    opening = {
        "point_id": things.work_point_id,
        "contract_id": things.contract_id,
        "cycles": [],
        "claimed_at": now,
    }
    sheet = {
        "sheet_id": str(uuid.uuid4()), "revision_id": str(uuid.uuid4()), "form": "none", "form_version": 1,
        "content": "none", "values": {}, "claimed_at": now,
    }  # fmt: skip
    photo = {"photo_id": things.photo_id, "of": "sign_in", "original": NOWHERE, "taken_at": now}
    parts: dict[str, Json] = {
        "sign-in": {"sign_in": {"claimed_at": now}},
        "sheets": {"sheet": sheet},
        "photos": {"photo": photo},
        "sign-out": {"sign_out": {"claimed_at": now, "sheets": [], "photos": [], "signature": SIGNATURE}},
        "backfill": {"reason_class": "signal", "explanation": "试", "claimed_at": now},
        "obstruction": {"what": "试", "claimed_at": now},
        "abort": {"reason": "试", "claimed_at": now},
    }
    return {"opening": opening} | parts[what]


def _of_filing(path: str) -> Json:
    """A credit code and a plate that none are, a submission that no filing has reached, reasons that are none."""
    what = path.rsplit("/", 1)[-1]
    if path.startswith("/api/filing/credit/"):
        return _of_credit(what)
    if what == "revocation" and "/papers/" not in path:
        return {"reason": ""}
    basics = {
        "name": "x", "uscc": "x", "registered_in": "310000", "registered_capital": "1", "address": "x",
        "scope": ["wastewater"], "projects": 1, "project_amount": "1", "staff": 1,
    }  # fmt: skip
    vehicle = {"particulars": {"kind": "vehicle", "plate": "x", "ownership": "owned"}}
    paper = {"paper_id": str(uuid.uuid4()), "kind": "vehicle_licence"}
    review = {"number": 1_000_000, "passed": True}
    nobodys = {"operator_id": str(uuid.uuid4()), "number": 1_000_000}
    bodies: dict[str, Json] = {
        "basics": {"basics": basics, "changed_on": "1900-01-01"},
        "opening": {"number": 1_000_000},
        "passing": {"stage": "first", "filings": [nobodys]},
        "first-review": review,
        "second-review": review,
        "resources": vehicle | {"changed_on": "1900-01-01"},
        "correction": vehicle | {"changed_on": "1900-01-01", "reason": "试"},
        "papers": {"paper": paper, "changed_on": "1900-01-01"},
        "revocation": {"first_day": "1900-01-01", "reason": "试"},
        "ending": {"last_day": "1900-01-01", "reason": "试"},
        "undertaking": {"version": "x", "signature": SIGNATURE, "second_factor": "x", "evidence": "x"},
    }
    return bodies.get(what, {"reason": ""})


def _of_credit(what: str) -> Json:
    """Titles and contents that are none."""
    document = {
        "kind": "management_rules", "title": "", "edition": "x", "valid_from": "1900-01-01", "points": [],
        "file": NOWHERE,
    }  # fmt: skip
    entry = {
        "entry_id": str(uuid.uuid4()), "kind": "training", "first_day": "2026-01-01", "last_day": "2026-01-01",
        "content": "", "hours": "1",
    }  # fmt: skip
    bodies: dict[str, Json] = {
        "documents": {"document": document},
        "replacement": {"document": document, "reason": ""},
        "plan": {"plan": {"title": "", "file": NOWHERE}},
        "entries": {"entry": entry},
    }
    return bodies.get(what, {"reason": ""})


def _of_report(what: str) -> Json:
    """A document without points, files that nobody attests, reasons that are none."""
    file = {"file": NOWHERE, "evidence": "x"}
    bodies: dict[str, Json] = {
        "document": {"document": {}},
        "file": file,
        "originals": file | {"title": "试"},
        "removal": {"reason": ""},
        "resubmission": {"answer": ""},
        "withdrawal": {"reason": ""},
        "acceptance": {"round": 1},
        "return": {"round": 1, "reasons": []},
        "reevaluation": {"reason": ""},
        "ending": {"last_day": "1900-01-01", "reason": ""},
    }
    return bodies.get(what, {"wrong": True})


def _of_account(what: str) -> Json:
    """What any organisation might ask for one of its accounts; this one is nobody's."""
    bodies: dict[str, Json] = {
        "label": {"label": "试"},
        "role": {"role": "manager"},
        "person": {"person": None},
        "lock": {"locked": True},
    }
    return bodies[what]


def _of_contract(what: str) -> Json:
    """The contract is confirmed and runs: its last day cannot lie in the past."""
    bodies: dict[str, Json] = {
        "confirmation": {"points": []},
        "refusal": {"reason": ""},
        "ending": {"last_day": "1900-01-01", "reason": ""},
    }
    return bodies[what]


def _of_confirmation(what: str) -> Json:
    """The confirmation is disputed: an answer without a word and an escalation without a reason are refused."""
    signature = {
        "content_sha256": "0" * 64,
        "statement_version": "0",
        "signature": SIGNATURE,
        "second_factor": "x",
        "evidence": "x",
    }
    bodies: dict[str, Json] = {
        "opening": {},
        "originals": {"content_sha256": "0" * 64, "evidence": "x"},
        "signature": signature,
        "dispute": {"reason": "", "photos": []},
        "answer": {"text": "", "photos": []},
        "escalation": {"reason": ""},
    }
    return bodies[what]
