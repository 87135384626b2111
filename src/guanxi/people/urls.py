"""Addresses about people."""

from django.urls import include, path

from guanxi.people.views import calendars, confirming, leaving, profile, security, sign_in, user_security, users

screens = [
    path("settings/profile", profile.profile, name="profile"),
    path("settings/security", security.security, name="security"),
    path("settings/profile/password", security.password, name="password"),
    path("settings/security/sessions/end", security.end_session, name="end_session"),
    path("settings/security/sessions/end-others", security.end_other_sessions, name="end_other_sessions"),
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
]
