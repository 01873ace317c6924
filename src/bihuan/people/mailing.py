"""Being told by e-mail what the bell says: asked for by oneself, to an address that was proven, as it pleases.

Nothing that residents wrote goes into a mail: it says what kind of thing waits and under which number, and links to the
page. The outbox holds neither address nor text, only which line of whose bell; both are looked up at delivery, so
that an address taken back, or a line erased meanwhile, is not used.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.kernel.api import (
    NOTICE_GROUPS,
    BadInput,
    Delivery,
    PermanentFailure,
    Problem,
    Refused,
    clock,
    deliver_by,
    enqueue,
    hit,
    keyed_hash,
    new_id,
    notice_group,
    notice_outside,
    withdraw,
)
from bihuan.kernel.models import Notification
from bihuan.people import ciphers
from bihuan.people.actor import Actor
from bihuan.people.models import Mailing

CHANNEL = "notice"  # the target is a person's id, the payload a line of their bell
CODE_FOR = timedelta(minutes=30)
MOST_TRIES = 5


def mailing_of(person_id: UUID) -> Mailing | None:
    """Return how a person wants to be told by e-mail, if they ever said."""
    return Mailing.objects.filter(pk=person_id).first()


def ask_mail(*, actor: Actor, address: str) -> None:
    """Send a code to an address; ``confirm_mail`` with it makes the address the actor's own.

    Raises:
        PermissionDenied: when nobody is signed in.
        BadInput: no e-mail address. Refused: asked too often.
    """
    person_id = _oneself(actor)
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput(Problem("address", _("不是有效的邮箱地址"), _("请核对，如 zhang@example.org"))) from error
    if len(address) > 254:
        raise BadInput(Problem("address", _("邮箱地址太长"), _("最多 254 个字符")))
    once = (hit("mail-code", person_id.hex, 5, 3600), hit("mail-code-to", address.casefold(), 5, 86400))
    if not all(decision.allowed for decision in once):
        raise Refused(Problem("address", _("确认码发得太多了"), _("请过一小时再试，或换一个邮箱")))
    code = f"{secrets.randbelow(10**6):06d}"
    now = clock.now()
    with transaction.atomic():
        Mailing.objects.update_or_create(
            person_id=person_id,
            defaults={
                "asked_cipher": ciphers.encrypt(ciphers.MAIL, address),
                "asked_masked": ciphers.mask_mail(address),
                "code_hash": _code_hash(person_id, code),
                "code_until": now + CODE_FOR,
                "code_tries": 0,
                "language": actor.language,
            },
        )
        text = _("您的确认码是 %(code)s，30 分钟内有效。如果不是您本人在闭环填写了邮箱，请不要理会。") % {"code": code}
        enqueue(
            "email", address, {"subject": _("闭环：确认邮箱"), "text": text}, f"mail-code:{new_id()}",
            due_at=now, expires_at=now + CODE_FOR,
        )  # fmt: skip


def confirm_mail(*, actor: Actor, code: str) -> Mailing:
    """Take a code that came back: from now on the address is used, for everything but news until told otherwise.

    Raises:
        PermissionDenied: when nobody is signed in.
        BadInput: another code. Refused: none was asked for, it is too old, or it was guessed at too often.
    """
    person_id = _oneself(actor)
    with transaction.atomic():
        row = Mailing.objects.select_for_update().filter(pk=person_id).first()
        now = clock.now()
        stale = row is None or row.code_hash is None or row.code_until is None or row.code_until < now
        if row is None or stale or row.code_tries >= MOST_TRIES:
            raise Refused(Problem("code", _("确认码已失效"), _("请重新填写邮箱，再发一次")))
        row.code_tries += 1
        typed = "".join(code.split())
        right = secrets.compare_digest(bytes(row.code_hash or b""), _code_hash(person_id, typed))
        if right:
            first = row.confirmed_at is None
            row.address_cipher, row.address_masked, row.confirmed_at = row.asked_cipher, row.asked_masked, now
            row.kinds = ["turn", "card"] if first else row.kinds
            _forget_code(row)
        row.save()
    if not right:  # counted first: what is raised inside would take the count back
        raise BadInput(Problem("code", _("确认码不对"), _("请核对邮件里的 6 位数字")))
    return row


def choose_mail(*, actor: Actor, kinds: Iterable[str]) -> None:
    """Set which kinds of lines the actor is told by e-mail.

    Raises:
        PermissionDenied: when nobody is signed in.
        BadInput: an unknown kind. Refused: no address was confirmed.
    """
    person_id = _oneself(actor)
    wanted = set(kinds)
    if wanted - set(NOTICE_GROUPS):
        raise BadInput(Problem("kinds", _("没有这种通知"), _("请在列出的几种中选择")))
    chosen = [kind for kind in NOTICE_GROUPS if kind in wanted]
    mine = Mailing.objects.filter(pk=person_id, confirmed_at__isnull=False)
    if not mine.update(kinds=chosen, language=actor.language):
        raise Refused(Problem("", _("还没有确认邮箱"), _("请先填写邮箱并输入确认码")))


def stop_mail(*, actor: Actor) -> None:
    """Forget the actor's address, confirmed or not, and what was on its way to it."""
    forget_mailing(_oneself(actor))


def forget_mailing(person_id: UUID) -> None:
    """Delete a person's address and what the outbox holds for them."""
    with transaction.atomic():
        Mailing.objects.filter(pk=person_id).delete()
        withdraw(CHANNEL, person_id.hex)


def _oneself(actor: Actor) -> UUID:
    if actor.kind != "person" or actor.person_id is None:
        raise PermissionDenied(_("请先登录"))
    return actor.person_id


def _code_hash(person_id: UUID, code: str) -> bytes:
    return keyed_hash("people.mail-code", person_id.bytes + code.encode())


def _forget_code(row: Mailing) -> None:
    row.asked_cipher, row.asked_masked, row.code_hash, row.code_until, row.code_tries = None, "", None, None, 0


def sweep_codes(now: datetime | None = None) -> int:
    """Forget addresses whose codes never came back; returns how many."""
    return Mailing.objects.filter(code_until__lt=now or clock.now()).update(
        asked_cipher=None, asked_masked="", code_hash=None, code_until=None, code_tries=0
    )


def relay(lines: Sequence[Notification]) -> None:
    """Enqueue one mail for each new line that its person wants by e-mail; in the relay's transaction."""
    wanted = {row.pk: row for row in Mailing.objects.filter(pk__in={line.person_id for line in lines})}
    for line in lines:
        row = wanted.get(line.person_id)
        if row is None or row.confirmed_at is None or line.created_at < row.confirmed_at or line.read_at is not None:
            continue
        if notice_group(line.kind) in row.kinds:
            enqueue(CHANNEL, line.person_id.hex, {"notice": line.pk.hex}, f"notice:{line.pk.hex}:mail")


def deliver(item: Delivery) -> None:
    """Send one line of a bell by e-mail: address and text are looked up now.

    Raises:
        PermanentFailure: when the line was erased or the address taken back. Whatever the channel "email" raises.
    """
    line = Notification.objects.filter(pk=UUID(hex=str(item.payload.get("notice", "0" * 32)))).first()
    row = Mailing.objects.filter(pk=UUID(hex=item.target), confirmed_at__isnull=False).first()
    if line is None or row is None or row.address_cipher is None:
        raise PermanentFailure("the line was erased, or the address taken back")
    address = ciphers.decrypt(ciphers.MAIL, row.address_cipher)
    with translation.override("en" if row.language == "en" else "zh-hans"):
        payload = _mail(line, row.language)
    deliver_by("email", replace(item, channel="email", target=address, payload=payload))


def _mail(line: Notification, language: str) -> dict[str, str]:
    subjects = {"turn": _("闭环：轮到您办"), "card": _("闭环：督办牌或提级"), "progress": _("闭环：有新进展")}
    text = _("%(said)s\n\n%(link)s\n\n内容请登录后查看，邮件里不写群众的姓名和原话。不想再收到：%(me)s") % {
        "said": notice_outside(line.kind, line.params, language),
        "link": f"{settings.PUBLIC_URL}{line.link}",
        "me": f"{settings.PUBLIC_URL}/desk/me/",
    }
    return {"subject": subjects.get(notice_group(line.kind), _("闭环")), "text": text}
