"""Backups: how the last ones went, when they are made, and one at a click."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.backup import jobs, schedule
from guanxi.core.backup.queries import is_busy, latest_runs, standing
from guanxi.core.errors import GuanxiError
from guanxi.core.models.backups import RunReason
from guanxi.people.backup_forms import ScheduleForm
from guanxi.people.signing_in.confirming import confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import Setting, held_setting, in_turn


def _actor(request: HttpRequest) -> Any:
    """Who asks; only who may manage backups goes on."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, "backup", "manage")
    return actor


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def backups(request: HttpRequest) -> HttpResponse:
    """What was backed up, and the schedule."""
    actor = _actor(request)
    held_setting(request, Setting("backup schedule", f"{schedule.PARAMETER}."))
    set_now = schedule.load()
    form = ScheduleForm(request.POST or None, initial=asdict(set_now))
    if (news := forms.meet(request, form)) is not None:
        return news
    if request.method == "POST" and form.is_valid():
        try:
            schedule.save(actor=actor, wanted=form.schedule())
            toasts.message(request, _("The schedule is set."))
            return redirect("people:backups")
        except GuanxiError as error:
            forms.add_error(form, error)
    runs = latest_runs(actor)
    context = {"form": form, "runs": runs, "folder": Path(set_now.place), "is_busy": is_busy(runs), **standing(actor)}
    return render(request, "people/backups.html", context, status=forms.status_of(form))


@login_required
@require_POST
def back_up_now(request: HttpRequest) -> HttpResponse:
    """Have a worker make one and restore it into a scratch place."""
    actor = _actor(request)
    jobs.make_backup.using(unique_key=jobs.KEY).enqueue(RunReason.BY_HAND.value, actor.name)  # type: ignore[call-arg]
    toasts.message(request, _("A worker makes the backup and verifies it."))
    return redirect("people:backups")
