"""Lists are fetched into the trust folder whole or not at all, and what is believed can be told with its age."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from accounts.certificates.fetching import NotFetched, TrustFetcher
from accounts.certificates.trust import TrustFiles, standing
from accounts.settings import AccountsSettings
from signature_corpus import NOW, authorities

URL = "http://ca.example/list.crl"


@dataclass
class Shelf:
    files: dict[str, bytes] = field(default_factory=dict)

    async def content(self, url: str) -> bytes:
        if url not in self.files:
            raise NotFetched("gone")
        return self.files[url]


@pytest.fixture
def settings(tmp_path: Path) -> AccountsSettings:
    made = authorities("sm2")
    for part, content in (("roots", made.root_der), ("between", made.middle_der)):
        (tmp_path / part).mkdir()
        (tmp_path / part / "x.der").write_bytes(content)
    return AccountsSettings(
        certificate_trust_dir=tmp_path, certificate_demo_roots=True, certificate_list_urls=f"{URL} {URL}2"
    )


async def test_what_was_fetched_is_believed_without_a_restart(settings: AccountsSettings) -> None:
    source, shelf = TrustFiles(settings), Shelf()
    await TrustFetcher(settings, shelf).fetch()
    assert source.trust().lists == []
    shelf.files = dict(zip((URL, f"{URL}2"), authorities("sm2").lists, strict=True))
    await TrustFetcher(settings, shelf).fetch()
    assert len(source.trust().lists) == 2


@pytest.mark.parametrize("bad", [b"", b"<html>504</html>", authorities("sm2").lists[0][:-1]])
async def test_what_is_no_list_leaves_the_one_from_before(settings: AccountsSettings, bad: bytes) -> None:
    shelf = Shelf({URL: authorities("sm2").lists[1]})
    await TrustFetcher(settings, shelf).fetch()
    shelf.files[URL] = bad
    await TrustFetcher(settings, shelf).fetch()
    del shelf.files[URL]
    await TrustFetcher(settings, shelf).fetch()
    assert len(TrustFiles(settings).trust().lists) == 1
    assert settings.certificate_trust_dir
    assert [path.name for path in settings.certificate_trust_dir.glob("*.new")] == []


async def test_standing_tells_the_age_of_each_authoritys_list(settings: AccountsSettings) -> None:
    shelf = Shelf({URL: authorities("sm2").lists[1]})
    await TrustFetcher(settings, shelf).fetch()
    root, between = standing(TrustFiles(settings).trust(), NOW)
    assert (root.is_root, root.is_demo, root.list_made_at, root.list_overdue) == (True, True, None, True)
    assert (between.is_root, between.list_overdue) == (False, False)
    assert between.list_made_at == NOW - timedelta(hours=2)
    assert standing(TrustFiles(settings).trust(), NOW + timedelta(days=2))[1].list_overdue
