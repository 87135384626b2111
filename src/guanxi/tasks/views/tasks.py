"""Pages of tasks: the list, one, making and changing, doing."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.tasks import about, queries
from guanxi.tasks.choices import TaskState
from guanxi.tasks.forms import TaskForm, initial_of
from guanxi.tasks.lists import PAGE, due_tone, due_words
from guanxi.tasks.services import tasks as acts
from guanxi.ui import forms, lists, toasts
from guanxi.ui.together import held, in_turn


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """The tasks that the actor may see."""
    return lists.render_list(request, PAGE)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new task, about the record that the address names if it names one."""
    actor = _actor(request)
    access.require(actor, "task", "create")
    named = (request.POST if request.method == "POST" else request.GET).get("about", "")
    reference = about.parsed(named) if named else None
    subject = about.subject(actor, reference.kind, reference.id) if reference else None
    if named and subject is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    form = TaskForm(request.POST or None, initial={"assignee": actor.user_id, "about": named})
    if request.method == "POST" and form.is_valid():
        try:
            task = acts.create_task(actor=actor, values={**form.values(), "about": reference})
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The task is set."))
            back = subject.url if subject and subject.url else reverse("tasks:task", args=[task.public_id])
            return forms.done(request, back)
    return forms.page(
        request,
        form,
        title=_("New task"),
        submit=_("Set the task"),
        back_url=subject.url if subject else reverse("tasks:list"),
        back_label=subject.title if subject else _("Tasks"),
        intro=_("About %(name)s") % {"name": subject.title} if subject else "",
    )


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One task."""
    actor = _actor(request)
    task = queries.task_of(actor, public_id)
    context = {
        "task": task,
        "subject": about.subject(actor, task.about_kind, task.about_id),
        "due": due_words(task.due_at, is_all_day=task.is_all_day),
        "tone": due_tone(task.due_at, task.state),
        "is_open": task.state == TaskState.OPEN,
    }
    return render(request, "tasks/task.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a task."""
    actor = _actor(request)
    task = held(request, queries.task_of(actor, public_id, "change"))
    form = TaskForm(request.POST or None, initial=initial_of(task))
    form.fields["note"].widget.attrs["data-mentions"] = task.public_id
    back = reverse("tasks:task", args=[task.public_id])
    if request.method == "POST" and form.is_valid():
        values = form.touched(form.values())
        if not {"due_on", "due_time", "remind"} & set(form.changed_data):
            # Moments that the form shows only to the minute, or as the nearest choice, stay as they are.
            values = {
                name: value for name, value in values.items() if name not in {"due_at", "remind_at", "is_all_day"}
            }
        try:
            operation_id = acts.update_task(actor=actor, task_id=task.pk, values=values)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."), operation_id)
            return forms.done(request, back)
    return forms.page(request, form, title=_("Change the task"), back_url=back, back_label=task.title)


@login_required
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that a task is done or dropped, open it again, or take it back."""
    actor = _actor(request)
    task = queries.task_of(actor, public_id, "change")
    what = request.POST.get("act", "")
    back = reverse("tasks:task", args=[task.public_id])
    if what == "reopen":
        toasts.message(request, _("The task is open again."), acts.reopen_task(actor=actor, task_id=task.pk))
    elif what == "delete":
        toasts.message(request, _("The task is taken back."), acts.delete_task(actor=actor, task_id=task.pk))
        back = reverse("tasks:list")
    else:
        operation_id, following = acts.end_task(actor=actor, task_id=task.pk, state=what)
        words = _("Done. It comes again.") if following else _("Done.") if what == TaskState.DONE else _("Dropped.")
        if request.headers.get("HX-Request"):
            changed = {"gx:changed": {"kind": "task"}}
            return toasts.add(HttpResponse(status=204), words, operation_id, events=changed)
        toasts.message(request, words, operation_id)
        given = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(given, allowed_hosts=None):
            back = given
    return forms.done(request, back)
