"""What a phone sends for one visit, right in every field."""

import os
import uuid
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image
from qingyuan_cli.seeding.sheets import filled
from qingyuan_standards.days import SHANGHAI

Json = dict[str, Any]


def opening_of(bundle: Json, now: datetime) -> Json:
    return {
        "point_id": bundle["point"]["id"],
        "contract_id": bundle["contract_id"],
        "cycles": [],
        "claimed_at": now.isoformat(),
    }


def patrol_sheet(forms: list[Json], bundle: Json, now: datetime) -> Json:
    medium = bundle["point"]["medium"]
    form = next(form for form in forms if form["content"] == "patrol" and form["medium"] == medium)
    return {
        "sheet_id": str(uuid.uuid4()), "revision_id": str(uuid.uuid4()), "supersedes": [],
        "form": form["form"], "form_version": form["version"], "content": form["content"], "instruments": [],
        "values": filled(form, now.astimezone(SHANGHAI)), "used": [], "claimed_at": now.isoformat(), "reason": None,
    }  # fmt: skip


def picture_of(kind: str = "JPEG") -> bytes:
    """Noise: no two are the same file."""
    held = BytesIO()
    Image.frombytes("RGB", (320, 240), os.urandom(320 * 240 * 3)).save(held, kind)
    return held.getvalue()


def drawn_strokes() -> bytes:
    """A signature's strokes as the pad of the pages writes them."""
    return b'[{"points":[{"x":40,"y":120,"time":0},{"x":240,"y":60,"time":500},{"x":440,"y":90,"time":900}]}]'
