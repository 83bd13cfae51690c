"""Accounts added on the command line: every accepted name can log in, and every other is refused with a sentence."""

import asyncio
import sys
from collections.abc import AsyncIterator
from io import StringIO

import pytest
from accounts import users
from accounts.http.app import LogInBody
from accounts.names import account_name
from accounts.opening import open_account_service
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings
from accounts_making import make_tables
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import open_pool

pytestmark = pytest.mark.servers

PASSWORD = "correct horse 电池"


@pytest.fixture
async def settings(postgres_server: DatabaseServer) -> AccountsSettings:
    url = await postgres_server.fresh("accounts")
    pool = await open_pool(url, size=1)
    await make_tables(pool)
    await pool.close()
    return AccountsSettings(database_url=url)


@pytest.fixture
async def accounts(settings: AccountsSettings) -> AsyncIterator[AccountService]:
    async with open_account_service(settings) as (accounts, _):
        yield accounts


async def add(settings: AccountsSettings, monkeypatch: pytest.MonkeyPatch, name: str, *more: str) -> int:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{PASSWORD}\n"))
    arguments = ["add", "--label", "张三", "--kind", "administrator", *more, "--", name]
    return await asyncio.to_thread(users.run, arguments, settings)


@pytest.mark.parametrize(
    "typed", ["Zhang", "ＺＨＡＮＧ", "li.wei ", "\u3000王\u200b明", "e\u0301tienne", "DW００９"]
)
async def test_an_added_account_logs_in_with_its_name_as_it_was_typed(
    settings: AccountsSettings, accounts: AccountService, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    assert await add(settings, monkeypatch, typed) == 0
    name = LogInBody(account=typed, password=PASSWORD).account
    session = await accounts.log_in(name, PASSWORD)
    assert session.account.name == account_name(typed) == account_name(name)
    assert await accounts.by_name(typed) == await accounts.by_name(account_name(typed)) is not None
    assert await add(settings, monkeypatch, typed) == 1, "it exists already"
    assert await add(settings, monkeypatch, typed, "--if-missing") == 0


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("li wei", "账户名中不能有空格。"),
        ("li\u3000wei", "账户名中不能有空格。"),
        ("li\twei", "账户名中不能有空格。"),
        (" ", "账户名：必填项，不能为空。"),
        ("\u200b", "账户名：必填项，不能为空。"),
        ("li\x00wei", "账户名：含有不可见的控制字符。"),
        ("l" * 101, "账户名：内容过长，最多 100 个字。"),
    ],
)
async def test_a_name_that_could_not_log_in_is_refused_with_a_sentence(
    settings: AccountsSettings,
    accounts: AccountService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    why: str,
) -> None:
    assert await add(settings, monkeypatch, typed) == 1
    assert capsys.readouterr().err == f"{why}\n"
    assert await accounts.all() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "缺少参数：command"),
        (["add", "zhang"], "缺少参数：--label, --kind"),
        (["add", "zhang", "--label", "张三", "--kind", "king"], "没有 'king' 这一项"),
        (["name-organisation", "x", "名称"], "'x' 的格式不正确"),
        (["list", "--all"], "不认识的参数：--all"),
    ],
)
async def test_a_mistaken_command_line_is_answered_in_chinese(
    settings: AccountsSettings, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit):
        users.run(arguments, settings)
    told = capsys.readouterr().err
    assert sentence in told
    assert told.startswith("用法：")
    assert "error" not in told


ENTERPRISE = ("--kind", "enterprise", "--organisation", "00000000-0000-0000-0000-000000000001")


@pytest.mark.parametrize(
    ("more", "role", "signs"),
    [
        ((), "system", False),
        (("--role", "audit"), "audit", False),
        (("--kind", "regulator", "--district", "310118", "--role", "reader"), "reader", False),
        (ENTERPRISE, "manager", False),
        ((*ENTERPRISE, "--signs"), "manager", True),
        ((*ENTERPRISE, "--role", "signatory"), "signatory", True),
    ],
)
async def test_an_account_is_added_with_a_role_of_its_kind(
    settings: AccountsSettings,
    accounts: AccountService,
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    role: str,
    signs: bool,
) -> None:
    assert await add(settings, monkeypatch, "zhang", *more) == 0
    account = await accounts.by_name("zhang")
    assert account is not None
    assert (account.role, account.signs) == (role, signs)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--role", "manager"), "这类单位没有这个角色。"),
        ((*ENTERPRISE, "--role", "technician"), "这类单位没有这个角色。"),
        (("--signs",), "只有排污单位的账户有签字权。"),
    ],
)
async def test_a_role_of_another_kind_is_refused_with_a_sentence(
    settings: AccountsSettings,
    accounts: AccountService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    why: str,
) -> None:
    assert await add(settings, monkeypatch, "zhang", *more) == 1
    assert capsys.readouterr().err == f"{why}\n"
    assert await accounts.all() == []


async def test_a_role_is_changed_and_a_signature_with_it(
    settings: AccountsSettings, accounts: AccountService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await add(settings, monkeypatch, "zhang", *ENTERPRISE) == 0
    found = []
    for arguments in (["signatory"], ["manager"], ["manager", "--signs"]):
        assert await asyncio.to_thread(users.run, ["role", "zhang", *arguments], settings) == 0
        account = await accounts.by_name("zhang")
        assert account is not None
        found.append((account.role, account.signs))
    assert found == [("signatory", True), ("manager", False), ("manager", True)]
    assert await asyncio.to_thread(users.run, ["role", "zhang", "audit"], settings) == 1
