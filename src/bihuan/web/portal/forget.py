"""The reporter's right over what is kept about them: shown on the follow page, erased by a button there."""

from __future__ import annotations

from typing import Literal

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.kernel.api import Conflict, Refused, id_from
from bihuan.matters.api import by_follow_token, forget
from bihuan.people.api import actor_for
from bihuan.web import source
from bihuan.web.portal.secrets import form_id


@login_not_required
@require_POST
@source.guessed_slowly
def forget_mine(request: HttpRequest, token: str) -> HttpResponse:
    """Erase the reporter's number, or what they wrote; the link itself goes on working."""
    matter = by_follow_token(token)
    if matter is None:
        raise Http404
    what: Literal["contact", "text"] = "text" if request.POST.get("what") == "text" else "contact"
    entry_id = id_from(form_id(request.POST.get("form_id", "")), str(matter.pk), "forget", what)
    try:
        forget(actor=actor_for(request), matter_id=matter.pk, what=what, entry_id=entry_id, via_link=token)
    except Refused as error:
        messages.warning(request, " ".join(f"{item.why} {item.how}" for item in error.problems))
    except Conflict:
        messages.warning(request, _("就在刚才，这件事有了新进展。请看下面最新的情况，再点一次。"))
    else:
        said = _("您写的内容和照片已删除。") if what == "text" else _("您的电话已删除，我们不会再给您发短信。")
        messages.success(request, said)
    return HttpResponseRedirect(reverse("portal:follow", args=[token]) + "#kept")
