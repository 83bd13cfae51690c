"""Given a fact, these messages: for every rule with the published example of its fact."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from message_facts import ENTERPRISE, EXAMPLES, NOW, OPERATOR, fact, recorded
from messages.deciding import decide, values_of
from messages.message import Audience
from messages.rulebook import EDITIONS, Rule, edition_of
from messages.texts import TEXTS
from qingyuan_events import CATALOG
from qingyuan_runtime.topology import entry_of

RULES = [rule for edition in EDITIONS for rule in edition.rules]
SENT = [sent for edition in EDITIONS for sent in (*edition.rules, *edition.digests)]
FOLLOWED = {f"qingyuan.{owner}" for owner in entry_of("messages").follows}


def name(rule: Rule) -> str:
    return rule.kind


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_every_rule_makes_a_message_of_the_example_of_its_fact(rule: Rule) -> None:
    told = fact(rule.fact)
    assert told.type == rule.fact, "it is read as a newer class, so this rule never matches"
    assert told.topic in FOLLOWED
    made = [message for message in decide(recorded(told), {}).messages if message.kind == rule.kind]
    assert made
    for message in made:
        assert "{" not in message.title + message.text + message.link
        assert message.link.startswith("/")


@pytest.mark.parametrize("text", TEXTS.values(), ids=lambda text: text.kind)
def test_every_text_reads_well_with_its_example(text: object) -> None:
    read = TEXTS[text.kind]  # type: ignore[attr-defined]
    title, body = read.rendered(read.example)
    assert "{" not in title + body
    assert body.endswith("。")
    shown = {place for place in read.example if f"{{{place}}}" in read.title + read.text}
    assert shown == set(read.example), "an example names a place that the text does not show"


def test_every_rule_has_a_text_whose_places_it_fills_and_no_text_is_left_over() -> None:
    assert {sent.kind for sent in SENT} == set(TEXTS)
    for rule in RULES:
        assert set(rule.places) == set(TEXTS[rule.kind].example), rule.kind
        assert values_of(rule, fact(rule.fact)) or not rule.places


def test_what_cannot_be_switched_off_is_sent_and_what_is_offered_is_not_sent_unasked() -> None:
    for sent in SENT:
        assert set(sent.locked) <= set(sent.channels), sent.kind
        assert not set(sent.channels) & set(sent.offered), sent.kind


def test_what_settles_names_kinds_and_facts_that_exist() -> None:
    kinds = {rule.kind: rule for rule in RULES}
    for edition in EDITIONS:
        for settles in edition.settles:
            assert fact(settles.fact).type == settles.fact, (
                "it is read as a newer class, so it settles nothing"
            )
            for kind in settles.kinds:
                topic = CATALOG[kinds[kind].fact].topic
                assert topic == CATALOG[settles.fact].topic, f"{kind} is not of the same stream"
            if settles.subject:
                assert hasattr(fact(settles.fact), settles.subject)


def test_kinds_are_counted_once_in_a_digest() -> None:
    for edition in EDITIONS:
        counted = [kind for digest in edition.digests for kind in digest.of]
        assert sorted(counted) == sorted(rule.kind for rule in edition.rules if rule.how == "digest")


def test_the_same_fact_gives_the_same_ids_and_another_gives_others() -> None:
    told = fact("visit.obstructed.v1")
    first, again = decide(recorded(told), {}), decide(recorded(told), {})
    later = decide(recorded(told, version=2), {})
    assert [m.id for m in first.messages] == [m.id for m in again.messages]
    assert len({m.id for m in (*first.messages, *later.messages)}) == 6


def test_each_assignee_is_told_once() -> None:
    example = EXAMPLES["plan.published.v2"]
    twice = fact("plan.published.v2", assignees=[*example["assignees"], *example["assignees"]])
    accounts = [m.audience.account for m in decide(recorded(twice), {}).messages]
    assert sorted(map(str, accounts)) == sorted({each["account"] for each in example["assignees"]})


def test_a_request_of_an_enterprise_goes_to_the_district_where_it_is() -> None:
    asked = fact("enterprise.change_requested.v1")
    where = {UUID(EXAMPLES["enterprise.change_requested.v1"]["enterprise_id"]): "310118"}
    where |= {getattr(asked, "enterprise_id"): "310113"}  # noqa: B009
    (message,) = decide(recorded(asked), where).messages
    assert message.audience == Audience(district="310113")


def test_rules_hold_from_their_day_on() -> None:
    later = EDITIONS[-1].model_copy(update={"valid_from": date(2026, 11, 25), "rules": ()})
    editions = (*EDITIONS, later)
    told = fact("visit.obstructed.v1")
    assert decide(recorded(told), {}, editions).messages
    assert not decide(recorded(told, at=NOW + timedelta(days=1)), {}, editions).messages
    assert edition_of(date(2019, 12, 31)) is None


def test_no_text_shows_what_somebody_typed_as_a_reason() -> None:
    """Reasons may name people; they stay on the page, where only those see them who may."""
    for rule in RULES:
        assert not {"reason", "what", "text"} & {path.rpartition(".")[2] for path in rule.places.values()}


def told_of(type_: str) -> dict[str, Audience]:
    return {message.kind: message.audience for message in decide(recorded(fact(type_)), {}).messages}


def test_a_report_goes_to_the_reviewers_of_its_district_and_its_review_to_operator_and_enterprise() -> None:
    assert told_of("report.submitted.v1") == {"report.submitted": Audience(district="310118")}
    assert told_of("report.resubmitted.v1") == {"report.resubmitted": Audience(district="310118")}
    managers = Audience(organisation=OPERATOR, roles=("manager",))
    assert told_of("report.returned.v1") == {"report.returned": managers}
    enterprise = Audience(organisation=ENTERPRISE)
    assert told_of("report.accepted.v1") == {
        "report.accepted": managers,
        "report.accepted.enterprise": enterprise,
    }
    assert told_of("exemption.granted.v1") == {"exemption.granted": enterprise}
    assert told_of("report.checked.v1") == told_of("report.drafted.v1") == {}


@pytest.mark.parametrize("done_by", ["report.returned.v1", "report.accepted.v1", "report.withdrawn.v1"])
def test_what_asks_for_a_review_is_settled_by_it(done_by: str) -> None:
    (settled,) = decide(recorded(fact(done_by)), {}).settled
    assert {"report.submitted", "report.resubmitted"} <= set(settled.kinds)


def test_a_new_submission_settles_the_return() -> None:
    (settled,) = decide(recorded(fact("report.resubmitted.v1")), {}).settled
    assert settled.kinds == ("report.returned",)
