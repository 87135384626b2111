"""The mappings that are kept."""

import json

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core.errors import GuanxiError, NotFound
from guanxi.importing import queries
from guanxi.importing.lists import target_label
from guanxi.importing.mapping import shipped_mappings
from guanxi.importing.services import mappings
from guanxi.importing.targets import targets
from guanxi.importing.views.asking import actor_in
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn


class MappingForm(forms.RecordForm):
    """Name and sharing of a mapping; its columns are set on a file."""

    name = django_forms.CharField(label=gettext_lazy("Name"), max_length=mappings.NAME_LENGTH)
    is_shared = django_forms.BooleanField(label=gettext_lazy("Shared with everyone"), required=False)


def _open_targets(request: HttpRequest) -> list[str]:
    """The kinds of import that the actor may use; NotFound when there are none."""
    actor = actor_in(request)
    found = [target.key for target in targets if actor.scope(target.kind, "import") == "all"]
    if not found:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


@login_required
@require_safe
def mapping_list(request: HttpRequest) -> HttpResponse:
    """Saved mappings and those that come with Guanxi."""
    shipped = [mapping for key in _open_targets(request) for mapping in shipped_mappings(key)]
    actor = actor_in(request)
    context = {
        "saved": [(mapping, target_label(mapping.target)) for mapping in queries.open_mappings(actor)],
        "own": queries.own_mapping_ids(actor),
        "shipped": [(mapping, target_label(mapping.target)) for mapping in shipped],
    }
    return render(request, "importing/mappings.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def change(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Rename or share a mapping."""
    actor = actor_in(request)
    mapping = held(request, queries.mapping_with(actor, mapping_id, "change"))
    form = MappingForm(request.POST or None, initial={"name": mapping.name, "is_shared": mapping.is_shared})
    if request.method == "POST" and form.is_valid():
        try:
            mappings.change_mapping(actor=actor, mapping_id=mapping.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, reverse("importing:mappings"))
    return forms.page(
        request, form, title=mapping.name, back_url=reverse("importing:mappings"), back_label=_("Mappings")
    )


@login_required
@require_POST
def remove(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Remove a mapping."""
    operation = mappings.remove_mapping(actor=actor_in(request), mapping_id=mapping_id)
    toasts.message(request, _("The mapping is removed."), operation)
    return forms.done(request, reverse("importing:mappings"))


@login_required
@require_safe
def download(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """A mapping as the file that `guanxi import --mapping FILE` takes."""
    mapping = queries.mapping_with(actor_in(request), mapping_id)
    text = json.dumps({"name": mapping.name, **mapping.definition}, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = slugify(mapping.name) or f"mapping-{mapping.pk}"
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
