"""The days of a contract, in whichever version its submission was recorded."""

from datetime import date

from qingyuan_events.tasks import ContractSubmitted, ContractSubmittedV3


def days_of(fact: ContractSubmitted | ContractSubmittedV3) -> tuple[date, date]:
    """The first and the last day, both within."""
    terms = fact.terms if isinstance(fact, ContractSubmittedV3) else fact.particulars
    return terms.first_day, terms.last_day
