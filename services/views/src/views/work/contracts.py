"""The projection of contracts: folds their facts and saves the rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import tasks as facts
from qingyuan_events.parts import FileRef, Moment, Part
from qingyuan_events.tasks import ContractTerms
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.domain.text import storable

from views.shared.saving import save

AnswerKind = Literal["confirmed", "declined", "ended"]


class Supplement(Part):
    text: str
    files: tuple[FileRef, ...]
    at: Moment
    by: UUID


class Word(Part):
    """An answer of the enterprise to a contract: confirmed, declined or ended."""

    what: AnswerKind
    at: Moment
    by: UUID
    reason: str | None = None


class ContractDetail(Part):
    """`proposed` are the points that the operator named; only contracts of the first version have them."""

    particulars: ContractTerms
    files: tuple[FileRef, ...]
    proposed: tuple[UUID, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    words: tuple[Word, ...] = ()
    reminded: tuple[Moment, ...] = ()


async def apply_contracts(connection: Connection, contract_facts: Sequence[Recorded[Fact]]) -> list[UUID]:
    """Apply these facts to the tables. Returns the contracts that were ended."""
    for recorded in contract_facts:
        match recorded.fact:
            case facts.ContractSubmitted() | facts.ContractSubmittedV3():
                await save(connection, _SUBMITTED, [_contract_row(recorded, recorded.fact)])
            case facts.ContractSupplemented():
                await _supplement(connection, recorded, recorded.fact)
            case facts.ContractReminded():
                await _remind(connection, recorded, recorded.fact)
            case facts.ContractConfirmed() | facts.ContractDeclined() | facts.ContractEnded():
                await _answer(connection, recorded, recorded.fact)
    return [
        recorded.fact.contract_id
        for recorded in contract_facts
        if isinstance(recorded.fact, facts.ContractEnded)
    ]


def _contract_row(recorded: Recorded[Fact], fact: facts.ContractSubmission) -> tuple[Any, ...]:
    terms, proposed = _terms(fact)
    detail = ContractDetail(particulars=terms, files=fact.files, proposed=proposed)
    return (
        fact.contract_id,
        recorded.version,
        fact.enterprise_id,
        fact.operator_id,
        fact.district,
        terms.number,
        terms.operator_name,
        terms.enterprise_name,
        terms.first_day,
        terms.last_day,
        recorded.recorded_at,
        fact.replaces if isinstance(fact, facts.ContractSubmittedV3) else None,
        storable(detail.model_dump_json(exclude_none=True)),
    )


def _terms(fact: facts.ContractSubmission) -> tuple[ContractTerms, tuple[UUID, ...]]:
    """The terms of a contract, and the points that the operator proposed with it."""
    match fact:
        case facts.ContractSubmittedV3():
            return fact.terms, ()
        case facts.ContractSubmitted():
            terms = fact.particulars.model_dump(exclude={"points"})
            return ContractTerms(**terms, enterprise_name=""), fact.particulars.points


async def _supplement(
    connection: Connection, recorded: Recorded[Fact], fact: facts.ContractSupplemented
) -> None:
    detail = await _contract_detail(connection, fact.contract_id)
    added = Supplement(
        text=fact.text, files=fact.files, at=recorded.recorded_at, by=recorded.meta.actor.account
    )
    detail = detail.model_copy(update={"supplements": (*detail.supplements, added)})
    await connection.execute(
        "update contract set version = $2, detail = $3 where id = $1",
        fact.contract_id,
        recorded.version,
        storable(detail.model_dump_json(exclude_none=True)),
    )


async def _remind(connection: Connection, recorded: Recorded[Fact], fact: facts.ContractReminded) -> None:
    detail = await _contract_detail(connection, fact.contract_id)
    detail = detail.model_copy(update={"reminded": (*detail.reminded, fact.reminded_at)})
    await connection.execute(
        "update contract set version = $2, detail = $3, reminders = $4, reminded_at = $5 where id = $1",
        fact.contract_id,
        recorded.version,
        storable(detail.model_dump_json(exclude_none=True)),
        fact.number,
        fact.reminded_at,
    )


async def _answer(
    connection: Connection,
    recorded: Recorded[Fact],
    fact: facts.ContractConfirmed | facts.ContractDeclined | facts.ContractEnded,
) -> None:
    """Save the enterprise's answer: it decides whether the contract is in force, and for which points."""
    state, points, last_day, reason = _effect(fact)
    word = Word(what=state, at=recorded.recorded_at, by=recorded.meta.actor.account, reason=reason)
    detail = await _contract_detail(connection, fact.contract_id)
    detail = detail.model_copy(update={"words": (*detail.words, word)})
    await connection.execute(
        _ANSWERED,
        fact.contract_id,
        recorded.version,
        storable(detail.model_dump_json(exclude_none=True)),
        state,
        points,
        last_day,
    )


def _effect(
    fact: facts.ContractConfirmed | facts.ContractDeclined | facts.ContractEnded,
) -> tuple[AnswerKind, list[UUID] | None, date | None, str | None]:
    """The new state of the contract, its points, its last day, and the reason; points and last day stay if None."""
    match fact:
        case facts.ContractConfirmed():
            return "confirmed", list(fact.points), None, None
        case facts.ContractDeclined():
            return "declined", None, None, fact.reason
        case facts.ContractEnded():
            return "ended", None, fact.last_day, fact.reason


async def _contract_detail(connection: Connection, contract_id: UUID) -> ContractDetail:
    stored = await connection.fetchval("select detail from contract where id = $1", contract_id)
    return ContractDetail.model_validate_json(stored)


_SUBMITTED = """
    insert into contract (id, version, enterprise_id, operator_id, district, number, operator_name, enterprise_name,
        state, points, first_day, last_day, ended_on, submitted, reminders, reminded_at, replaces, detail)
    select id, version, enterprise_id, operator_id, district, number, operator_name, enterprise_name,
           'submitted', '{}', first_day, last_day, null, submitted, 0, null, replaces, detail
      from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::date[], $10::date[], $11::timestamptz[], $12::uuid[], $13::json[]) as new (id, version, enterprise_id, operator_id,
        district, number, operator_name, enterprise_name, first_day, last_day, submitted, replaces, detail)
"""
_ANSWERED = """
    update contract set version = $2, detail = $3, state = $4, points = coalesce($5, points),
           ended_on = coalesce($6, ended_on)
     where id = $1
"""
