"""The public side of an area: its home, its lists, feeds, QR codes and pictures; what stops being public is gone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from PIL import Image

from bihuan.kernel.api import clock, erase
from bihuan.matters.models import Matter
from bihuan.people.api import SYSTEM
from bihuan.web.portal import cards

from .conftest import COMMUNITY, Town
from .test_weight import MOST_BYTES, weigh

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("results", "meetings", "notices", "models", "activities")
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


@pytest.fixture
def settled(town: Town) -> Matter:
    """A matter that the reporter confirmed."""
    matter, token = town.report()
    town.to_asking(matter)
    town.client.post(f"/r/{token}/", {"action": "confirm"})
    matter.refresh_from_db()
    assert not matter.is_open
    return matter


def _entries(path: str) -> list[Any]:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    SCHEMA.assertValid(feed)
    assert sorted(link.get("rel") for link in feed.findall(f"{ATOM}link")) == ["alternate", "self"]
    return list(feed.findall(f"{ATOM}entry"))


@pytest.mark.parametrize("code", [COMMUNITY, "410802004", "410802"])
def test_a_home_shows_what_was_settled_with_its_counts(settled: Matter, code: str) -> None:
    html = Client().get(f"/p/{code}/").content.decode()
    assert settled.title in html
    assert f"/matters/{settled.number}/" in html
    row = html[html.index("本月") : html.index("今年")]
    assert row.count(">1</td>") == 2  # collected and settled
    for kind in FEEDS:
        assert 'type="application/atom+xml" title="' in html
        assert f'href="/p/{code}/{kind}.atom"' in html


def test_a_place_that_there_is_not_has_no_home(town: Town) -> None:
    for code in ("410899", "nonsense", f"{COMMUNITY}012"):
        assert Client().get(f"/p/{code}/").status_code == 404, code
        assert Client().get(f"/p/{code}/results.atom").status_code == 404, code


def test_the_counts_are_kept_for_a_minute(settled: Matter, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.get(f"/p/{COMMUNITY}/")
    with django_assert_max_num_queries(11):
        client.get(f"/p/{COMMUNITY}/")


@pytest.mark.parametrize("path", [f"/p/{COMMUNITY}/", "/p/410802/", f"/p/{COMMUNITY}/results/", "/record/check/"])
def test_a_public_page_weighs_at_most_100_kilobytes(town: Town, settled: Matter, path: str) -> None:
    assert weigh(town, path) <= MOST_BYTES


def test_what_was_settled_is_listed_by_key_the_last_first(town: Town, settled: Matter, monkeypatch: Any) -> None:
    copies = []
    for n in range(24):
        settled.pk, settled.number = clock_id(), f"{COMMUNITY}-2023-{n:04d}"
        settled.title, settled.closed_at = f"第{n:02d}件", clock.now().replace(year=2023, microsecond=n)
        settled.save(force_insert=True)
        copies.append(settled.title)
    seen: list[str] = []
    path = f"/p/{COMMUNITY}/results/"
    while path:
        html = Client().get(path).content.decode()
        seen += [title for title in copies if title in html]
        tail = html.split('rel="next" href="')
        path = f"/p/{COMMUNITY}/results/{tail[1].split(chr(34))[0]}" if len(tail) > 1 else ""
    assert sorted(seen) == copies  # each once
    assert Client().get(f"/p/{COMMUNITY}/results/", {"after": "bent"}).status_code == 302


@pytest.mark.parametrize("code", [COMMUNITY, "410802004", "410802"])
def test_the_list_of_results_walks_its_index_alone(settled: Matter, code: str) -> None:
    """However many matters there are: measured at 100,000, the lists and feeds take what they take at 10,000."""
    level = {6: "district", 9: "street", 12: "community"}[len(code)]
    rows = Matter.objects.filter(public=True, is_open=False, duplicate_of__isnull=True, closed_at__isnull=False)
    rows = rows.filter(**{f"{level}_code": code}).exclude(title="（内容已删除）").order_by("-closed_at", "-id")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # so few rows are read whole otherwise
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plan = rows.only("number")[:21].explain()
    assert f"m_told_{level}" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(f"/p/{code}/results/").status_code == 200
    assert not [one["sql"] for one in captured if "OFFSET" in one["sql"]]


def clock_id() -> Any:
    from bihuan.kernel.api import new_id

    return new_id()


def test_a_reader_of_feeds_understands_every_feed_as_atom(settled: Matter) -> None:
    """Read by a parser that others keep: nothing malformed, Atom 1.0, an instant, an id and a link for each entry."""
    for kind in FEEDS:
        answer = Client().get(f"/p/{COMMUNITY}/{kind}.atom")
        read = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
        assert not read.bozo, (kind, read.get("bozo_exception"))
        assert read.version == "atom10"
        assert read.feed.title
        assert read.feed.id
        assert read.feed.updated_parsed
        assert read.feed.link.endswith("/")
        assert bool(read.entries) == (kind == "results")
        for entry in read.entries:
            assert entry.id
            assert entry.link
            assert entry.title == settled.title
            assert entry.published_parsed
            assert entry.updated_parsed >= entry.published_parsed
            assert Client().get(urlsplit(entry.link).path).status_code == 200


@pytest.mark.parametrize("kind", FEEDS)
def test_every_feed_is_valid_even_when_it_is_empty(town: Town, kind: str) -> None:
    assert _entries(f"/p/{COMMUNITY}/{kind}.atom") == []


def test_a_feed_names_what_was_settled_by_an_id_that_stays(settled: Matter) -> None:
    first, again = (_entries(f"/p/{COMMUNITY}/results.atom") for _ in "ab")
    assert [one.findtext(f"{ATOM}title") for one in first] == [settled.title]
    assert etree.tostring(first[0]) == etree.tostring(again[0])
    Matter.objects.filter(pk=settled.pk).update(title="换了说法", closed_at=clock.now())
    changed = _entries(f"/p/{COMMUNITY}/results.atom")[0]
    assert changed.findtext(f"{ATOM}id") == first[0].findtext(f"{ATOM}id")
    assert changed.findtext(f"{ATOM}updated") > first[0].findtext(f"{ATOM}updated")


def test_a_title_with_markup_stays_text_in_a_feed(settled: Matter) -> None:
    Matter.objects.filter(pk=settled.pk).update(title="灯<b>不</b>亮 & 很暗")
    assert _entries(f"/p/{COMMUNITY}/results.atom")[0].findtext(f"{ATOM}title") == "灯<b>不</b>亮 & 很暗"


def test_a_page_says_what_a_message_shows_of_it(settled: Matter) -> None:
    html = Client().get(f"/matters/{settled.number}/").content.decode()
    assert f'<meta property="og:title" content="{settled.title}">' in html
    assert f'/matters/{settled.number}/card.png">' in html
    assert f'href="/matters/{settled.number}/check/"' in html


@pytest.mark.parametrize("path", [f"/p/{COMMUNITY}/", "/matters/{number}/"])
def test_a_page_has_its_qr_code_and_its_picture(settled: Matter, path: str) -> None:
    path = path.format(number=settled.number)
    code = Client().get(f"{path}qr.svg")
    assert code["Content-Type"] == "image/svg+xml"
    assert code.content.startswith(b"<?xml")
    card = Client().get(f"{path}card.png")
    assert card["Cache-Control"] == "no-cache"
    assert len(card.content) <= cards.MOST_BYTES
    assert Image.open(io.BytesIO(card.content)).size == (1200, 630)


def darkest(image: Image.Image) -> int:
    """The darkest grey of a picture."""
    return next(value for value, count in enumerate(image.histogram()) if count)


def test_the_longest_title_stays_on_its_picture_and_clear_of_the_code() -> None:
    for title in ("电" * 120, "a" * 120, "楼 道 " * 40):
        made = cards.picture("https://example.org/matters/1/", title, "电建社区" * 8, "民生事项", "2024-04-03")
        assert len(made) <= cards.MOST_BYTES
        image = Image.open(io.BytesIO(made)).convert("L")
        margins = (image.crop((0, 20, 40, 630)), image.crop((1160, 20, 1200, 630)), image.crop((0, 600, 1200, 630)))
        for margin in margins:
            assert darkest(margin) > 200, title  # nothing is drawn there


def test_no_word_of_a_title_that_has_room_is_lost_on_its_picture() -> None:
    face = cards.cjk_face()
    assert face is not None, "the machine has no Chinese face (fonts-noto-cjk)"
    title = "三号楼、四号楼、五号楼、六号楼之间的路面坑洼积水，请来修一修。"
    lines = cards.wrapped(title, cards._font(face, 60))
    assert "".join(lines) == title
    assert 1 < len(lines) <= 4
    assert not [line for line in lines if line[0] in "，。、"]


def test_without_a_chinese_face_the_picture_is_the_code_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("https://example.org/", "无字体", "电建社区", "事项", "2024-04-03")
    written = cards.picture.__wrapped__(*given)
    monkeypatch.setattr(cards, "cjk_face", lambda: None)
    alone = cards.picture.__wrapped__(*given)
    assert alone != written
    middle = Image.open(io.BytesIO(alone)).convert("L").crop((450, 165, 750, 465))
    assert darkest(middle) < 60
    assert darkest(Image.open(io.BytesIO(alone)).convert("L").crop((0, 0, 440, 630))) > 200


def test_a_machine_without_fontconfig_has_no_face(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "which", lambda _name: None)
    assert cards.cjk_face.__wrapped__() is None


def test_what_is_private_now_is_gone_from_everywhere_at_once(settled: Matter) -> None:
    client = Client()
    paths = [f"/matters/{settled.number}/{what}" for what in ("", "qr.svg", "card.png", "check/", "proof.json")]
    assert [client.get(path).status_code for path in paths] == [200] * 5
    Matter.objects.filter(pk=settled.pk).update(public=False)
    assert [client.get(path).status_code for path in paths] == [404] * 5
    assert _entries("/p/410802/results.atom") == []
    for path in ("/p/410802/", f"/p/{COMMUNITY}/results/", f"/c/{COMMUNITY}/", "/"):
        assert settled.title not in client.get(path).content.decode(), path
    assert "没有查到" in client.get("/record/check/", {"q": settled.number}).content.decode()


def test_what_was_erased_is_in_no_list_feed_or_picture(settled: Matter) -> None:
    client = Client()
    assert client.get(f"/matters/{settled.number}/card.png").status_code == 200
    erase(actor=SYSTEM.ref(""), subject_type="matter", subject_id=settled.pk)
    assert client.get(f"/matters/{settled.number}/card.png").status_code == 404
    assert "og:image" not in client.get(f"/matters/{settled.number}/").content.decode()
    assert _entries(f"/p/{COMMUNITY}/results.atom") == []
    for path in (f"/p/{COMMUNITY}/", f"/p/{COMMUNITY}/results/", f"/c/{COMMUNITY}/"):
        html = client.get(path).content.decode()
        assert settled.title not in html
        assert settled.number not in html, path
    checked = client.get(f"/matters/{settled.number}/check/").content.decode()
    assert "没有被改动" in checked
    assert "删除不影响" in checked
    assert settled.title not in checked


def test_feeds_pictures_and_homes_name_nobody(town: Town, settled: Matter) -> None:
    names = [person.name for person in town.people.values()]
    for path in (f"/p/{COMMUNITY}/", f"/p/{COMMUNITY}/results.atom", f"/matters/{settled.number}/proof.json"):
        said = Client().get(path).content.decode()
        assert not [name for name in names if name in said], path
        assert not [person for person in town.people.values() if str(person.pk) in said], path
