"""`python -m accounts user …`: what an administrator does with accounts on the command line."""

import argparse
import asyncio
import json
import re
import sys
from uuid import UUID

from accounts.account import Account, new_account
from accounts.book import Book
from accounts.names import account_name, problem_with_name
from accounts.opening import open_book
from accounts.policy import problem_with
from accounts.settings import AccountsSettings


class Mistake(Exception):
    """The command line asks for something that cannot be; the message is for the person."""


def run(arguments: list[str], settings: AccountsSettings) -> int:
    try:
        asyncio.run(_run(_parser().parse_args(arguments), settings))
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 1
    return 0


async def _run(asked: argparse.Namespace, settings: AccountsSettings) -> None:
    async with open_book(settings) as (book, _):
        match asked.command:
            case "add":
                await _add(book, asked)
            case "add-many":
                for line in sys.stdin:
                    await _add_from(book, line)
            case "list":
                await _list(book)
            case "lock" | "unlock":
                await book.disable((await _known(book, asked.name)).id, disabled=asked.command == "lock")
            case "password":
                account = await _known(book, asked.name)
                await book.set_password(account.id, _password(account.name, account.label))
            case "name-organisation":
                await book.name_organisation(asked.organisation, asked.name, anew=True)
            case "role":
                await book.set_role((await _known(book, asked.name)).id, asked.role)
            case "end-sessions":
                await book.log_out_everywhere((await _known(book, asked.name)).id)


async def _add_from(book: Book, line: str) -> None:
    """One account as a JSON object with the names of `add` and its password; one that is there is left alone."""
    left_out = {"organisation": None, "organisation_name": None, "district": None, "role": None}
    given = left_out | {"if_missing": True} | json.loads(line)
    given["organisation"] = UUID(given["organisation"]) if given["organisation"] else None
    await _add(book, argparse.Namespace(**given))


async def _add(book: Book, asked: argparse.Namespace) -> None:
    name = account_name(asked.name)
    if why := problem_with_name(name):
        raise Mistake(why)
    if await book.by_name(name):
        if asked.if_missing:
            return
        raise Mistake(f"账户 {name} 已存在。")
    if (asked.kind in ("enterprise", "operator")) != (asked.organisation is not None):
        raise Mistake("企业和运维机构账户必须给出 --organisation，其他账户不能给出。")
    if (asked.kind == "regulator") != (asked.district is not None):
        raise Mistake("监管账户必须给出 --district（全市为 310000），其他账户不能给出。")
    if asked.role and asked.kind != "operator":
        raise Mistake("只有运维机构账户可以给出 --role。")
    account = new_account(name, asked.label, asked.kind, asked.organisation, asked.district, asked.role)
    password = vars(asked).get("password") or _password(name)
    if why := problem_with(password, name, asked.label):
        raise Mistake(why)
    await book.add(account, password)
    if account.organisation:
        await _name(book, account, asked.organisation_name)


async def _name(book: Book, account: Account, name: str | None) -> None:
    """Its organisation is called as is said, or else as its first account is labelled, without a bracket at the end."""
    assert account.organisation
    if name:
        await book.name_organisation(account.organisation, name, anew=True)
    else:
        await book.name_organisation(
            account.organisation, re.sub("（[^）]*）$", "", account.label), anew=False
        )


async def _list(book: Book) -> None:
    for row in await book.all():
        place = row["organisation"] or row["district"] or ""
        state = "停用" if row["disabled"] else "可用"
        sys.stdout.write(f"{row['name']:24} {row['kind']:14} {state}  {place}  {row['label']}\n")


async def _known(book: Book, name: str) -> Account:
    account = await book.by_name(name)
    if account is None:
        raise Mistake(f"没有账户 {name}。")
    return account


def _password(*names: str) -> str:
    """From standard input: an argument would show in the list of processes."""
    password = sys.stdin.readline().rstrip("\n")
    if why := problem_with(password, *names):
        raise Mistake(why)
    return password


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m accounts user")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="make an account; the password comes on standard input")
    add.add_argument("name")
    add.add_argument("--label", required=True)
    add.add_argument(
        "--kind", required=True, choices=["enterprise", "operator", "regulator", "administrator"]
    )
    add.add_argument("--organisation", type=UUID)
    add.add_argument("--organisation-name", help="what the organisation is called; contracts carry it")
    add.add_argument(
        "--role", choices=["manager", "technician"], help="within an operator; manager unless said"
    )
    add.add_argument("--district")
    add.add_argument("--if-missing", action="store_true")
    commands.add_parser("add-many", help="make accounts; a JSON object a line on standard input")
    commands.add_parser("list")
    naming = commands.add_parser("name-organisation", help="what an organisation is called from now on")
    naming.add_argument("organisation", type=UUID)
    naming.add_argument("name")
    role = commands.add_parser("role", help="what an operator's account is within its organisation")
    role.add_argument("name")
    role.add_argument("role", choices=["manager", "technician"])
    for name in ("lock", "unlock", "password", "end-sessions"):
        commands.add_parser(name).add_argument("name")
    return parser
