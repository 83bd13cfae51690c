"""Uploads by the tus protocol, and stored files."""

from typing import Final

from gateway.route import EVERYBODY, UPLOADERS, Route

# HEAD must come before GET: Starlette's GET routes accept HEAD as well, but in tus HEAD has a meaning of its own.
ROUTES: Final[tuple[Route, ...]] = (
    Route("OPTIONS", "/api/files/uploads", "files", "/uploads", UPLOADERS),
    Route("POST", "/api/files/uploads", "files", "/uploads", UPLOADERS),
    Route("HEAD", "/api/files/uploads/{upload_id}", "files", "/uploads/{upload_id}", UPLOADERS),
    Route("PATCH", "/api/files/uploads/{upload_id}", "files", "/uploads/{upload_id}", UPLOADERS, "chunk"),
    Route("DELETE", "/api/files/uploads/{upload_id}", "files", "/uploads/{upload_id}", UPLOADERS),
    Route("GET", "/api/files/uploads/{upload_id}", "files", "/uploads/{upload_id}", UPLOADERS),
    Route("GET", "/api/files/visits/{visit_id}/missing", "files", "/visits/{visit_id}/missing", EVERYBODY),
    Route(
        "GET",
        "/api/files/confirmations/{confirmation_id}/missing",
        "files",
        "/confirmations/{confirmation_id}/missing",
        EVERYBODY,
    ),
    Route("POST", "/api/files/evidence", "files", "/evidence", UPLOADERS, "json"),
    Route("GET", "/api/files/{sha256}", "files", "/{sha256}", EVERYBODY, answer="stream"),
    Route("GET", "/api/files/{sha256}/shown", "files", "/{sha256}/shown", EVERYBODY, answer="stream"),
)
