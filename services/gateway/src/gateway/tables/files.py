"""Uploads by the tus protocol, and stored files."""

from typing import Final

from gateway.route import AT_WORK, EVERYBODY, UPLOADERS, Body, Route


def _upload(method: str, path: str, body: Body = "none") -> Route:
    return Route(method, f"/api/files{path}", "files", path, UPLOADERS, body, roles=AT_WORK)


# HEAD must come before GET: Starlette's GET routes accept HEAD as well, but in tus HEAD has a meaning of its own.
ROUTES: Final[tuple[Route, ...]] = (
    _upload("OPTIONS", "/uploads"),
    _upload("POST", "/uploads"),
    _upload("HEAD", "/uploads/{upload_id}"),
    _upload("PATCH", "/uploads/{upload_id}", "chunk"),
    _upload("DELETE", "/uploads/{upload_id}"),
    _upload("GET", "/uploads/{upload_id}"),
    Route("GET", "/api/files/visits/{visit_id}/missing", "files", "/visits/{visit_id}/missing", EVERYBODY),
    Route(
        "GET",
        "/api/files/confirmations/{confirmation_id}/missing",
        "files",
        "/confirmations/{confirmation_id}/missing",
        EVERYBODY,
    ),
    _upload("POST", "/evidence", "json"),
    Route("GET", "/api/files/{sha256}", "files", "/{sha256}", EVERYBODY, answer="stream"),
    # A picture comes with the page that shows it, which cannot say whether a person asked.
    Route(
        "GET",
        "/api/files/{sha256}/shown",
        "files",
        "/{sha256}/shown",
        EVERYBODY,
        answer="stream",
        asked_by_page=True,
    ),
)
