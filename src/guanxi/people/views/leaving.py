"""Signing out."""

from allauth.account.internal.flows.logout import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; a link alone (GET) ends nothing."""
    if request.method == "GET":
        return redirect("home")
    slug = request.session.get("guanxi_provider", "")
    logout(request, show_message=False)
    return redirect(f"{reverse('account_login')}?left={slug}" if slug else "account_login")
