"""The people of the demo town, as clients of the running system, and the things each of them owns."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from qingyuan_local.testing import Stack

PEOPLE = {
    "stranger": None,
    "enterprise": "demo-enterprise",
    "signatory": "demo-signatory",
    "another enterprise": "demo-enterprise-3",
    "operator": "demo-operator",
    "technician": "demo-technician",
    "quality officer": "demo-quality",
    "another operator": "demo-operator-2",
    "regulator of the district": "demo-district",
    "reader of the district": "demo-reader",
    "regulator of another district": "demo-district-2",
    "regulator of the city": "demo-city",
    "administrator": "demo-admin",
    "security administrator": "demo-security",
    "audit administrator": "demo-audit",
}


def client(stack: Stack, person: str) -> httpx.Client:
    """A person's browser, logged in unless a stranger."""
    http = httpx.Client(base_url=stack.url, headers={"Origin": stack.url}, timeout=30, trust_env=False)
    account = PEOPLE[person]
    if account:
        answer = http.post("/api/session", json={"account": account, "password": stack.password})
        assert answer.status_code == 200, answer.text
        http.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
    return http


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


@dataclass(frozen=True)
class Things:
    """Ids of one enterprise's things and of its operator, for filling in paths. Those of zeros name nothing."""

    enterprise_id: str
    outlet_id: str
    point_id: str
    instrument_id: str
    contract_id: str
    plan_id: str
    visit_id: str
    work_point_id: str
    photo_id: str
    sha256: str
    operator_id: str
    import_id: str = "00000000-0000-0000-0000-000000000000"
    request_id: str = "00000000-0000-0000-0000-000000000000"
    upload_id: str = "00000000000000000000000000000000"
    binding_id: str = "00000000-0000-0000-0000-000000000000"
    session_id: str = "00000000-0000-0000-0000-000000000000"
    resource_id: str = "00000000-0000-0000-0000-000000000000"
    certificate_id: str = "00000000-0000-0000-0000-000000000000"
    organisation_id: str = "00000000-0000-0000-0000-000000000000"
    paper_id: str = "00000000-0000-0000-0000-000000000000"
    document_id: str = "00000000-0000-0000-0000-000000000000"
    entry_id: str = "00000000-0000-0000-0000-000000000000"
    key_id: str = "00000000-0000-0000-0000-000000000000"
    account_id: str = "00000000-0000-0000-0000-000000000000"
    invitation_id: str = "00000000-0000-0000-0000-000000000000"
    report_id: str = "00000000-0000-0000-0000-000000000000"
    original_id: str = "00000000-0000-0000-0000-000000000000"
    exemption_id: str = "00000000-0000-0000-0000-000000000000"
    year: str = "2026"

    @property
    def confirmation_id(self) -> str:
        return str(uuid.uuid5(uuid.UUID(self.visit_id), "confirmation"))

    @property
    def stream(self) -> str:
        return f"instrument-{self.instrument_id}"


def things_of(http: httpx.Client) -> Things:
    """What the logged-in enterprise has: its first outlet, point and instrument."""
    enterprise = http.get("/api/views/enterprises").json()["items"][0]["id"]
    outlets: list[dict[str, Any]] = http.get(f"/api/views/enterprises/{enterprise}/points").json()["outlets"]
    outlet = next(outlet for outlet in outlets if outlet["particulars"]["code"] == "DW001")
    point = outlet["points"][0]["id"]
    instrument = http.get(f"/api/views/points/{point}/instruments?kind=wastewater_analyser").json()["items"][
        0
    ]["id"]
    return Things(enterprise, outlet["id"], point, instrument, **_work_of(http))


def _work_of(http: httpx.Client) -> dict[str, str]:
    """The enterprise's visit that was disputed, and what hangs together with it."""
    disputed = http.get("/api/views/confirmations?state=disputed").json()["items"][0]
    visit = http.get(f"/api/views/visits/{disputed['visit_id']}").json()
    return {
        "contract_id": visit["opened"]["contract_id"],
        "plan_id": http.get("/api/views/plans").json()["items"][0]["id"],
        "visit_id": visit["id"],
        "work_point_id": visit["point_id"],
        "photo_id": visit["photos"][0]["photo_id"],
        "sha256": visit["photos"][0]["original"]["sha256"],
        "operator_id": visit["operator_id"],
    }
