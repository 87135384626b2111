"""Addresses about people."""

from django.urls import include, path

from guanxi.people.views import calendars, profile, sign_in, users

screens = [
    path("settings/profile", profile.profile, name="profile"),
    path("settings/profile/password", profile.password, name="password"),
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
    path("accounts/login/", sign_in.SignInView.as_view(), name="account_login"),
    # Only signing in and out, and proving oneself again, are open; they come from allauth itself, after these.
    path("accounts/signup/", sign_in.closed),
    path("accounts/password/<path:rest>", sign_in.closed),
    path("accounts/email/", sign_in.closed),
    path("accounts/confirm-email/", sign_in.closed),
    path("accounts/confirm-email/<path:rest>", sign_in.closed),
]
