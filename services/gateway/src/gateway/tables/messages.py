"""The inbox of each account, and what is sent beside it."""

from typing import Final

from gateway.route import EVERY_ROLE, EVERYBODY, OFFICE, UPLOADERS, Answer, Body, Route


def _messages(method: str, path: str, body: Body = "none") -> Route:
    """The own inbox, which administrators of each role have."""
    upstream = f"/messages{path}"
    return Route(method, f"/api{upstream}", "messages", upstream, EVERYBODY, body, roles=EVERY_ROLE)


def _asked_by_page(path: str, answer: Answer) -> Route:
    upstream = f"/messages{path}"
    return Route(
        "GET",
        f"/api{upstream}",
        "messages",
        upstream,
        EVERYBODY,
        answer=answer,
        roles=EVERY_ROLE,
        asked_by_page=True,
    )


ROUTES: Final[tuple[Route, ...]] = (
    _messages("GET", ""),
    _asked_by_page("/count", "whole"),
    _messages("POST", "/read", "json"),
    _asked_by_page("/stream", "events"),
    _messages("GET", "/preferences"),
    _messages("PUT", "/preferences", "json"),
    Route("GET", "/api/messages/texts", "messages", "/messages/texts", OFFICE),
    Route("GET", "/api/messages/failures", "messages", "/messages/failures", OFFICE | UPLOADERS),
)
