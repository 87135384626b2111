"""Addresses of possible duplicates."""

from django.urls import path

from guanxi.customers.duplicates import views

urlpatterns = [
    path("customers/duplicates/", views.pair_list, name="duplicates"),
    path("customers/duplicates/state", views.scan_state, name="duplicates_state"),
    path("customers/duplicates/scan", views.scan, name="scan_duplicates"),
    path("customers/duplicates/scan/<int:scan_id>/stop", views.stop, name="stop_scan"),
    path("customers/duplicates/similar", views.similar, name="similar"),
    path("customers/duplicates/decisions", views.decisions, name="decisions"),
    path("customers/duplicates/decisions/<int:decision_id>/withdraw", views.withdraw, name="withdraw_decision"),
    path("customers/duplicates/<int:pair_id>/", views.compare, name="duplicate"),
    path("customers/duplicates/<int:pair_id>/different", views.decide, name="decide_different"),
]
