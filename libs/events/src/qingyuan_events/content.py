"""The content of a visit, which an enterprise signs, in one canonical form with one hash.

Canonical form: JSON by RFC 8785 for the values used here (objects with sorted keys, no spaces, strings, booleans,
integers, null; no floating numbers), UTF-8, with sheets and photographs sorted by id. Times are UTC with Z.
So anybody who has the text can check with SHA-256 that it is what was signed.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from qingyuan_events.parts import Part, Photo
from qingyuan_events.tasks import BackfillV2, CycleRef, Obstruction, SheetRevisionV3, SignIn, SignOutV2


class VisitContent(Part):
    """All data of a visit except what the server adds later. `sheets` are the revisions that no other one supersedes."""

    format: Literal["qingyuan-visit/1"] = "qingyuan-visit/1"
    visit_id: UUID
    operator_id: UUID
    enterprise_id: UUID
    outlet_id: UUID
    point_id: UUID
    cycles: tuple[CycleRef, ...]
    sign_in: SignIn | None
    sheets: tuple[SheetRevisionV3, ...]
    photos: tuple[Photo, ...]
    sign_out: SignOutV2 | None
    backfill: BackfillV2 | None
    obstruction: Obstruction | None


def heads(revisions: Iterable[SheetRevisionV3]) -> tuple[SheetRevisionV3, ...]:
    """The revisions that no other one supersedes, sorted by sheet and revision."""
    by_id = {revision.revision_id: revision for revision in revisions}
    superseded = {older for revision in by_id.values() for older in revision.supersedes}
    current = [revision for revision in by_id.values() if revision.revision_id not in superseded]
    return tuple(sorted(current, key=lambda revision: (str(revision.sheet_id), str(revision.revision_id))))


def canonical(content: VisitContent) -> bytes:
    """The bytes that are hashed and signed."""
    plain = content.model_dump(mode="json", exclude_none=True)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content: VisitContent) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(content)).hexdigest()
