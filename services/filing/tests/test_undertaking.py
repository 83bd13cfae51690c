"""书面承诺: signed by hand for the text that was shown."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from filing.domain.filings.commands import GiveUndertaking
from filing.domain.filings.decider import FILING
from filing_samples import OPERATOR, STORED, begun, signature, undertaking_given
from qingyuan_events.filing import FilingCancelled
from qingyuan_runtime.domain.testing import given


def give(**changed: Any) -> GiveUndertaking:
    command = {
        "version": "2026-1",
        "text": "承诺",
        "shown_version": "2026-1",
        "signature": signature,
        "stored": STORED,
        "blank": frozenset(),
        "by": UUID(int=90),
        "not_before": undertaking_given.not_before,
        "now": undertaking_given.given_at,
    }
    return GiveUndertaking(**{**command, **changed})


def test_the_undertaking_is_signed_once_for_the_text_that_was_shown() -> None:
    known = given(FILING, begun)
    known.when(give()).then(undertaking_given.model_copy(update={"text_sha256": sha256_of("2026-1\n承诺")}))
    known.when(give(shown_version="2025-1")).refused("undertaking.outdated")
    known.when(give(stored=frozenset())).refused("command.invalid", "signature.image", "signature.strokes")
    known.when(give(blank=frozenset({signature.image.sha256}))).refused("command.invalid", "signature.image")
    swapped = signature.model_copy(update={"image": signature.strokes, "strokes": signature.image})
    known.when(give(signature=swapped)).refused("command.invalid", "signature.image", "signature.strokes")
    given(FILING, begun, undertaking_given).when(give()).refused("undertaking.given")


def test_a_second_factor_serves_once_also_where_the_filing_begins_anew() -> None:
    cancelled = FilingCancelled(operator_id=OPERATOR, revoked=False, reason="x")
    anew = given(FILING, begun, undertaking_given, cancelled, begun)
    anew.when(give()).refused("second-factor.used")
    signed = undertaking_given.model_copy(update={"text_sha256": sha256_of("2026-1\n承诺")})
    later = undertaking_given.not_before + timedelta(seconds=1)
    anew.when(give(not_before=later)).then(signed.model_copy(update={"not_before": later}))
    somebody = UUID(int=93)
    anew.when(give(by=somebody)).then(signed.model_copy(update={"by": somebody}))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
