"""备案: from a draft to 已备案, through both reviews, with what is returned and what changes afterwards."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from filing.domain.filings.commands import (
    BeginFiling,
    ChangeBasics,
    OpenReview,
    SubmitFiling,
    WithdrawFiling,
)
from filing.domain.filings.decider import FILING
from filing.domain.resources.decider import RESOURCE
from filing.domain.resources.state import ResourceFact, ResourceState
from filing.domain.shared.changes import last_day_to_report
from filing_histories import (
    DEVICE_1,
    DRAFT,
    FILED,
    FIRST_PASSED,
    NO_CERTIFICATE,
    NO_SCAN,
    PASSED_ON,
    PERSON_1,
    SUBMITTED,
    opened,
    review,
    submitted,
)
from filing_samples import (
    DEVICE,
    NAME,
    OPERATOR,
    PERSON,
    REVIEWER,
    SECOND_REVIEWER,
    STORED,
    TODAY,
    VEHICLE,
    added,
    basics,
    begun,
    device,
    lease,
    person,
    vehicle,
)
from qingyuan_events.filing import (
    Filed,
    FilingBasicsChanged,
    FilingFirstReviewPassed,
    FilingFirstReviewReturned,
    FilingSecondReviewPassed,
    FilingSecondReviewReturned,
    FilingWithdrawn,
    Remark,
    ResourceCorrected,
    ResourceEnded,
)
from qingyuan_runtime.domain.testing import given


def resources(*histories: Iterable[ResourceFact]) -> Mapping[UUID, ResourceState]:
    states = (RESOURCE.fold(history) for history in histories)
    return {state.resource_id: state for state in states}


BOTH = resources((added(person, PERSON),), (added(device, DEVICE),))


def submit(now: Mapping[UUID, ResourceState], today: date = TODAY) -> SubmitFiling:
    return SubmitFiling(resources=now, term_months=1, today=today)


def test_a_filing_is_begun_once() -> None:
    begin = BeginFiling(operator_id=OPERATOR, name=NAME)
    given(FILING).when(begin).then(begun)
    given(FILING, begun).when(begin).refused("filing.exists")


def change(**fields: Any) -> ChangeBasics:
    return ChangeBasics(
        basics=basics.model_copy(update=fields),
        legal_representative=None,
        contact=None,
        changed_on=TODAY,
        stored=STORED,
        today=TODAY,
    )


def test_basics_are_checked() -> None:
    known = given(FILING, begun)
    known.when(change(uscc="91130200699229617Y")).refused("command.invalid", "basics.uscc")
    known.when(change(registered_in="310118")).refused("command.invalid", "basics.registered_in")
    known.when(change(scope=())).refused("command.invalid", "basics.scope")
    known.when(change(scope=("other",))).refused("command.invalid", "basics.scope_other")
    known.when(change(staff=-1)).refused("command.invalid", "basics.staff")
    given(FILING, *DRAFT).when(change()).refused("correction.empty")
    given(FILING).when(change()).refused("filing.missing")


def test_a_draft_is_submitted_only_when_it_is_complete() -> None:
    given(FILING, begun).when(submit({})).refused("command.invalid", "basics", "undertaking")
    without = FilingBasicsChanged(
        operator_id=OPERATOR, basics=basics.model_copy(update={"workplace_proof": None}), changed_on=TODAY
    )
    given(FILING, begun, without).when(submit({})).refused(
        "command.invalid", "basics.workplace_proof", "legal_representative", "contact", "undertaking"
    )
    open_paper = device.model_copy(update={"papers": (device.papers[0].model_copy(update={"scan": None}),)})
    given(FILING, *DRAFT).when(submit(resources((added(open_paper, DEVICE),)))).refused(
        "command.invalid", f"resources.{DEVICE}.papers.0.scan"
    )
    not_own = lease.model_copy(update={"holder": "张三"})
    leased = vehicle.model_copy(update={"papers": (vehicle.papers[0], not_own)})
    given(FILING, *DRAFT).when(submit(resources((added(leased, VEHICLE),)))).refused(
        "command.invalid", f"resources.{VEHICLE}.papers.1.holder"
    )


def test_all_that_is_new_is_submitted_once() -> None:
    given(FILING, *DRAFT).when(submit(BOTH)).then(submitted(1, 2, PERSON_1, DEVICE_1))
    given(FILING, *SUBMITTED).when(submit(BOTH)).refused("filing.waiting")
    given(FILING, *FILED).when(submit(BOTH)).refused("submission.empty")


def test_a_reviewer_opens_it_once_and_answers_only_after_that() -> None:
    unopened = given(FILING, *DRAFT, submitted(1, 2, PERSON_1, DEVICE_1))
    unopened.when(OpenReview(number=1, by=REVIEWER)).then(opened(1))
    unopened.when(review("first", 1)).refused("review.unopened")
    given(FILING, *SUBMITTED).when(OpenReview(number=1, by=REVIEWER)).then()
    given(FILING, *SUBMITTED).when(review("first", 1, by=SECOND_REVIEWER)).refused("review.unopened")
    given(FILING, *SUBMITTED).when(review("first", 2)).refused("review.superseded")
    given(FILING, *SUBMITTED).when(review("second", 1)).refused("review.stage")
    given(FILING, *DRAFT).when(review("first", 1)).refused("filing.not-submitted")


def test_the_second_review_is_opened_by_itself() -> None:
    """Who has opened the first has seen the basics, and nothing else."""
    given(FILING, *PASSED_ON).when(review("second", 1)).refused("review.unopened")
    given(FILING, *PASSED_ON).when(OpenReview(number=1, by=REVIEWER)).then(opened(1))


def test_both_reviews_pass_and_it_is_filed() -> None:
    given(FILING, *SUBMITTED).when(review("first", 1)).then(PASSED_ON[-1])
    given(FILING, *FIRST_PASSED).when(review("second", 1)).then(*FILED[-2:])
    state = FILING.fold(FILED)
    assert state.is_filed
    assert state.submission is None


def test_basics_alone_are_filed_by_the_first_review() -> None:
    alone = (*DRAFT, submitted(1, 2), opened(1))
    given(FILING, *alone).when(review("first", 1)).then(
        FilingFirstReviewPassed(operator_id=OPERATOR, number=1, by=REVIEWER),
        Filed(operator_id=OPERATOR, number=1, basics_version=2, resources=(), filed_on=TODAY),
    )


def test_a_return_names_listed_reasons_and_what_was_submitted() -> None:
    known = given(FILING, *SUBMITTED)
    known.when(review("first", 1, NO_SCAN)).then(
        FilingFirstReviewReturned(operator_id=OPERATOR, number=1, by=REVIEWER, remarks=(NO_SCAN,))
    )
    known.when(review("first", 1, passed=False)).refused("command.invalid", "remarks")
    known.when(review("first", 1, NO_SCAN, passed=True)).refused("command.invalid", "remarks")
    unlisted = NO_SCAN.model_copy(update={"reason": "so"})
    known.when(review("first", 1, unlisted)).refused("command.invalid", "remarks.0.reason")
    wordless = Remark(field="business_licence", reason="other")
    known.when(review("first", 1, wordless)).refused("command.invalid", "remarks.0.text")
    known.when(review("first", 1, NO_CERTIFICATE)).refused("command.invalid", "remarks.0.field")
    stranger = NO_CERTIFICATE.model_copy(update={"resource_id": VEHICLE})
    given(FILING, *FIRST_PASSED).when(review("second", 1, stranger)).refused(
        "command.invalid", "remarks.0.resource_id"
    )


def test_only_what_was_returned_or_changed_is_reviewed_again() -> None:
    returned = FilingSecondReviewReturned(
        operator_id=OPERATOR, number=1, by=REVIEWER, remarks=(NO_CERTIFICATE,), passed=(DEVICE_1,)
    )
    given(FILING, *FIRST_PASSED).when(review("second", 1, NO_CERTIFICATE)).then(returned)
    corrected = ResourceCorrected(
        operator_id=OPERATOR,
        resource_id=PERSON,
        particulars=person.model_copy(update={"title": "高级工程师"}),
        changed_on=TODAY,
        reason="补充证书",
    )
    person_2 = PERSON_1.model_copy(update={"version": 2})
    now = resources((added(person, PERSON), corrected), (added(device, DEVICE),))
    given(FILING, *FIRST_PASSED, returned).when(submit(now)).then(submitted(2, None, person_2))
    again = (*FIRST_PASSED, returned, submitted(2, None, person_2), opened(2))
    given(FILING, *again).when(review("second", 2)).then(
        FilingSecondReviewPassed(operator_id=OPERATOR, number=2, by=REVIEWER),
        Filed(
            operator_id=OPERATOR,
            number=2,
            basics_version=2,
            resources=(person_2, DEVICE_1),
            filed_on=TODAY,
        ),
    )


def test_what_passed_is_filed_also_when_what_was_returned_beside_it_has_ended() -> None:
    returned = FilingSecondReviewReturned(
        operator_id=OPERATOR, number=1, by=REVIEWER, remarks=(NO_CERTIFICATE,), passed=(DEVICE_1,)
    )
    left = ResourceEnded(operator_id=OPERATOR, resource_id=PERSON, last_day=TODAY, reason="离职")
    now = resources((added(person, PERSON), left), (added(device, DEVICE),))
    history = (*FIRST_PASSED, returned)
    given(FILING, *history).when(submit(now)).then(submitted(2, None))
    given(FILING, *history, submitted(2, None), opened(2)).when(review("second", 2)).then(
        FilingSecondReviewPassed(operator_id=OPERATOR, number=2, by=REVIEWER),
        Filed(operator_id=OPERATOR, number=2, basics_version=2, resources=(DEVICE_1,), filed_on=TODAY),
    )


def test_a_submission_is_withdrawn_while_it_waits() -> None:
    withdrawn = FilingWithdrawn(operator_id=OPERATOR, number=1)
    given(FILING, *SUBMITTED).when(WithdrawFiling()).then(withdrawn)
    given(FILING, *SUBMITTED, withdrawn).when(WithdrawFiling()).refused("filing.not-submitted")
    given(FILING, *SUBMITTED, withdrawn).when(submit(BOTH)).then(submitted(2, 2, PERSON_1, DEVICE_1))


def test_a_change_after_filing_is_reported_within_its_term() -> None:
    moved = FilingBasicsChanged(
        operator_id=OPERATOR,
        basics=basics.model_copy(update={"address": "别处"}),
        changed_on=date(2026, 10, 24),
    )
    known = given(FILING, *FILED, moved)
    version = len(FILED) + 1
    known.when(submit(BOTH, date(2026, 11, 24))).then(submitted(2, version))
    known.when(submit(BOTH, date(2026, 11, 25))).then(submitted(2, version, late=True))


def test_the_term_ends_on_the_same_day_of_the_month() -> None:
    assert last_day_to_report(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert last_day_to_report(date(2026, 12, 5), 1) == date(2027, 1, 5)


def test_a_draft_that_ended_before_it_was_filed_needs_no_review() -> None:
    ended = ResourceEnded(operator_id=OPERATOR, resource_id=DEVICE, last_day=TODAY, reason="报废")
    now = resources((added(device, DEVICE), ended))
    given(FILING, *DRAFT).when(submit(now)).then(submitted(1, 2))
