"""The addresses of the API alone: the gate looks here and nowhere else."""

from django.urls import path

from guanxi.integration.api import build_api

urlpatterns = [path("api/v1/", build_api().urls)]
