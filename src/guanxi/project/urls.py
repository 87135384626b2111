"""Every address of the product; modules bring their own."""

from importlib.util import find_spec

from django.urls import include, path

# Addresses are tried in this order: what is asked for most stands first.
MODULES = (
    "customers",
    "conversations",
    "search",
    "core",
    "ui",
    "people",
    "files",
    "tasks",
    "importing",
    "integration",
    "workflow",
    "catalog",
    "commerce",
    "service",
    "service.complaints",
    "routing",
    "insight",
)

urlpatterns = [path("", include(f"guanxi.{module}.urls")) for module in MODULES if find_spec(f"guanxi.{module}.urls")]

handler400 = "guanxi.ui.errors.bad_request"
handler403 = "guanxi.ui.errors.forbidden"
handler404 = "guanxi.ui.errors.not_found"
handler500 = "guanxi.ui.errors.server_error"
