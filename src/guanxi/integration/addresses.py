"""The addresses of the API alone: the gate looks here and nowhere else."""

from django.urls import path
from django.views.generic import RedirectView

from guanxi.integration.api import build_api

# The description for people is a page like others, for those who have signed in.
to_guide = RedirectView.as_view(url="/settings/api")
urlpatterns = [path("api/v1/docs", to_guide, name="api_docs"), path("api/v1/", build_api().urls)]
