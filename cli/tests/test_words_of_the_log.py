"""Whatever the gateway tells the security log has words in Chinese there, so that an auditor reads no paths."""

from accounts.attempts import KINDS
from accounts.security.explaining import GIVEN, LOCKS, explanation, word_of_path
from gateway.routes import ROUTES

VISIT = "00000000-0000-0000-0000-00000000000a"


def test_every_route_that_is_told_has_a_word() -> None:
    told = {word_of_path(route.path) for route in ROUTES if route.audit}
    assert told <= set(GIVEN), "give it a word in accounts/security/explaining.py"
    assert len(set(GIVEN.values())) == len(GIVEN)


def test_every_kind_of_lock_has_a_word() -> None:
    assert set(LOCKS) == set(KINDS.values())


def test_an_explanation_is_in_words_and_keeps_ids() -> None:
    assert explanation({}) == ""
    assert explanation({"of": "log-in"}) == "登录"
    assert explanation({"path": "/api/colleagues"}) == "本单位账户名单"
    assert explanation({"path": f"/api/views/visits/{VISIT}.pdf"}) == f"运维记录单（编号 {VISIT}）"
    assert explanation({"path": f"/api/filing/filings/{VISIT}/people"}) == f"备案人员（编号 {VISIT}）"
    assert explanation({"path": "/api/gone"}) == "/api/gone"
