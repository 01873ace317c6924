"""Pages for what went wrong: what, why, and where to go on. They need neither database nor session."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

SERVER_ERROR = 500


def _page(request: HttpRequest, status: int, title: str, why: str, how: str) -> HttpResponse:
    words: dict[str, object] = {"title": title, "why": why, "how": how, "status": status}
    if status != SERVER_ERROR:
        words["request"] = request  # large type and dark as chosen; after a fault of ours nothing more is asked
    return HttpResponse(render_to_string("web/errors/page.html", words), status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read."""
    return _page(request, 400, _("请求看不懂"), _("地址或提交的内容不完整。"), _("请返回上一页，刷新后再试一次。"))


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: seen, but not allowed; the reason as the permission rule gave it."""
    reason = str(exception) or _("您的岗位没有这项权限。")
    return _page(request, 403, _("不能这样做"), reason, _("如需权限，请联系社区书记或管理员调整岗位。"))


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not for this person to see."""
    return _page(
        request, 404, _("没有找到"), _("这个地址没有内容，或者您看不到它。"), _("请检查地址，或从首页找您的楼栋。")
    )


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page(
        request,
        500,
        _("系统出错了"),
        _("这是系统的问题，不是您的操作有误；已经记录下来。"),
        _("请稍后再试。没有提示成功的内容需要重新提交。"),
    )


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form without its token: an old page or refused cookies."""
    return _page(
        request,
        403,
        _("页面已过期"),
        _("这个页面打开得太久，或者浏览器禁用了 Cookie，无法确认是您本人在提交。"),
        _("请返回上一页（您写的内容还在），刷新后重新提交；并允许本站使用 Cookie。"),
    )
