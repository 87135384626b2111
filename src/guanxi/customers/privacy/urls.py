"""Addresses about personal data of customers."""

from django.urls import path

from guanxi.customers.privacy.views import consents

urlpatterns = [
    path("customers/<str:key>/consents", consents.show, name="consents"),
    path("customers/<str:key>/consents/add", consents.add, name="add_consent"),
    path("customers/consents/<int:consent_id>/withdraw", consents.withdraw, name="withdraw_consent"),
]
