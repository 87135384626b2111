"""Signing out."""

from allauth.account.internal.flows.logout import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; a link alone (GET) ends nothing."""
    if request.method == "GET":
        return redirect("home")
    logout(request, show_message=False)
    return redirect("account_login")
