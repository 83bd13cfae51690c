"""Everything that the security log has a word for, done once by somebody: a walk through all of the service."""

import time
from dataclasses import dataclass, replace
from uuid import UUID

import httpx
from accounts_certificates import comes_with, of_another, token
from accounts_lost_keys import UNKNOWN, decides, review, sets
from accounts_making import PASSWORD, empty_log
from accounts_office import Asking, Office
from accounts_over_http import ACCOUNTS, FACTORY, KEY, NOW, VENDOR, Person
from accounts_watching import ADD, AUDITOR, SECURITY, SYSTEM, Officer, fails
from accounts_wechat import Town
from factor_calls import SoftKey, begins, enrol_key, enrol_totp
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.tokens.actors import issue
from signature_corpus import USCC

ASKED, REFUSED, STRANGE = (str(UUID(int=each)) for each in (0xB1, 0xB2, 0xB3))
"""Requests after a lost key: of an organisation that is known, of the same again, and of one that nobody knows."""
RENAMED = "改名后的单位"
AN = f"/organisation/accounts/{ACCOUNTS['an'].id}"
LI = {"label": "李", "role": "signatory"}


@dataclass(frozen=True)
class Walk:
    town: Town
    door: Person
    zhou: Person
    wang: Person
    office: Office
    officer: Officer
    auditor: Officer

    async def everything(self) -> None:
        for part in (self.logs_in, self.releases, self.manages, self.invites, self.changes_roles):
            await part()
        for part in (self.has_second_steps, self.has_sessions, self.has_wechat, self.has_certificates):
            await part()
        await self.gives_away()

    async def logs_in(self) -> None:
        assert (await self.door.logs_in("zhou")).status_code == 200
        for name in ("an", "nobody-at-all"):
            await fails({"zhou": self.door}, name)

    async def releases(self) -> None:
        where = {"X-Client-Address": "198.51.100.9"}
        for _ in range(5):
            await self.door.posts("/invitations/check", {"code": "WRONGCODE2"}, **where)
        for lock in (await self.officer.reads("/security/locks")).json()["items"]:
            assert (await self.officer.posts("/security/locks/release", {"id": lock["id"]})).is_success

    async def manages(self) -> None:
        await done(self.zhou.puts(f"{AN}/label", {"label": "二车间"}))
        await done(self.zhou.puts(f"{AN}/role", {"role": "manager", "signs": False}))
        await done(self.zhou.puts(f"{AN}/role", {"role": "signatory", "signs": True}))
        await done(self.zhou.posts("/organisation/accounts", LI | {"name": "li.wei"}))
        await done(self.zhou.posts(f"{AN}/factors/reset", None))
        for locked in (True, False):
            await done(self.zhou.puts(f"{AN}/lock", {"locked": locked}))
        own = f"/organisation/accounts/{ACCOUNTS['wang'].id}/person"
        await done(self.wang.puts(own, {"person": str(UUID(int=0xC1))}))

    async def invites(self) -> None:
        made = (await done(self.zhou.posts("/organisation/invitations", LI))).json()
        await done(self.zhou.deletes(f"/organisation/invitations/{made['id']}"))
        code = (await done(self.zhou.posts("/organisation/invitations", LI))).json()["code"]
        own = {"code": code, "account": "chen.jing", "password": PASSWORD}
        await done(self.door.posts("/invitations/acceptance", own))

    async def changes_roles(self) -> None:
        changes: dict[UUID, tuple[ActorRole, ...]] = {
            ACCOUNTS["wang"].id: ("technician", "quality_officer", "manager"),
            ACCOUNTS["office"].id: ("reader", "reviewer"),
            SYSTEM: ("audit", "security", "system"),
        }
        for account, roles in changes.items():
            for role in roles:
                await self.town.accounts.set_role(account, role, signs=False)

    async def has_second_steps(self) -> None:
        _, codes = await enrol_totp(self.zhou)
        due = await begins(self.door, "zhou")
        wrong = {"step": due["step"], "method": "totp", "code": "000000"}
        assert (await self.door.posts("/session/step", wrong)).status_code == 401
        await done(self.door.posts("/session/step", wrong | {"method": "recovery", "code": codes[0]}))
        await done(self.zhou.posts("/factors/recovery", {"password": PASSWORD}))
        await enrol_key(self.zhou, SoftKey("钥匙"))
        [key] = (await self.zhou.gets("/factors")).json()["webauthn"]
        for factor in (f"webauthn/{key['id']}", "totp"):
            await done(self.zhou.posts(f"/factors/{factor}/removal", {"password": PASSWORD}))

    async def has_sessions(self) -> None:
        await done(self.zhou.gives_second_factor())
        assert (await self.zhou.gives_second_factor("wrong")).status_code == 403
        assert (await self.zhou.posts("/factors/recovery", {"password": "wrong"})).status_code == 422
        await done(self.zhou.puts("/contact", {"email": "zhou@example.org", "mobile": None}))
        token = (await self.door.logs_in("zhou")).json()["token"]
        [session, *_] = [each for each in await self.zhou.sessions(token) if each["current"]]
        await done(self.zhou.ends(session["id"]))
        await done(self.zhou.deletes("/session"))
        await done(self.zhou.deletes("/sessions"))

    async def has_wechat(self) -> None:
        zhou = await self.town.bound("zhou")
        assert (await zhou.logs_in()).status_code == 200
        (binding,) = await zhou.bindings()
        await done(zhou.unbinds(binding["id"]))
        assert (await self.town.stranger().logs_in()).status_code == 409
        await self.town.bound("zhou")
        await self.town.accounts.set_password(ACCOUNTS["zhou"].id, PASSWORD)

    async def has_certificates(self) -> None:
        newcomer = await self.office.enter(self.door)
        stolen = replace(token(), holder=of_another().holder)
        for refused in (stolen, of_another("rsa")):
            assert not (await comes_with(self.door, refused)).is_success
        second = await self.office.enter(self.door, token(name=RENAMED, serial=0x2002))
        for who, name in ((newcomer, "newcomer"), (second, "second")):
            await self.town.pool.execute(_NAMED, who.actor.account, name)
        await done(newcomer.adds(token(serial=0x1002), by=token()))
        own = (await newcomer.gets("/certificates")).json()["items"]
        await done(newcomer.deletes(f"/certificates/{own[1]['id']}"))
        await self.demands(newcomer)
        await self.loses_keys(newcomer)

    async def demands(self, newcomer: Asking) -> None:
        await done(newcomer.posts("/organisation/certificate-demand", {"demanded": True}))
        await self.town.pool.execute(_PASSWORD, newcomer.actor.account, PASSWORD)
        assert (await self.door.logs_in("newcomer")).status_code == 403
        await done(newcomer.posts("/organisation/certificate-demand", {"demanded": False}))

    async def loses_keys(self, newcomer: Asking) -> None:
        system = await self.office.administrator("system", "sys")
        security = await self.office.administrator("security", "sec")
        body = {"name": "王", "contact": "021-5555", "reason": "丢失"}
        for request, uscc in ((ASKED, USCC), (REFUSED, USCC), (STRANGE, UNKNOWN)):
            await done(self.door.posts("/session/lost-key", body | {"id": request, "uscc": uscc}))
        await done(review(system, ASKED, newcomer.actor.account))
        await done(review(system, REFUSED, None))
        await done(decides(security, ASKED))
        code = (await done(decides(security, ASKED))).json()["code"]
        await done(sets(self.door, code))
        assert (await sets(self.door, code)).status_code == 401

    async def gives_away(self) -> None:
        line = {"account": str(AUDITOR), "address": "", "agent": "", "result": "done"}
        lines = [
            line | {"what": "data-exported", "path": "/api/views/visits.xlsx"},
            line | {"what": "personal-data-read", "path": "/api/colleagues"},
        ]
        await done(self.door.posts("/security-log/lines", {"lines": lines}))


async def done(asked: object) -> httpx.Response:
    answer: httpx.Response = await asked  # type: ignore[misc]
    assert answer.is_success, answer.text
    return answer


async def walk_in(town: Town) -> Walk:
    town.clock.now = NOW
    await town.pool.execute(ADD)
    await town.pool.execute(
        "insert into organisations values ($1, '清泉化工'), ($2, '甲运维')", FACTORY, VENDOR
    )
    await empty_log(town.pool)
    door = Person(town.http, ACCOUNTS["office"])
    gateway = issue(Actor(account=UUID(int=0), kind="system"), KEY, now=time.time())
    door.headers["Authorization"] = f"Bearer {gateway}"
    zhou, wang = (Person(town.http, ACCOUNTS[name]) for name in ("zhou", "wang"))
    officers = (Officer(town.http, SECURITY, "security"), Officer(town.http, AUDITOR, "audit"))
    return Walk(town, door, zhou, wang, Office(town.http, town.pool), *officers)


_NAMED = "update accounts set name = $2 where account_id = $1"
_PASSWORD = "update accounts set password = $2 where account_id = $1"
