"""Addresses of conversations; each kind of channel brings its own."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver, include, path

from guanxi.conversations import adapters, desk_urls
from guanxi.conversations.views import channels

pages: list[URLPattern | URLResolver] = [
    *desk_urls.pages,
    path("settings/channels", channels.channel_list, name="channels"),
    path("settings/channels/new/<slug:kind>", channels.create, name="create_channel"),
    path("settings/channels/<str:public_id>", channels.change, name="channel"),
    path("settings/channels/<str:public_id>/remove", channels.remove, name="remove_channel"),
]
# Of an adapter `urls.pages` stand in the namespace of conversations, `urls.public` in none.
public: list[URLPattern | URLResolver] = []
for _found in iter_modules(adapters.__path__):
    if _found.ispkg and find_spec(f"{adapters.__name__}.{_found.name}.urls"):
        _urls = import_module(f"{adapters.__name__}.{_found.name}.urls")
        pages += getattr(_urls, "pages", [])
        public += getattr(_urls, "public", [])
urlpatterns = [path("", include((pages, "conversations"))), *public]
