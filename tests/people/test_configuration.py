"""What a place configures: production, WeChat."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client
from django.urls import reverse

from bihuan.people.adapters import SocialAdapter
from bihuan.people.api import actor_of
from bihuan.people.models import User

ROOT = Path(__file__).resolve().parents[2]
WEIXIN = {"weixin": {"APPS": [{"client_id": "wx1", "secret": "s"}]}}


def _manage(tmp_path: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("BIHUAN_", "DJANGO_"))}
    clean |= {
        "BIHUAN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        "PYTHONPATH": str(ROOT / "src"),
        **env,
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *args],
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_every_deployment_check(tmp_path: Path) -> None:
    result = _manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        BIHUAN_ENV="production",
        BIHUAN_SECRET_KEY="only-for-this-check-0123456789" * 3,
        BIHUAN_PERSONAL_DATA_KEY="another-for-this-check-0123456789" * 3,
        BIHUAN_HOSTS="example.org",
        BIHUAN_PUBLIC_URL="https://example.org",
        BIHUAN_WEIXIN_ID="wx1",
        BIHUAN_WEIXIN_SECRET="s",
    )
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / "secrets").exists()


def test_production_makes_no_secret_up(tmp_path: Path) -> None:
    result = _manage(tmp_path, "check", BIHUAN_ENV="production", BIHUAN_HOSTS="example.org")
    assert result.returncode != 0
    assert "BIHUAN_SECRET_KEY" in result.stderr


@pytest.mark.django_db
def test_wechat_is_offered_only_where_it_is_configured(client: Client, settings) -> None:
    login = reverse("account_login")
    assert reverse("weixin_login") not in client.get(login).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = WEIXIN
    page = client.get(login).content.decode()
    assert reverse("weixin_login") in page
    assert client.get(reverse("weixin_login")).status_code == 200
    assert client.get(reverse("socialaccount_login_cancelled")).status_code == 200
    refused = client.get(reverse("weixin_callback"), {"error": "access_denied"})
    assert "没有登录成功" in refused.content.decode()
    to_wechat = client.post(reverse("weixin_login")).headers["Location"]
    assert to_wechat.startswith("https://open.weixin.qq.com/")


@pytest.mark.django_db
def test_an_account_that_comes_from_wechat_is_a_resident_without_rights_or_profile(rf) -> None:
    request = rf.get("/")
    SessionMiddleware(lambda r: r).process_request(request)
    coming = SocialLogin(user=User(), account=SocialAccount(provider="weixin", uid="open-id"))
    adapter = SocialAdapter()
    adapter.populate_user(request, coming, {"name": "昵称", "email": "a@b.c", "username": "昵称"})
    user = adapter.save_user(request, coming)
    user.refresh_from_db()
    assert (user.person.name, user.email) == ("居民", "")
    assert "昵称" not in user.username
    assert actor_of(user.person).posts == ()
    assert not user.has_usable_password()
