"""A signature needs every file of its content to be shown, and events name only stored files."""

import pytest
from confirmation_samples import (
    NOON,
    PHOTO,
    SIGNATURE,
    STORED,
    WANG,
    ZHOU,
    answered,
    disputed,
    requested,
    sign,
    signed,
)
from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.domain.testing import given
from signoff.domain.commands import AnswerDispute, Dispute
from signoff.domain.decider import CONFIRMATION

OTHER = FileRef(sha256="1" * 64, size=1, media_type="image/jpeg")


def test_content_whose_files_are_all_stored_is_signed() -> None:
    given(CONFIRMATION, requested).when(sign(missing=0)).then(signed())


def test_content_with_missing_files_is_not_signed_and_the_refusal_says_how_many() -> None:
    refused = given(CONFIRMATION, requested).when(sign(missing=3))
    refused.refused("evidence.incomplete")
    assert isinstance(refused.refusal, Refused)
    assert "3 个文件的原件尚未上传" in refused.refusal.sentence
    assert refused.refusal.details == {"missing": 3}


def test_content_that_the_files_service_does_not_attest_is_not_signed() -> None:
    given(CONFIRMATION, requested).when(sign(missing=None)).refused("evidence.behind")


@pytest.mark.parametrize("field", ["image", "strokes"])
def test_a_blank_signature_is_refused(field: str) -> None:
    nothing = frozenset({getattr(SIGNATURE, field).sha256})
    given(CONFIRMATION, requested).when(sign(blank=nothing)).refused("command.invalid", f"signature.{field}")


@pytest.mark.parametrize("field", ["image", "strokes"])
def test_a_signature_that_is_not_stored_is_named_by_its_field(field: str) -> None:
    lacking = STORED - {getattr(SIGNATURE, field).sha256}
    given(CONFIRMATION, requested).when(sign(stored=lacking)).refused("command.invalid", f"signature.{field}")
    nothing = given(CONFIRMATION, requested).when(sign(stored=frozenset()))
    nothing.refused("command.invalid", "signature.image", "signature.strokes")


def test_each_photo_of_a_dispute_that_is_not_stored_is_named() -> None:
    two = (PHOTO, OTHER)
    lacking = Dispute(reason="未见更换", photos=two, stored=STORED, by=ZHOU, now=NOON)
    given(CONFIRMATION, requested).when(lacking).refused("command.invalid", "photos.1")
    none = Dispute(reason="未见更换", photos=two, stored=frozenset(), by=ZHOU, now=NOON)
    given(CONFIRMATION, requested).when(none).refused("command.invalid", "photos.0", "photos.1")
    given(CONFIRMATION, requested).when(
        Dispute(reason="未见更换", photos=(PHOTO,), stored=STORED, by=ZHOU, now=NOON)
    ).then(disputed)


def test_each_photo_of_an_answer_that_is_not_stored_is_named() -> None:
    lacking = AnswerDispute(text="见照片", photos=(OTHER, PHOTO), stored=STORED, by=WANG, now=NOON)
    given(CONFIRMATION, requested, disputed).when(lacking).refused("command.invalid", "photos.0")
    fit = AnswerDispute(text="见照片", photos=(PHOTO,), stored=STORED, by=WANG, now=NOON)
    given(CONFIRMATION, requested, disputed).when(fit).then(answered)


def test_a_dispute_is_possible_while_originals_are_missing() -> None:
    """Missing originals may be the reason for the dispute."""
    given(CONFIRMATION, requested).when(
        Dispute(reason="未见更换", photos=(), stored=frozenset(), by=ZHOU, now=NOON)
    ).then(disputed.model_copy(update={"photos": ()}))
