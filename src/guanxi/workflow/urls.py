"""Addresses of rules and approvals."""

from django.urls import path

from guanxi.workflow.views import approvals, rules

app_name = "workflow"

urlpatterns = [
    path("settings/rules", rules.rule_list, name="rules"),
    path("settings/rules/new", rules.create, name="create_rule"),
    path("settings/rules/log", rules.firing_list, name="firings"),
    path("settings/rules/<str:public_id>/", rules.show, name="rule"),
    path("settings/rules/<str:public_id>/change", rules.change, name="change_rule"),
    path("settings/rules/<str:public_id>/try", rules.try_out, name="try_rule"),
    path("settings/rules/<str:public_id>/switch", rules.switch, name="switch_rule"),
    path("settings/rules/<str:public_id>/remove", rules.remove, name="remove_rule"),
    path("settings/approvals", approvals.settings_page, name="approval_settings"),
    path("settings/approvals/new", approvals.create_policy, name="create_policy"),
    path("settings/approvals/<int:number>/change", approvals.change_policy, name="change_policy"),
    path("settings/approvals/<int:number>/remove", approvals.remove_policy, name="remove_policy"),
    path("settings/approvals/limit", approvals.set_limit, name="set_limit"),
    path("settings/approvals/limits/<int:number>/remove", approvals.remove_limit, name="remove_limit"),
    path("settings/approvals/head", approvals.set_head, name="set_head"),
    path("approvals/", approvals.approval_list, name="approvals"),
    path("approvals/<str:public_id>/", approvals.show, name="approval"),
    path("approvals/<str:public_id>/decide", approvals.decide, name="decide"),
    path("approvals/<str:public_id>/delegate", approvals.delegate, name="delegate"),
    path("approvals/<str:public_id>/withdraw", approvals.withdraw, name="withdraw"),
]
