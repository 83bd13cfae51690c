"""Serves the standards that pages and phones use as one document, which changes only when a standard does."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from qingyuan_runtime.domain.bounds import Day
from qingyuan_standards.calendar import CALENDAR
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.dated import settings
from qingyuan_standards.forms import forms
from qingyuan_standards.intervals import INTERVALS
from qingyuan_standards.register_fields import REGISTER_FIELDS
from qingyuan_standards.work_rules import WORK_RULES

from tasks.response_models import Standards
from tasks.shared import policy
from tasks.shared.dependencies import ActorDep, RepositoryDep

router = APIRouter(tags=["标准"])


@router.get("/forms", response_model=Standards, responses={304: {"description": "没有变化"}})
async def read_forms(
    request: Request, repository: RepositoryDep, actor: ActorDep, day: Day | None = None
) -> Response:
    """Forms, what they take from the register, when a sheet counts as work, kinds of work, intervals, settings and calendar of a day (today), under a strong ETag."""
    policy.POLICY.require("read-forms", actor)
    body, etag = document(day or repository.today())
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _tags(if_none_match: str) -> set[str]:
    """The ETags that a client holds; for a GET the weak and the strong form of a tag are equal."""
    return {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}


@lru_cache(maxsize=4)
def document(day: date) -> tuple[bytes, str]:
    """The document that holds on a day, and its ETag."""
    plain = {
        "forms": [form.document for form in forms(day)],
        "contents": [asdict(content) for content in CONTENTS.values()],
        "intervals": [asdict(rule) for rule in INTERVALS if rule.holds_on(day)],
        "settings": {setting.name: setting.value for setting in settings(day)},
        "settings_sources": {
            setting.name: {
                "source": setting.source,
                "confidence": setting.confidence,
                "unit": setting.unit,
            }
            for setting in settings(day)
        },
        "calendar": _calendar(),
        "register_fields": asdict(REGISTER_FIELDS),
        "work_rules": asdict(WORK_RULES),
    }
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()}"'


def _calendar() -> dict[str, Any]:
    return {
        "version": CALENDAR.version,
        "years": sorted(CALENDAR.years),
        "holidays": {str(day): name for day, name in sorted(CALENDAR.holidays.items())},
        "workdays": [str(day) for day in sorted(CALENDAR.workdays)],
    }
