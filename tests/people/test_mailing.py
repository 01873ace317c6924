"""Being told by e-mail: by choice, to a proven address, without what residents wrote."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, Refused, clock, deliver_due, notify, relay_notices
from bihuan.kernel.models import Notification, OutboxItem
from bihuan.people.api import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    actor_of,
    ask_mail,
    choose_mail,
    confirm_mail,
    mailing_of,
    record_person,
    stop_mail,
)
from bihuan.people.mailing import sweep_codes
from bihuan.people.models import Mailing, User

pytestmark = pytest.mark.django_db
ADDRESS = "sun@example.org"
LINK = "/desk/matters/x/"
PARAMS = {"title": "三楼张大妈家漏水", "number": "电建-2024-0017", "action": "分流"}


@pytest.fixture
def worker() -> Actor:
    load_sample()
    return actor_of(record_person(actor=SYSTEM, name="孙某", role="grid_worker", area_code=COMMUNITY))


def code_for(actor: Actor, address: str = ADDRESS) -> str:
    ask_mail(actor=actor, address=address)
    text = OutboxItem.objects.filter(channel="email", target=address).latest("due_at").payload["text"]
    return re.search(r"\d{6}", text)[0]


def confirmed(actor: Actor) -> Mailing:
    return confirm_mail(actor=actor, code=code_for(actor))


def told(actor: Actor, kind: str = "matter.your_turn") -> None:
    notify(actor.person_id, kind, PARAMS, LINK)
    relay_notices()
    deliver_due()


def test_an_address_is_used_only_after_its_code_came_back(worker: Actor) -> None:
    code = code_for(worker)
    told(worker)
    assert [message.subject for message in mail.outbox] == ["闭环：确认邮箱"]
    confirm_mail(actor=worker, code=code)
    told(worker)
    assert mail.outbox[-1].subject == "闭环：轮到您办"
    assert mail.outbox[-1].to == [ADDRESS]


def test_a_mail_says_what_waits_but_not_what_residents_wrote(worker: Actor) -> None:
    confirmed(worker)
    told(worker)
    body = mail.outbox[-1].body
    assert "电建-2024-0017" in body
    assert LINK in body
    assert "张大妈" not in body + mail.outbox[-1].subject


def test_each_line_is_mailed_once_and_the_outbox_holds_no_address(worker: Actor) -> None:
    confirmed(worker)
    notify(worker.person_id, "matter.your_turn", PARAMS, LINK)
    relay_notices()
    item = OutboxItem.objects.get(channel="notice")
    assert ADDRESS not in f"{item.target}{item.payload}"
    assert "张大妈" not in str(item.payload)
    Notification.objects.update(relayed=False)  # as if the mark had been lost
    relay_notices()
    deliver_due()
    deliver_due()
    assert len([m for m in mail.outbox if m.subject == "闭环：轮到您办"]) == 1
    item.refresh_from_db()
    assert (item.state, item.target, item.payload) == ("sent", "", {})


def test_only_the_kinds_asked_for_are_mailed(worker: Actor) -> None:
    assert confirmed(worker).kinds == ["turn", "card"]
    told(worker, "matter.progress")
    assert len(mail.outbox) == 1  # the code
    choose_mail(actor=worker, kinds=["progress"])
    told(worker, "matter.progress")
    told(worker)
    assert [m.subject for m in mail.outbox[1:]] == ["闭环：有新进展"]
    with pytest.raises(BadInput):
        choose_mail(actor=worker, kinds=["gossip"])


def test_what_was_told_before_the_address_or_read_in_the_site_is_not_mailed(worker: Actor) -> None:
    notify(worker.person_id, "matter.your_turn", PARAMS, LINK, created_at=clock.now() - timedelta(hours=1))
    confirmed(worker)
    notify(worker.person_id, "matter.your_turn", PARAMS, LINK)
    Notification.objects.update(read_at=clock.now())
    relay_notices()
    assert not OutboxItem.objects.filter(channel="notice").exists()


def test_an_address_taken_back_is_not_used_even_for_what_is_on_its_way(worker: Actor) -> None:
    confirmed(worker)
    notify(worker.person_id, "matter.your_turn", PARAMS, LINK)
    relay_notices()
    stop_mail(actor=worker)
    deliver_due()
    assert len(mail.outbox) == 1  # the code alone
    assert mailing_of(worker.person_id) is None
    with pytest.raises(Refused):
        choose_mail(actor=worker, kinds=["turn"])


def test_a_line_erased_on_its_way_is_not_sent(worker: Actor) -> None:
    confirmed(worker)
    notify(worker.person_id, "matter.your_turn", PARAMS, LINK)
    relay_notices()
    Notification.objects.all().delete()
    assert deliver_due().failed == 1


def test_a_code_is_good_for_half_an_hour_and_five_guesses(worker: Actor) -> None:
    code = code_for(worker)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _n in range(5):
        with pytest.raises(BadInput):
            confirm_mail(actor=worker, code=wrong)
    with pytest.raises(Refused):
        confirm_mail(actor=worker, code=code)
    code = code_for(worker, "other@example.org")
    with clock.at(clock.now() + timedelta(minutes=31)), pytest.raises(Refused):
        confirm_mail(actor=worker, code=code)


def test_codes_cannot_be_sent_without_end(worker: Actor) -> None:
    for n in range(5):
        ask_mail(actor=worker, address=f"a{n}@example.org")
    with pytest.raises(Refused):
        ask_mail(actor=worker, address="b@example.org")


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@example.org", "a@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_said_so(worker: Actor, address: str) -> None:
    with pytest.raises(BadInput):
        ask_mail(actor=worker, address=address)


def test_nobody_and_the_system_have_no_mailbox() -> None:
    for actor in (ANONYMOUS, SYSTEM):
        with pytest.raises(PermissionDenied):
            ask_mail(actor=actor, address=ADDRESS)


def test_an_address_never_confirmed_is_forgotten(worker: Actor) -> None:
    code_for(worker)
    now: datetime = clock.now()
    assert sweep_codes(now) == 0
    assert sweep_codes(now + timedelta(minutes=31)) == 1
    row = mailing_of(worker.person_id)
    assert (row.asked_cipher, row.asked_masked, row.code_hash) == (None, "", None)


def test_the_address_is_encrypted_and_shown_masked(worker: Actor) -> None:
    row = confirmed(worker)
    assert ADDRESS.encode() not in bytes(row.address_cipher)
    assert row.address_masked == "s***@example.org"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_leads_from_the_address_to_the_kinds(worker: Actor, language: str) -> None:
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.create(username="sun", person_id=worker.person_id))
    page, url = reverse("desk:me"), reverse("desk:me_mail")
    assert client.post(url, {"do": "ask", "address": "nobody"}).status_code == 422
    assert client.post(url, {"do": "ask", "address": ADDRESS}).status_code == 302
    text = OutboxItem.objects.get(channel="email").payload["text"]
    assert "s***@example.org" in client.get(page).content.decode()
    assert client.post(url, {"do": "confirm", "code": "x"}).status_code == 422
    assert client.post(url, {"do": "confirm", "code": re.search(r"\d{6}", text)[0]}).status_code == 302
    assert client.post(url, {"do": "choose", "kinds": ["card"]}).status_code == 302
    assert mailing_of(worker.person_id).kinds == ["card"]
    assert mailing_of(worker.person_id).language == ("en" if language == "en" else "zh")
    shown = client.get(page)
    assert "no-store" in shown["Cache-Control"]
    assert ADDRESS not in shown.content.decode()
    assert client.post(url, {"do": "nonsense"}).status_code == 302
    assert client.post(url, {"do": "stop"}).status_code == 302
    assert mailing_of(worker.person_id) is None
