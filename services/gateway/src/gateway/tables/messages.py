"""The inbox of each account, and what is sent beside it."""

from typing import Final

from gateway.route import EVERYBODY, OFFICE, UPLOADERS, Answer, Body, Route


def _messages(method: str, path: str, body: Body = "none", answer: Answer = "whole") -> Route:
    return Route(method, f"/api/messages{path}", "messages", f"/messages{path}", EVERYBODY, body, answer)


ROUTES: Final[tuple[Route, ...]] = (
    _messages("GET", ""),
    _messages("GET", "/count"),
    _messages("POST", "/read", "json"),
    _messages("GET", "/stream", answer="events"),
    _messages("GET", "/preferences"),
    _messages("PUT", "/preferences", "json"),
    Route("GET", "/api/messages/texts", "messages", "/messages/texts", OFFICE),
    Route("GET", "/api/messages/failures", "messages", "/messages/failures", OFFICE | UPLOADERS),
)
