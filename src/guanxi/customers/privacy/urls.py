"""Addresses about personal data of customers."""

from django.urls import path

from guanxi.customers.privacy.views import access_log, consents, erasures, holds, packs, requests, retention, settings

urlpatterns = [
    path("customers/consents/<int:consent_id>/withdraw", consents.withdraw, name="withdraw_consent"),
    path("customers/<str:key>/consents", consents.show, name="consents"),
    path("customers/<str:key>/consents/add", consents.add, name="add_consent"),
    path("customers/<str:key>/erase", erasures.erase, name="erase"),
    path("customers/<str:key>/holds/add", holds.add, name="add_hold"),
    path("customers/holds/<int:hold_id>/release", holds.release, name="release_hold"),
    path("customers/packs/<int:pack_id>/download", packs.download, name="download_pack"),
    path("customers/<str:key>/packs", packs.show, name="packs"),
    path("customers/<str:key>/packs/make", packs.make, name="make_pack"),
    path("customers/<str:key>/requests/new", requests.record_of, name="record_request_of"),
    path("settings/privacy/requests/", requests.request_list, name="data_requests"),
    path("settings/privacy/requests/new", requests.record, name="record_request"),
    path("settings/privacy/requests/<str:key>", requests.show, name="data_request"),
    path("settings/privacy/requests/<str:key>/edit", requests.change, name="change_request"),
    path("settings/privacy/requests/<str:key>/extend", requests.extend, name="extend_request"),
    path("settings/privacy/requests/<str:key>/settle", requests.settle, name="settle_request"),
    path("settings/privacy/requests/<str:key>/reopen", requests.reopen, name="reopen_request"),
    path("settings/privacy/requests/<str:key>/pack", requests.pack, name="pack_request"),
    path("settings/privacy/", settings.overview, name="privacy"),
    path("settings/privacy/purposes/new", settings.purpose, name="create_purpose"),
    path("settings/privacy/purposes/<int:purpose_id>", settings.purpose, name="purpose"),
    path("settings/privacy/purposes/<int:purpose_id>/notice", settings.notice, name="add_notice"),
    path("settings/privacy/parameters/<str:key>", settings.parameter, name="legal_parameter"),
    path("settings/privacy/separate-consent", settings.separate_consent, name="separate_consent"),
    path("settings/privacy/access", access_log.show, name="access_log"),
    path("settings/privacy/erasures/", erasures.erasure_list, name="erasures"),
    path("settings/privacy/erasures/<int:erasure_id>", erasures.certificate, name="erasure"),
    path("settings/privacy/retention/", retention.overview, name="retention"),
    path("settings/privacy/retention/runs/<int:run_id>", retention.show, name="retention_run"),
    path("settings/privacy/retention/runs/<int:run_id>/progress", retention.progress, name="retention_progress"),
    path("settings/privacy/retention/runs/<int:run_id>/stop", retention.stop, name="stop_retention"),
    path("settings/privacy/retention/<slug:key>", retention.kind, name="retention_kind"),
    path("settings/privacy/retention/<slug:key>/rule", retention.edit, name="retention_rule"),
    path("settings/privacy/retention/<slug:key>/preview", retention.preview, name="preview_retention"),
]
