"""Addresses about people."""

from django.urls import include, path

from guanxi.people.views import (
    calendars,
    challenges,
    confirming,
    factors,
    leaving,
    profile,
    security,
    sign_in,
    sign_in_rules,
    user_security,
    users,
)

screens = [
    path("settings/profile", profile.profile, name="profile"),
    path("settings/security", security.security, name="security"),
    path("settings/profile/password", security.password, name="password"),
    path("settings/security/sessions/end", security.end_session, name="end_session"),
    path("settings/security/sessions/end-others", security.end_other_sessions, name="end_other_sessions"),
    path("settings/security/app", factors.new_app, name="new_app"),
    path("settings/security/app/<int:factor_id>/remove", factors.remove_app, name="remove_app"),
    path("settings/security/passkeys/new", factors.new_passkey, name="new_passkey"),
    path("settings/security/passkeys/options", factors.passkey_options, name="passkey_options"),
    path("settings/security/passkeys/<int:factor_id>/remove", factors.remove_passkey, name="remove_passkey"),
    path("settings/security/passkeys/<int:factor_id>/name", factors.rename_passkey, name="rename_passkey"),
    path("settings/security/recovery-codes", factors.new_codes, name="new_codes"),
    path("settings/users/<int:user_id>/second-factors/reset", user_security.reset_factors, name="reset_factors"),
    path("accounts/passkey/options/", challenges.passkey_options, name="passkey_sign_in_options"),
    path("accounts/second-step/leave/", challenges.leave_challenge, name="leave_challenge"),
    path("settings/sign-in-rules", sign_in_rules.sign_in_rules, name="sign_in_rules"),
    path("settings/sign-ins", user_security.sign_ins, name="sign_ins"),
    path("settings/users/<int:user_id>/security", user_security.user_security, name="user_security"),
    path("settings/users/<int:user_id>/sessions/end", user_security.end_session, name="end_user_session"),
    path("settings/users/<int:user_id>/sessions/end-all", user_security.end_sessions, name="end_user_sessions"),
    path("settings/users/<int:user_id>/unlock", user_security.unlock, name="unlock_user"),
    path("settings/users", users.users, name="users"),
    path("settings/users/new", users.user_create, name="user_create"),
    path("settings/users/<int:user_id>", users.user, name="user"),
    path("settings/users/<int:user_id>/history", users.user_history, name="user_history"),
    path("settings/users/<int:user_id>/password", users.user_password, name="user_password"),
    path("settings/users/<int:user_id>/active", users.user_active, name="user_active"),
    path("settings/calendars", calendars.calendar_list, name="calendars"),
    path("settings/calendars/new", calendars.calendar_create, name="calendar_create"),
    path("settings/calendars/<int:number>", calendars.calendar, name="calendar"),
    path("settings/calendars/<int:number>/days", calendars.add_days, name="add_calendar_days"),
    path("settings/calendars/<int:number>/days/clear", calendars.clear_day, name="clear_calendar_day"),
    path("settings/roles", users.roles, name="roles"),
]
urlpatterns = [
    path("", include((screens, "people"))),
    # Of allauth's pages only these are open: nobody signs themselves up or resets a password by mail.
    path("accounts/login/", sign_in.SignInView.as_view(), name="account_login"),
    path("accounts/logout/", leaving.sign_out, name="account_logout"),
    path("accounts/inactive/", sign_in.inactive, name="account_inactive"),
    path("accounts/confirm/", confirming.confirm, name="account_reauthenticate"),
    # The names allauth's flows look for; all ways to confirm stand on one page.
    path("accounts/second-step/", challenges.ChallengeView.as_view(), name="mfa_authenticate"),
    path("accounts/passkey/", challenges.passkey_sign_in, name="mfa_login_webauthn"),
]
