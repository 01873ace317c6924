"""Desk pages of the territory."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.areas.api import doors, find
from bihuan.areas.models import Area
from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.people.api import SYSTEM, record_person
from bihuan.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _as(role: str, area: str = COMMUNITY) -> Client:
    person = record_person(actor=SYSTEM, name="办事人", role=role, area_code=area)
    client = Client()
    client.force_login(User.objects.create(username=str(person.pk), person=person))
    return client


def _upload(text: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("区域.csv", text.encode())}


def test_the_list_shows_ones_own_territory_and_finds_by_code_and_name() -> None:
    client = _as("grid_worker")
    assert "12号楼" in client.get(reverse("desk:areas")).content.decode()
    found = client.get(reverse("desk:areas"), {"q": "４１０８０２００４００４０１２"}).content.decode()
    assert "12号楼" in found
    assert "13号楼" not in found
    assert "12号楼" in client.get(reverse("desk:areas"), {"q": "12号"}).content.decode()
    assert "没有找到" in client.get(reverse("desk:areas"), {"q": "花园街"}).content.decode(), "not one's own"


def test_an_area_elsewhere_is_not_there_and_a_stranger_signs_in_first() -> None:
    url = reverse("desk:area", args=["410802006001"])
    assert _as("secretary").get(url).status_code == 404
    assert _as("district_staff", "410802").get(url).status_code == 200
    assert Client().get(url).status_code == 302
    assert _as("resident").get(reverse("desk:areas")).status_code == 403


def test_the_sheet_has_48_codes_that_lead_to_their_doors_and_no_inline_style() -> None:
    client = _as("grid_worker")
    response = client.get(reverse("desk:doors", args=[COMMUNITY]))
    text = response.content.decode()
    assert text.count('<li class="door-card">') == 48
    assert text.count("扫一扫，反映身边事") == 48
    assert text.count('role="img"') >= 48
    assert "style=" not in text.split("</head>")[1]
    token = find(f"{COMMUNITY}012").door_token
    assert client.get(reverse("portal:door", args=[token])).status_code in {200, 302}


def test_the_drawn_code_is_the_code_of_the_address() -> None:
    import segno

    from bihuan.web.desk.areas import qr

    address = "http://127.0.0.1:8000/d/abcdefghjkmnpqrs/"
    svg = qr(address, "12号楼")
    path = re.search(r'<path d="([^"]+)"', svg)[1]
    dark = {
        (int(y), x)
        for x0, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
        for x in range(int(x0), int(x0) + int(width))
    }
    matrix = segno.make(address, error="m", micro=False).matrix
    assert dark == {(y + 4, x + 4) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert "<script>" not in qr(address, "<script>")


def test_who_may_only_read_cannot_make_or_renew_codes() -> None:
    Area.objects.filter(code=f"{COMMUNITY}001").update(door_token=None)
    worker, secretary = _as("grid_worker"), _as("secretary")
    url = reverse("desk:doors", args=[COMMUNITY])
    assert worker.post(url).status_code == 403
    assert secretary.post(url).status_code == 302
    assert doors(COMMUNITY).filter(door_token__isnull=True).count() == 0
    old = find(f"{COMMUNITY}002").door_token
    renew = reverse("desk:door_renew", args=[f"{COMMUNITY}002"])
    assert worker.post(renew, {"reason": "x"}).status_code == 403
    secretary.post(renew, {"reason": ""})
    assert find(f"{COMMUNITY}002").door_token == old, "a reason is needed"
    secretary.post(renew, {"reason": "被撕毁"})
    assert find(f"{COMMUNITY}002").door_token != old


def test_a_file_is_checked_then_confirmed_without_choosing_it_again() -> None:
    client = _as("secretary")
    url = reverse("desk:area_import")
    page = client.post(url, _upload(f"编码,名称\n{COMMUNITY}049,49号楼\n"))
    assert page.status_code == 200
    assert find(f"{COMMUNITY}049") is None, "not before it is confirmed"
    token = page.context["token"]
    assert _as("secretary").post(url, {"confirm": token}).status_code == 422, "for its owner alone"
    assert client.post(url, {"confirm": token}).status_code == 302
    assert find(f"{COMMUNITY}049").name == "49号楼"
    assert client.post(url, {"confirm": token}).status_code == 422


def test_bad_rows_are_shown_and_cannot_be_confirmed() -> None:
    client = _as("secretary")
    page = client.post(reverse("desk:area_import"), _upload("编码,名称\n410802004005,<b>别处</b>\nabc,x\n"))
    text = page.content.decode()
    assert "管理范围" in text
    assert 'name="confirm"' not in text
    assert "<b>别处" not in text


def test_what_is_no_table_is_told_beside_the_field() -> None:
    client = _as("secretary")
    page = client.post(reverse("desk:area_import"), {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert page.status_code == 422
    assert "不是 Excel" in page.content.decode()
    assert client.post(reverse("desk:area_import"), {}).status_code == 422
    assert _as("grid_worker").get(reverse("desk:area_import")).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_shown_in_both_languages(language: str) -> None:
    client = _as("secretary", "410802")
    client.cookies["django_language"] = language
    for url in (
        reverse("desk:areas"),
        reverse("desk:area_import"),
        reverse("desk:area", args=["410802"]),
        reverse("desk:area", args=[COMMUNITY]),
        reverse("desk:area", args=[f"{COMMUNITY}001"]),
        reverse("desk:doors", args=[COMMUNITY]),
    ):
        assert client.get(url).status_code == 200, url


def test_pages_cost_a_fixed_number_of_statements(django_assert_max_num_queries) -> None:
    client = _as("secretary", "410802")
    for url in (reverse("desk:areas"), reverse("desk:area", args=[COMMUNITY]), reverse("desk:doors", args=[COMMUNITY])):
        with django_assert_max_num_queries(12):
            client.get(url)
