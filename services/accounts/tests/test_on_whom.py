"""Each line of the security log says on whom: an account, an organisation, or in words why there is neither."""

import csv
import io
from typing import Any

import pytest
from accounts.security.words import WORDS
from accounts_deeds import ASKED, REFUSED, RENAMED, STRANGE, Walk, walk_in
from accounts_lost_keys import UNKNOWN
from accounts_making import lines
from accounts_wechat import Town
from signature_corpus import NAME, USCC

pytestmark = pytest.mark.servers

ON_WHOM = {
    "logged-in": {"zhou", "chen.jing"},
    "logged-in-by-certificate": {"newcomer", "second"},
    "logged-in-by-wechat": {"zhou"},
    "log-in-failed": {
        "an",
        "newcomer",
        "没有这个账户名",
        "此微信没有绑定可用的账户",
        "单位：改名后的单位",
    },
    "second-step-failed": {"zhou"},
    "locked": {"an", "没有这个账户名"},
    "lock-released": {"an", "登录 没有这个账户名", "邀请码 198.51.100.9"},
    "second-factor-given": {"zhou"},
    "second-factor-failed": {"zhou"},
    "identity-check-failed": {"zhou"},
    "identity-shown-again": {"zhou", "newcomer"},
    "logged-out": {"zhou"},
    "session-ended": {"zhou"},
    "logged-out-everywhere": {"zhou", "an", "newcomer"},
    "password-changed": {"zhou", "an", "newcomer"},
    "account-made": {"li.wei", "chen.jing", "newcomer", "second"},
    "disabled": {"an"},
    "enabled": {"an"},
    "role-manager": {"an", "wang"},
    "role-technician": {"wang"},
    "role-quality_officer": {"wang"},
    "role-signatory": {"an"},
    "role-reviewer": {"office"},
    "role-reader": {"office"},
    "role-system": {"xi-tong"},
    "role-security": {"xi-tong"},
    "role-audit": {"xi-tong"},
    "signs": {"an"},
    "does-not-sign": {"an"},
    "label-changed": {"an"},
    "person-changed": {"wang"},
    "contact-changed": {"zhou"},
    "organisation-renamed": {"单位：改名后的单位"},
    "invited": {"单位：清泉化工"},
    "invitation-withdrawn": {"单位：清泉化工"},
    "invitation-accepted": {"chen.jing"},
    "invitation-refused": {"没有对应的邀请"},
    "factor-added-totp": {"zhou"},
    "factor-removed-totp": {"zhou"},
    "factor-added-webauthn": {"zhou"},
    "factor-removed-webauthn": {"zhou"},
    "factors-reset": {"an"},
    "recovery-codes-renewed": {"zhou"},
    "recovery-code-used": {"zhou"},
    "wechat-bound": {"zhou"},
    "wechat-unbound": {"zhou"},
    "wechat-bindings-ended": {"zhou"},
    "certificate-added": {"newcomer"},
    "certificate-removed": {"newcomer"},
    "certificates-ended": {"newcomer"},
    "certificate-demanded": {"newcomer"},
    "certificate-demand-set": {"单位：改名后的单位"},
    "certificate-demand-ended": {"单位：改名后的单位"},
    "lost-key-asked": {
        "单位：改名后的单位",
        f"统一社会信用代码 {UNKNOWN} 此信用代码在本平台没有登记 申请编号 {STRANGE}",
    },
    "lost-key-code-wrong": {"没有对应的证书丢失申请"},
    "lost-key-refused": {"单位：改名后的单位"},
    "lost-key-reviewed": {"newcomer"},
    "lost-key-approved": {"newcomer"},
    "lost-key-code-renewed": {"newcomer"},
    "lost-key-used": {"newcomer"},
    "data-exported": {"运维记录"},
    "personal-data-read": {"本单位账户名单"},
}
"""Of each word of the log whom the lines of a walk through the service are about. A new word needs a deed and a row."""
Line = dict[str, Any]


@pytest.fixture
async def walk(town: Town) -> Walk:
    return await walk_in(town)


async def logged(walk: Walk, **narrowed: str) -> list[Line]:
    """What an auditor reads, the oldest first."""
    found: list[Line] = []
    after: str | None = ""
    while after is not None:
        page = (await walk.auditor.reads("/security-log", after=after, limit="200", **narrowed)).json()
        found += page["items"]
        after = page["next"]
    return found[::-1]


def on(line: Line) -> str:
    if line["account"]:
        return str(line["account"]["name"])
    if {"why", "address", "path"} & set(line["detail"]):
        return str(line["explanation"])
    return f"单位：{line['organisation_name']}"


def test_every_word_of_the_log_has_somebody_whom_it_is_about() -> None:
    assert set(ON_WHOM) == set(WORDS)


async def test_every_line_says_on_whom(walk: Walk) -> None:
    await walk.everything()
    found: dict[str, set[str]] = {}
    read = await logged(walk)
    for line in read:
        found.setdefault(line["what"], set()).add(on(line))
    assert found == ON_WHOM
    assert len(read) == len(await lines(walk.town.pool))


async def test_the_export_says_it_too(walk: Walk) -> None:
    await walk.everything()
    exported = (await walk.auditor.reads("/security-log.csv")).content.decode("utf-8-sig")
    rows = [(row["对象账户"], row["单位"], row["说明"]) for row in csv.DictReader(io.StringIO(exported))]
    read = [
        ((line["account"] or {}).get("name", ""), line["organisation_name"] or "", line["explanation"])
        for line in await logged(walk)
    ]
    assert rows[::-1] == read
    assert all(any(row) for row in rows)


async def explained(walk: Walk, what: str) -> dict[str, str]:
    return {on(line): line["explanation"] for line in await logged(walk, what=what)}


async def test_a_new_account_comes_with_its_rights_whoever_makes_it(walk: Walk) -> None:
    """A manager, an invitation, a certificate, an administrator."""
    await walk.manages()
    await walk.invites()
    await walk.has_certificates()
    system = await walk.office.administrator("system", "xi-tong-2")
    place = {
        "label": "新厂",
        "organisation": "00000000-0000-0000-0000-0000000000f1",
        "organisation_name": "新厂",
    }
    new = {"kind": "enterprise", "role": "manager"}
    for name, signs in (("signing", True), ("not.signing", False)):
        organisation = f"{place['organisation'][:-1]}{int(signs)}"
        body = place | new | {"name": name, "signs": signs, "organisation": organisation}
        answer = await system.posts("/admin/accounts", body)
        assert answer.status_code == 201, answer.text
    assert await explained(walk, "account-made") == {
        "li.wei": "角色：签字人 有签字权",
        "chen.jing": "角色：签字人 有签字权",
        "newcomer": "角色：机构管理员",
        "second": "角色：运维人员",
        "signing": "角色：机构管理员 有签字权",
        "not.signing": "角色：机构管理员 没有签字权",
    }


async def test_a_new_account_by_a_certificate_has_its_kind_and_its_organisation(walk: Walk) -> None:
    await walk.has_certificates()
    first, _ = await logged(walk, what="account-made")
    assert (first["kind"], first["organisation_name"], first["actor"]) == ("operator", RENAMED, None)


async def test_an_invitation_says_which_and_for_what(walk: Walk) -> None:
    await walk.invites()
    withdrawn, accepted = [line["detail"]["invitation"] for line in await logged(walk, what="invited")]
    assert await explained(walk, "invitation-withdrawn") == {
        "单位：清泉化工": f"角色：签字人 有签字权 邀请编号 {withdrawn}"
    }
    assert await explained(walk, "invitation-accepted") == {"chen.jing": f"邀请编号 {accepted}"}


async def test_what_a_certificate_renames_and_the_command_line_too_is_said_with_both_names(
    walk: Walk,
) -> None:
    await walk.has_certificates()
    [line] = await logged(walk, what="organisation-renamed")
    assert (line["kind"], line["explanation"]) == ("operator", f"原名称：{NAME} 新名称：{RENAMED}")
    organisation, accounts = line["organisation"], walk.town.accounts
    await accounts.name_organisation(organisation, RENAMED, anew=True)
    assert len(await logged(walk, what="organisation-renamed")) == 1, "the same name again is no other one"
    await accounts.name_organisation(organisation, "名" * 1_000, anew=True)
    [_, long] = await logged(walk, what="organisation-renamed")
    assert long["detail"] == {"before": RENAMED, "name": "名" * 200}


async def test_each_step_after_a_lost_key_names_account_and_organisation(walk: Walk) -> None:
    await walk.has_certificates()
    for what, request, kind in (
        ("lost-key-reviewed", ASKED, "operator"),
        ("lost-key-approved", ASKED, "operator"),
        ("lost-key-used", ASKED, "operator"),
        ("lost-key-refused", REFUSED, "operator"),
    ):
        [line] = await logged(walk, what=what)
        assert (line["organisation_name"], line["kind"]) == (RENAMED, kind)
        assert line["explanation"] == f"统一社会信用代码 {USCC} 申请编号 {request}"
        assert what == "lost-key-used" or line["actor"]["name"] in {"sys", "sec"}


async def test_a_role_that_is_given_on_the_command_line_says_whether_it_signs(walk: Walk) -> None:
    an = walk.town.accounts
    account = (await an.by_name("an")).id  # type: ignore[union-attr]
    await an.set_role(account, "manager", signs=True)
    await an.set_role(account, "manager", signs=False)
    assert await lines(walk.town.pool) == ["role-manager", "signs", "role-manager", "does-not-sign"]
