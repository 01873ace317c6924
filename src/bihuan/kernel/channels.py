"""The channels that come with the product: e-mail, webhook (WeCom / DingTalk robots), SMS on the console."""

from __future__ import annotations

import sys
from email.utils import parseaddr
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

import orjson
from django.conf import settings
from django.core.mail import EmailMessage

from .outbox import Delivery, PermanentFailure, register_channel

TIMEOUT = 10  # seconds; well within the outbox's lease
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def send_email(item: Delivery) -> None:
    """Send ``payload`` {"subject", "text"} with a Message-ID that stays the same over retries."""
    if "@" not in parseaddr(item.target)[1]:
        raise PermanentFailure(f"not an e-mail address: {item.target}")
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message = EmailMessage(
        subject=str(item.payload.get("subject", "")).replace("\n", " "),
        body=str(item.payload.get("text", "")),
        to=[item.target],
        headers={"Message-ID": f"<{item.id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    message.send()


def robot_message(payload: dict[str, object]) -> dict[str, object]:
    """Return the text message that group robots of WeCom and DingTalk both take."""
    return {"msgtype": "text", "text": {"content": str(payload.get("text", ""))}}


def robot_address(address: str) -> SplitResult:
    """Return the parts of an address to which the site may POST.

    Only ``https`` on its own port, and only to hosts that ``settings.ROBOT_HOSTS`` names: the site must not be made to
    knock at doors of its own house. A robot on this machine is for trying out, and refused in production.

    Raises:
        PermanentFailure: for any other address.
    """
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError as error:
        raise PermanentFailure("a webhook needs a well-formed address") from error
    if url.hostname in LOOPBACK and not settings.PRODUCTION and url.scheme in {"http", "https"}:
        return url
    if url.scheme != "https" or not url.hostname:
        raise PermanentFailure("a webhook needs an https address")
    if url.hostname not in settings.ROBOT_HOSTS or port not in {None, 443} or "@" in url.netloc:
        raise PermanentFailure(f"{url.hostname} is not in BIHUAN_ROBOT_HOSTS")
    return url


def send_webhook(item: Delivery) -> None:
    """POST the message as JSON to an address that ``robot_address`` allows; follows no redirect.

    Raises:
        PermanentFailure: for an address that cannot work, or an answer 4xx that will not change.
        OSError, RuntimeError: for anything worth another try.
    """
    url = robot_address(item.target)
    assert url.hostname  # noqa: S101 - for the type checker
    make = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = make(url.hostname, url.port, timeout=TIMEOUT)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(item.id)}
    try:
        connection.request("POST", path, orjson.dumps(robot_message(item.payload)), headers)
        response = connection.getresponse()
        body = response.read(65536)
    except HTTPException as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    _judge(response.status, body)


def _judge(status: int, body: bytes) -> None:
    """Robots answer 200 even when they refuse; the truth is in ``errcode``."""
    if 400 <= status < 500 and status not in {408, 425, 429}:
        raise PermanentFailure(f"HTTP {status}")
    if not 200 <= status < 300:
        raise RuntimeError(f"HTTP {status}")
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    if isinstance(answer, dict) and answer.get("errcode"):
        raise RuntimeError(f"errcode {answer['errcode']}: {answer.get('errmsg', '')}"[:200])


def print_sms(item: Delivery) -> None:
    """Print a text message: what a place without an SMS gateway uses; register another channel "sms" for a real one."""
    sys.stdout.write(f"[短信 SMS] {item.target}: {item.payload.get('text', '')}\n")
    sys.stdout.flush()


def register() -> None:
    """Register the product's own channels; codes and messages to persons are not kept once they are sent."""
    register_channel("email", send_email, keeps=False)
    register_channel("webhook", send_webhook, keeps=True)
    register_channel("sms", print_sms, keeps=False)
