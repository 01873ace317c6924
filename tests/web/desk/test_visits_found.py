"""What a visit found, by the plain form: each is tried for itself; what is refused comes back as it was typed."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bihuan.fieldwork.models import Finding, Visit
from bihuan.kernel.api import new_id
from bihuan.kernel.models import StoredFile
from bihuan.matters.models import Matter
from bihuan.methods.api import install_library
from bihuan.people.api import SYSTEM

from . import seed
from .conftest import SignedIn
from .test_rounds import METHOD
from .test_visits import NEW, opened, send

HAZARDS = "yinhuan-liuding"


def photo(colour: str = "red", name: str = "a.jpg") -> SimpleUploadedFile:
    """Return a small photo."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def form_of(page: Any, form: str) -> dict[str, Any]:
    """Return what a browser would send of a form on a page, ticked boxes and chosen options included."""
    text = page.content.decode()
    text = text[text.index(f'<form id="{form}"') :]
    text = text[: text.index("</form>")]
    given: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name is None or (kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag):
            continue
        if kind is None or kind[1] != "file":
            given.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        given[name] = [chosen[1] if chosen else ""]
    for name, words in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        given[name] = [unescape(words).removeprefix("\n")]
    return given


@pytest.fixture
def closed(town: seed.Town) -> UUID:
    """A matter at building 12 that is closed: nothing can be added to it."""
    known = town.report(12, "三单元的灯不亮，晚上看不清。")
    Matter.objects.filter(pk=known.matter_id).update(is_open=False)
    return known.matter_id


def one_refused(client: Client, closed: UUID, **more: Any) -> Any:
    """Send a visit with three findings, of which the first is to join a matter that is closed."""
    values = opened(client, f"{NEW}&target={seed.building(12)}")
    values |= {
        "c_disputes": "bad",
        "w_disputes": "两家为晾衣吵架。",
        "c_facilities": "bad",
        "w_facilities": "三单元灯不亮。",
    }
    values |= {"w_0": "井盖松动。", "category": f"{METHOD}/safety", "urgency": "urgent"}
    return send(client, values, checked="1", join_disputes=str(closed), **more)


def test_one_refused_finding_keeps_none_of_the_others_back(as_: SignedIn, closed: UUID) -> None:
    answer = one_refused(as_("worker"), closed)
    assert answer.status_code == 422
    assert sorted(Finding.objects.values_list("item", flat=True)) == ["", "facilities"]
    other = Matter.objects.get(text="井盖松动。")
    assert (other.category, other.urgency) == ("safety", "urgent")
    page = answer.content.decode()
    assert "走访已记下。下面的还没有登记" in page
    assert "已经办结" in page
    for finding in Finding.objects.select_related("matter"):
        assert finding.matter.number.rsplit("-", 1)[-1].lstrip("0") in page


def test_what_was_refused_is_sent_again_with_its_photo_and_written_once(as_: SignedIn, closed: UUID) -> None:
    client = as_("worker")
    given = form_of(one_refused(client, closed, photos=photo()), "finding")
    visit = Visit.objects.get()
    assert given["text"] == ["两家为晾衣吵架。"]
    assert given["item"] == ["disputes"]
    assert len(given["kept"]) == 1
    address = f"/desk/visits/{visit.pk}/finding/"
    for _again in range(2):
        assert client.post(address, given).status_code == 302
    assert Finding.objects.count() == 3
    dispute = Finding.objects.get(item="disputes")
    assert not dispute.joined
    assert StoredFile.objects.get().subject_id == dispute.matter_id


def test_the_whole_form_sent_again_writes_nothing_twice(as_: SignedIn, closed: UUID) -> None:
    client = as_("worker")
    values = opened(client, f"{NEW}&target={seed.building(12)}") | {"c_facilities": "bad", "w_facilities": "门禁坏了。"}
    values |= {"c_disputes": "bad", "checked": "1", "join_disputes": str(closed)}
    for _again in range(2):
        assert send(client, values, photos=photo()).status_code == 422
    assert (Visit.objects.count(), Finding.objects.count(), StoredFile.objects.count()) == (1, 1, 1)


def test_several_refused_come_back_together_and_one_may_be_left_out(as_: SignedIn, closed: UUID) -> None:
    client = as_("worker")
    values = opened(client, f"{NEW}&target={seed.building(12)}")
    values |= {"c_facilities": "bad", "w_facilities": "灯不亮。", "c_disputes": "bad", "w_disputes": "两家为晾衣吵架。"}
    joins = {"join_facilities": str(closed), "join_disputes": str(closed), "checked": "1"}
    given = form_of(send(client, values, **joins), "finding")
    assert (given["text"], given["f1-text"]) == (["两家为晾衣吵架。"], ["灯不亮。"])
    assert not Finding.objects.exists()
    address = f"/desk/visits/{Visit.objects.get().pk}/finding/"
    assert client.post(address, given | {"checked": "1", "drop": "on"}).status_code == 302
    assert Finding.objects.get().item == "facilities"


def test_photos_stay_when_the_form_comes_back_for_another_reason(as_: SignedIn) -> None:
    client = as_("worker")
    sent = opened(client) | {"happened_at": "2024-04-05T09:30"}
    given = form_of(send(client, sent, photos=[photo(), photo("blue")]), "visit")
    assert len(given["kept"]) == 2
    assert not Visit.objects.exists()
    first = StoredFile.objects.get(pk=given["kept"][0])
    for key, status in (("worker", 200), ("secretary", 404)):
        assert as_(key).get(f"/photos/{first.pk}/").status_code == status
    given |= {"happened_at": sent["happened_at"].replace("04-05", "04-03"), "kept": given["kept"][1:]}
    assert send(client, given).status_code == 302
    visit = Visit.objects.get()
    assert [str(file.pk) for file in StoredFile.objects.filter(subject_id=visit.pk)] == given["kept"]


def test_a_photo_kept_for_somebody_else_is_not_taken(as_: SignedIn) -> None:
    client = as_("worker")
    given = form_of(send(client, opened(client) | {"happened_at": "x"}, photos=photo()), "visit")
    other = as_("secretary")
    values = opened(other, "/desk/visits/new/?plan=") | {"place": "12", "kept": given["kept"]}
    assert send(other, values).status_code == 302
    assert StoredFile.objects.get().subject_type == "upload"


def test_what_is_no_photo_is_said_and_the_rest_stays(as_: SignedIn) -> None:
    client = as_("worker")
    bad = SimpleUploadedFile("账单.jpg", b"not a photo", "image/jpeg")
    answer = send(client, opened(client) | {"text": "和邻居聊了聊。"}, photos=[photo(), bad])
    assert answer.status_code == 422
    assert "账单.jpg" in answer.content.decode()
    given = form_of(answer, "visit")
    assert len(given["kept"]) == 1
    assert given["text"] == ["和邻居聊了聊。"]


def test_a_hazard_found_besides_goes_by_the_method_of_hazards(as_: SignedIn) -> None:
    client = as_("worker")
    install_library(actor=SYSTEM, area_code="410802", keys=[HAZARDS])
    page = client.get(NEW).content.decode()
    assert '<optgroup label="隐患六定">' in page
    send(client, opened(client), w_0="围墙开裂，快倒了。", category=f"{HAZARDS}/building", urgency="urgent")
    matter = Matter.objects.get()
    assert (matter.version_ref.key, matter.category, matter.urgency) == (HAZARDS, "building", "urgent")


def test_a_hazard_added_later_goes_by_the_method_of_hazards_without_a_kind(as_: SignedIn) -> None:
    client = as_("worker")
    install_library(actor=SYSTEM, area_code="410802", keys=[HAZARDS])
    send(client, opened(client))
    given = {"id": str(new_id()), "item": "", "text": "围墙开裂，快倒了。", "category": f"{HAZARDS}/"}
    assert client.post(f"/desk/visits/{Visit.objects.get().pk}/finding/", given).status_code == 302
    assert Matter.objects.get().version_ref.key == HAZARDS


def test_where_one_method_is_in_use_nobody_is_asked_for_it(as_: SignedIn) -> None:
    assert "<optgroup" not in as_("worker").get("/desk/visits/new/?plan=").content.decode()
