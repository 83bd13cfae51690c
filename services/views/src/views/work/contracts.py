"""Contracts: folded, and saved in sets."""

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

Said = Literal["confirmed", "declined", "ended"]


class Supplement(Part):
    text: str
    files: tuple[FileRef, ...]
    at: Moment
    by: UUID


class Word(Part):
    """What the enterprise said of a contract: confirmed, declined or ended."""

    what: Said
    at: Moment
    by: UUID
    reason: str | None = None


class ContractDetail(Part):
    """`proposed` are the points that the operator named, as long as it was asked for them."""

    particulars: ContractTerms
    files: tuple[FileRef, ...]
    proposed: tuple[UUID, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    words: tuple[Word, ...] = ()
    reminded: tuple[Moment, ...] = ()


async def take_contracts(connection: Connection, told: Sequence[Recorded[Fact]]) -> list[UUID]:
    """Answers with the contracts that were ended."""
    for recorded in told:
        match recorded.fact:
            case facts.ContractSubmitted() | facts.ContractSubmittedV3():
                await save(connection, _SUBMITTED, [_contract_row(recorded, recorded.fact)])
            case facts.ContractSupplemented():
                await _supplement(connection, recorded, recorded.fact)
            case facts.ContractReminded():
                await _remind(connection, recorded, recorded.fact)
            case facts.ContractConfirmed() | facts.ContractDeclined() | facts.ContractEnded():
                await _answer(connection, recorded, recorded.fact)
    return [recorded.fact.contract_id for recorded in told if isinstance(recorded.fact, facts.ContractEnded)]


def _contract_row(recorded: Recorded[Fact], fact: facts.ContractSubmission) -> tuple[Any, ...]:
    what, proposed = _terms(fact)
    detail = ContractDetail(particulars=what, files=fact.files, proposed=proposed)
    return (
        fact.contract_id,
        recorded.version,
        fact.enterprise_id,
        fact.operator_id,
        fact.district,
        what.number,
        what.operator_name,
        what.enterprise_name,
        what.first_day,
        what.last_day,
        recorded.recorded_at,
        fact.replaces if isinstance(fact, facts.ContractSubmittedV3) else None,
        storable(detail.model_dump_json(exclude_none=True)),
    )


def _terms(fact: facts.ContractSubmission) -> tuple[ContractTerms, tuple[UUID, ...]]:
    """What a contract says, and the points that were proposed with it."""
    match fact:
        case facts.ContractSubmittedV3():
            return fact.terms, ()
        case facts.ContractSubmitted():
            said = fact.particulars.model_dump(exclude={"points"})
            return ContractTerms(**said, enterprise_name=""), fact.particulars.points


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
    """What the enterprise said: from its word on the contract opens what it names, or no longer does."""
    state, points, last_day, reason = _said(fact)
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


def _said(
    fact: facts.ContractConfirmed | facts.ContractDeclined | facts.ContractEnded,
) -> tuple[Said, list[UUID] | None, date | None, str | None]:
    """The state it leads to, the points it names, the last day, and why; None: that stays as it was."""
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
