"""Uploads by tus, and what was uploaded."""

from typing import Final

from gateway.route import EVERYBODY, UPLOADERS, Route

# HEAD stands before GET: Starlette lets a GET answer to HEAD as well, and tus means something else by it.
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
