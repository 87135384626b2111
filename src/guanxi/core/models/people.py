"""Who works here: users, the roles they hold, departments, teams and deputies."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """One node of the company's organisation tree; `path` lists the ids from the root down."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=400, blank=True, db_index=True, editable=False)
    is_closed = models.BooleanField(_("closed"), default=False)

    def __str__(self) -> str:
        """The department's name."""
        return self.name


class Team(models.Model):
    """A group of users who see each other's records, across departments if need be."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    members = models.ManyToManyField("core.User", related_name="teams", blank=True, through="core.TeamMember")

    def __str__(self) -> str:
        """The team's name."""
        return self.name


class TeamMember(models.Model):
    """One user is in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    user = models.ForeignKey("core.User", on_delete=models.CASCADE)

    class Meta:
        """A row for each member, in the table that Django made for the relation."""

        db_table = "core_team_members"
        unique_together = (("team", "user"),)

    def __str__(self) -> str:
        """Who is where."""
        return f"{self.user_id} in {self.team_id}"


class Role(models.Model):
    """A named set of permissions; rows, so that a company can shape its own."""

    key = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    is_builtin = models.BooleanField(default=False)
    requires_mfa = models.BooleanField(_("asks for a second factor"), default=False)

    def __str__(self) -> str:
        """The role's key."""
        return self.key


class Scope(models.TextChoices):
    """How far a permission reaches."""

    OWN = "own", _("own")
    TEAM = "team", _("team")
    DEPARTMENT = "department", _("department and below")
    ALL = "all", _("all")


class RolePermission(models.Model):
    """A role may do one act on one kind of record, as far as the scope reaches; `*` stands for every kind or act."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    kind = models.CharField(max_length=40)
    action = models.CharField(max_length=20)
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.ALL)

    class Meta:
        """One row for each act."""

        constraints = [models.UniqueConstraint(fields=["role", "kind", "action"], name="role_permission_once")]

    def __str__(self) -> str:
        """What may be done, how far."""
        return f"{self.kind}.{self.action}:{self.scope}"


class Visibility(models.TextChoices):
    """How a role sees a field; what is shown needs no row."""

    MASKED = "masked", _("masked")
    HIDDEN = "hidden", _("hidden")


class RoleField(models.Model):
    """A role sees one field of one kind of record masked or not at all."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="fields")
    kind = models.CharField(max_length=40)
    field = models.CharField(max_length=80)
    visibility = models.CharField(max_length=6, choices=Visibility.choices)

    class Meta:
        """One row for each field."""

        constraints = [models.UniqueConstraint(fields=["role", "kind", "field"], name="role_field_once")]

    def __str__(self) -> str:
        """Which field, how."""
        return f"{self.kind}.{self.field}:{self.visibility}"


class UserManager(BaseUserManager["User"]):
    """Makes users; passwords are always hashed."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Make one user."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Look a user up by name."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """One person who signs in (or a program that acts in a person's stead)."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users", verbose_name=_("role"))
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=10, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        """The name shown on screens."""
        return self.display_name

    @property
    def display_name(self) -> str:
        """The person's name, else the name they sign in with."""
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name in full, as Django's tools ask for it."""
        return self.display_name

    @property
    def is_staff(self) -> bool:
        """Nobody uses Django's admin here."""
        return False


class Deputy(models.Model):
    """`deputy` stands in for `user` from one moment to another; both see why."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputising")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """Nobody deputises for themselves, and an absence ends after it begins."""

        constraints = [
            models.CheckConstraint(condition=~Q(user=models.F("deputy")), name="deputy_is_another"),
            models.CheckConstraint(condition=Q(to_at__gt=models.F("from_at")), name="deputy_ends_after_start"),
        ]

    def __str__(self) -> str:
        """Who stands in for whom."""
        return f"{self.deputy_id} for {self.user_id}"
