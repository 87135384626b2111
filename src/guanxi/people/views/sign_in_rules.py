"""The company's rules about signing in, and the providers through which people may."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.core.access import require
from guanxi.core.errors import InvalidInput
from guanxi.people import queries as people
from guanxi.people.signing_in import rules
from guanxi.people.signing_in.confirming import confirmed_recently
from guanxi.people.signing_in.services import providers
from guanxi.people.signing_in.services.rules import hold_roles, set_rules
from guanxi.ui import forms, toasts
from guanxi.ui.forms import RecordForm
from guanxi.ui.together import Hand, Setting, held_setting, in_turn


class RulesForm(RecordForm):
    """Who needs a second factor."""

    only_providers = django_forms.BooleanField(
        label=_("People sign in through a provider alone; owners keep their password"), required=False
    )
    roles = django_forms.MultipleChoiceField(
        label=_("Roles that ask for one"),
        required=False,
        choices=people.role_choices,
        widget=django_forms.CheckboxSelectMultiple,
    )

    def hands(self, names: Sequence[str]) -> dict[str, Hand]:
        """Who changed these last; which roles ask for one is written on each role."""
        found = super().hands([name for name in names if name != "roles"])
        last = people.last_to_ask_for_factors() if "roles" in names else None
        return found | ({"roles": Hand(*last)} if last else {})


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_recently
@in_turn
def sign_in_rules(request: HttpRequest) -> HttpResponse:
    """Which roles ask for a second factor, and which providers there are."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, "role", "manage")
    held_setting(request, Setting("sign-in rules", "sign_in.", also=("role",)))
    if request.method == "POST":
        hold_roles()
    initial = {"roles": people.roles_with_factor(), "only_providers": rules.is_set()}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if (news := forms.meet(request, form)) is not None:
        return news
    if form.is_valid():
        chosen = {int(number) for number in form.cleaned_data["roles"]}
        only_providers = form.cleaned_data["only_providers"]
        try:
            set_rules(actor=actor, roles_with_factor=chosen, only_through_providers=only_providers)
        except InvalidInput as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("The rules are saved."))
            return redirect("people:sign_in_rules")
    context: dict[str, Any] = {"form": form, "providers": providers.all_providers(actor)}
    status = forms.status_of(form) if form.is_bound else 200
    return render(request, "people/sign_in_rules.html", context, status=status)
