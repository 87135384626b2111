"""Addresses of people, roles and calendars."""

from tests.matrix.rows import ANYBODY, SIGNED_IN, Page, may

USERS = may("user", "manage")
CALENDAR = {"name": "Office", "zone": "Asia/Shanghai", "day_0": "09:00-18:00"}
SEE_HOURS, SET_HOURS = may("calendar", "view"), may("calendar", "change")

PAGES = [
    Page("/settings/profile", get=SIGNED_IN, post=SIGNED_IN, body={"name": "Me", "language": "en", "theme": "light"}),
    Page("/settings/profile/password", post=SIGNED_IN, changes=False),
    Page("/settings/users", get=USERS),
    Page("/settings/users/new", get=USERS, post=USERS, body={"username": "newcomer", "role": "1"}),
    Page("/settings/users/{user:pk}", get=USERS),
    Page("/settings/users/{user:pk}/history", get=USERS),
    Page("/settings/users/{user:pk}/password", post=USERS),
    Page("/settings/users/{user:pk}/active", post=USERS),
    Page("/settings/roles", get=may("role", "manage")),
    Page("/settings/backups", get=may("backup", "manage"), post=may("backup", "manage"), changes=False, also=(422,)),
    Page("/settings/backups/now", post=may("backup", "manage")),
    Page("/settings/calendars", get=SEE_HOURS),
    Page("/settings/calendars/new", get=SET_HOURS, post=SET_HOURS, changes=False),
    Page("/settings/calendars/{calendar:pk}", get=may("calendar", "view", "company"), post=SET_HOURS, changes=False),
    Page("/settings/calendars/{calendar:pk}/days", post=SET_HOURS, changes=False),
    Page("/settings/calendars/{calendar:pk}/days/clear", post=SET_HOURS, body={"on": "2030-01-01"}, changes=False),
    # Signing in and out: open by nature, tried by the tests of people.
    Page("/accounts/login/", get=ANYBODY, post=ANYBODY, changes=False),
    Page("/accounts/logout/", get=ANYBODY, post=ANYBODY, untried="it ends the session of whoever tries"),
    Page("/accounts/inactive/", get=ANYBODY, also=(403,)),
    Page("/accounts/confirm/", untried="it asks for the password of whoever tries"),
    Page("/settings/security", get=SIGNED_IN),
    Page("/settings/security/sessions/end", post=SIGNED_IN, changes=False, also=(404,)),
    Page("/settings/security/sessions/end-others", post=SIGNED_IN, changes=False),
    Page("/settings/sign-ins", get=USERS),
    Page("/settings/users/{user:pk}/security", get=USERS),
    Page("/settings/users/{user:pk}/sessions/end", post=USERS, changes=False, also=(404,)),
    Page("/settings/users/{user:pk}/sessions/end-all", post=USERS, changes=False),
    Page("/settings/users/{user:pk}/unlock", post=USERS, changes=False),
    # A second factor belongs to whoever tries; the tests of people walk them.
    Page("/settings/security/app", get=SIGNED_IN, post=SIGNED_IN, changes=False),
    Page("/settings/security/app/1/remove", post=SIGNED_IN, changes=False, also=(404,)),
    Page("/settings/security/passkeys/new", get=SIGNED_IN, post=SIGNED_IN, changes=False),
    Page("/settings/security/passkeys/options", get=SIGNED_IN),
    Page("/settings/security/passkeys/1/remove", post=SIGNED_IN, changes=False, also=(404,)),
    Page("/settings/security/passkeys/1/name", post=SIGNED_IN, changes=False, also=(404,)),
    Page("/settings/security/recovery-codes", post=SIGNED_IN, changes=False, also=(409,)),
    Page("/settings/users/{user:pk}/second-factors/reset", post=USERS, changes=False),
    Page("/settings/sign-in-rules", get=may("role", "manage"), post=may("role", "manage"), changes=False),
    Page("/accounts/passkey/", untried="signing in: refused answers look like the sign-in page"),
    Page("/accounts/passkey/options/", get=ANYBODY),
    Page("/accounts/second-step/", untried="open between password and code alone"),
    Page("/accounts/second-step/leave/", untried="it leads to the sign-in page"),
    Page("/settings/sign-in-rules/providers/new", get=may("role", "manage"), post=may("role", "manage"), changes=False),
    Page(
        "/settings/sign-in-rules/providers/1",
        get=may("role", "manage"),
        post=may("role", "manage"),
        changes=False,
        also=(404,),
    ),
    Page("/settings/sign-in-rules/providers/1/remove", post=may("role", "manage"), changes=False, also=(404,)),
    Page("/accounts/oidc/works/", untried="there is no provider here; the tests of people go there and back"),
    Page("/accounts/oidc/works/callback/", untried="there is no provider here; the tests of people go there and back"),
    Page("/accounts/oidc/works/leave/", untried="there is no provider here; the tests of people go there and back"),
]
