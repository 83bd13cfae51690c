"""What the signoff service consists of: the only place where its parts meet."""

from fastapi import FastAPI
from qingyuan_events.signoff import SignoffFact
from qingyuan_events.tasks import TasksFact
from qingyuan_runtime.assembly.followers import Followers, Reaction, Timers
from qingyuan_runtime.assembly.log_service import LogService, ServiceContext, no_adapters, no_fakes

from signoff import deadlines, reactions
from signoff.http import build_app
from signoff.repository import Repository
from signoff.settings import SignoffSettings


def edge(on: ServiceContext, _: None) -> FastAPI:
    return build_app(Repository(on.store, on.clock, on.trusted), trusted=on.trusted, ready=on.ready)


def followers(settings: SignoffSettings) -> Followers:
    """The reaction to visits, and the deadlines, which follow from the service's own log."""
    return {
        "reaction": Reaction(
            reactions.NAME,
            reactions.SCHEMA,
            TasksFact.topic,
            settings,
            settings.tasks_database_url,
            reactions.reaction,
            reactions.withdrawal,
        ),
        deadlines.NAME: Timers(
            deadlines.projection(), settings, settings.database_url, when_due=deadlines.when_due
        ),
    }


SERVICE = LogService(
    package="signoff",
    facts=SignoffFact,
    settings=SignoffSettings,
    edge=edge,
    adapters=no_adapters,
    fakes=no_fakes,
    followers=followers,
)
