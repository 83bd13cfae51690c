"""`python -m accounts user …`: administration of accounts on the command line."""

import argparse
import asyncio
import json
import re
import sys
from typing import Final
from uuid import UUID

import asyncpg
from qingyuan_events import ActorKind, ActorRole
from qingyuan_runtime.domain.decider import Invalid
from qingyuan_runtime.edge.policy import ROLES_OF
from qingyuan_runtime.process.chinese import speak_chinese

from accounts.account import Account, new_account
from accounts.names import account_name, problem_with_name
from accounts.opening import open_account_service
from accounts.organisations.organisation_accounts import Rights, require_rights
from accounts.passwords.judging import problem_with
from accounts.service.account_service import AccountService
from accounts.settings import AccountsSettings

ON_ONE_ACCOUNT: Final = {
    "lock": "停用账户",
    "unlock": "恢复账户",
    "password": "设置新密码，从标准输入读取",
    "end-sessions": "结束账户的全部登录",
}

ROLES: Final = sorted({role for roles in ROLES_OF.values() for role in roles})


class Mistake(Exception):
    """The command cannot be carried out; the message is a sentence for the user."""


def run(arguments: list[str], settings: AccountsSettings) -> int:
    speak_chinese()
    try:
        asyncio.run(_run(_parser().parse_args(arguments), settings))
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 1
    return 0


async def _run(arguments: argparse.Namespace, settings: AccountsSettings) -> None:
    async with open_account_service(settings) as (accounts, _):
        match arguments.command:
            case "add":
                await _add(accounts, arguments)
            case "add-many":
                for line in sys.stdin:
                    await _add_from(accounts, line)
            case "list":
                await _list(accounts, as_json=arguments.json)
            case "lock" | "unlock":
                await accounts.disable(
                    (await _existing(accounts, arguments.name)).id, disabled=arguments.command == "lock"
                )
            case "password":
                account = await _existing(accounts, arguments.name)
                await accounts.set_password(account.id, _password(account.name, account.label))
            case "name-organisation":
                await accounts.name_organisation(arguments.organisation, arguments.name, anew=True)
            case "role":
                await _set_role(accounts, arguments)
            case "end-sessions":
                await accounts.log_out_everywhere((await _existing(accounts, arguments.name)).id)


async def _add_from(accounts: AccountService, line: str) -> None:
    """Add an account from a JSON object with the options of `add` and a password. An existing account is not changed."""
    defaults = {
        "organisation": None,
        "organisation_name": None,
        "district": None,
        "role": None,
        "signs": False,
    }
    values = defaults | {"if_missing": True} | json.loads(line)
    values["organisation"] = UUID(values["organisation"]) if values["organisation"] else None
    await _add(accounts, argparse.Namespace(**values))


async def _add(accounts: AccountService, arguments: argparse.Namespace) -> None:
    name = account_name(arguments.name)
    if sentence := problem_with_name(name):
        raise Mistake(sentence)
    if await accounts.by_name(name):
        if arguments.if_missing:
            return
        raise Mistake(f"账户 {name} 已存在。")
    if (arguments.kind in ("enterprise", "operator")) != (arguments.organisation is not None):
        raise Mistake("企业和运维机构账户必须给出 --organisation，其他账户不能给出。")
    if (arguments.kind == "regulator") != (arguments.district is not None):
        raise Mistake("监管账户必须给出 --district（全市为 310000），其他账户不能给出。")
    account = new_account(
        name,
        arguments.label,
        arguments.kind,
        arguments.organisation,
        arguments.district,
        arguments.role,
        signs=arguments.signs,
    )
    _require_rights(account.kind, account.role, signs=account.signs)
    password = vars(arguments).get("password") or _password(name)
    if sentence := problem_with(password, name, arguments.label):
        raise Mistake(sentence)
    await accounts.add(account, password)
    if account.organisation:
        await _name_organisation(accounts, account, arguments.organisation_name)


async def _set_role(accounts: AccountService, arguments: argparse.Namespace) -> None:
    account, signs = (
        await _existing(accounts, arguments.name),
        arguments.signs or arguments.role == "signatory",
    )
    _require_rights(account.kind, arguments.role, signs=signs)
    await accounts.set_role(account.id, arguments.role, signs=signs)


def _require_rights(kind: ActorKind, role: ActorRole, *, signs: bool) -> None:
    try:
        require_rights(kind, Rights(role, signs))
    except Invalid as invalid:
        raise Mistake(invalid.problems[0].sentence) from None


async def _name_organisation(accounts: AccountService, account: Account, name: str | None) -> None:
    """Set the name of the account's organisation; by default the label of its first account without a final bracket."""
    assert account.organisation
    if name:
        await accounts.name_organisation(account.organisation, name, anew=True)
    else:
        short = re.sub("（[^）]*）$", "", account.label)
        await accounts.name_organisation(account.organisation, short, anew=False)


async def _list(accounts: AccountService, *, as_json: bool) -> None:
    for row in await accounts.all():
        sys.stdout.write(f"{_as_json(row) if as_json else _as_line(row)}\n")


def _as_line(row: asyncpg.Record) -> str:
    belongs_to = row["organisation"] or row["district"] or ""
    state = "停用" if row["disabled"] else "可用"
    signs = "签字" if row["signs"] else "－－"
    return f"{row['name']:24} {row['kind']:14} {row['role'] or '':16} {signs}  {state}  {belongs_to}  {row['label']}"


def _as_json(row: asyncpg.Record) -> str:
    shown = ("name", "label", "kind", "role", "signs", "disabled", "district")
    organisation = str(row["organisation"]) if row["organisation"] else None
    return json.dumps(
        {name: row[name] for name in shown} | {"organisation": organisation}, ensure_ascii=False
    )


async def _existing(accounts: AccountService, name: str) -> Account:
    account = await accounts.by_name(name)
    if account is None:
        raise Mistake(f"没有账户 {name}。")
    return account


def _password(*names: str) -> str:
    """Read from standard input, since arguments are visible in the list of processes."""
    password = sys.stdin.readline().rstrip("\n")
    if sentence := problem_with(password, *names):
        raise Mistake(sentence)
    return password


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qingyuan user")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="新建账户，密码从标准输入读取")
    add.add_argument("name")
    add.add_argument("--label", required=True, help="显示的名字")
    add.add_argument(
        "--kind", required=True, choices=["enterprise", "operator", "regulator", "administrator"]
    )
    add.add_argument("--organisation", type=UUID, help="单位的编号")
    add.add_argument("--organisation-name", help="单位名称，合同上显示的就是它")
    add.add_argument("--role", choices=ROLES, help="账户的角色，默认为 manager、reviewer 或 system")
    add.add_argument("--signs", action="store_true", help="排污单位账户：有签字权")
    add.add_argument("--district", help="监管账户：区的代码，全市为 310000")
    add.add_argument("--if-missing", action="store_true", help="已有此账户时什么也不做")
    commands.add_parser("add-many", help="批量新建账户，标准输入每行一个 JSON 对象")
    listing = commands.add_parser("list", help="列出全部账户")
    listing.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    naming = commands.add_parser("name-organisation", help="设置单位名称")
    naming.add_argument("organisation", type=UUID)
    naming.add_argument("name")
    role = commands.add_parser("role", help="设置账户的角色和签字权")
    role.add_argument("name")
    role.add_argument("role", choices=ROLES)
    role.add_argument("--signs", action="store_true", help="排污单位账户：有签字权")
    for name, about in ON_ONE_ACCOUNT.items():
        commands.add_parser(name, help=about).add_argument("name")
    return parser
