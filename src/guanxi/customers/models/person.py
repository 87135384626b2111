"""The individual archive in its six sections, and what an internal customer is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.customers.choices import Degree, Gender, Habit, Horizon, InternalType, MaritalStatus, Priority


class PersonProfile(models.Model):
    """What we know of one person: basic file, education, family, business background, interests, lifestyle."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="person_profile"
    )
    # Basic file
    nickname = models.CharField(_("nickname"), max_length=60, blank=True)
    english_name = models.CharField(_("English name"), max_length=100, blank=True)
    former_name = models.CharField(_("former name"), max_length=100, blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender.choices, blank=True)
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    is_birthday_lunar = models.BooleanField(_("keeps the lunar birthday"), default=False)
    lunar_birthday = models.CharField(_("lunar birthday"), max_length=20, blank=True)
    birth_place = models.CharField(_("place of birth"), max_length=120, blank=True)
    native_place = models.CharField(_("native place"), max_length=120, blank=True)
    nationality = models.CharField(_("nationality"), max_length=60, blank=True)
    ethnicity = models.CharField(_("ethnic group"), max_length=60, blank=True)
    spoken_languages = models.CharField(_("languages and dialects"), max_length=200, blank=True)
    appearance = models.CharField(_("height, build, outward marks"), max_length=200, blank=True)
    best_time_to_reach = models.CharField(_("best time to reach"), max_length=120, blank=True)
    # Education
    degree = models.CharField(_("highest education"), max_length=12, choices=Degree.choices, blank=True)
    school = models.CharField(_("school or university"), max_length=160, blank=True)
    field_of_study = models.CharField(_("field of study"), max_length=120, blank=True)
    graduated_year = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    honours = models.CharField(_("honours and degrees"), max_length=300, blank=True)
    student_activities = models.CharField(_("clubs and sports as a student"), max_length=300, blank=True)
    military_service = models.CharField(_("military service"), max_length=200, blank=True)
    feelings_on_education = models.CharField(_("feelings about own education"), max_length=300, blank=True)
    further_training = models.CharField(_("further training and certificates"), max_length=300, blank=True)
    # Family
    marital_status = models.CharField(_("marital status"), max_length=10, choices=MaritalStatus.choices, blank=True)
    spouse_name = models.CharField(_("spouse"), max_length=100, blank=True)
    spouse_education = models.CharField(_("spouse's education"), max_length=160, blank=True)
    spouse_occupation = models.CharField(_("spouse's occupation"), max_length=160, blank=True)
    spouse_interests = models.CharField(_("spouse's interests"), max_length=300, blank=True)
    wedding_anniversary_on = models.DateField(_("wedding anniversary"), null=True, blank=True)
    children = models.TextField(_("children: names, ages"), blank=True)
    children_education = models.CharField(_("children's schools"), max_length=300, blank=True)
    children_interests = models.CharField(_("children's interests"), max_length=300, blank=True)
    parents = models.CharField(_("parents and in-laws"), max_length=300, blank=True)
    household_income = models.CharField(_("household income"), max_length=60, blank=True)
    # Business background
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    job_title = models.CharField(_("post"), max_length=120, blank=True)
    in_post_since = models.DateField(_("in this post since"), null=True, blank=True)
    work_history = models.TextField(_("earlier employers and posts"), blank=True)
    associations = models.CharField(_("trade associations and offices held"), max_length=300, blank=True)
    mentors = models.CharField(_("mentors"), max_length=200, blank=True)
    contacts_with_us = models.CharField(_("whom else in our company they know"), max_length=300, blank=True)
    attitude_to_employer = models.CharField(_("attitude to their own company"), max_length=300, blank=True)
    business_goal_long = models.CharField(_("long-range business goal"), max_length=300, blank=True)
    business_goal_near = models.CharField(_("immediate business goal"), max_length=300, blank=True)
    puts_first = models.CharField(_("puts first whose success"), max_length=8, choices=Priority.choices, blank=True)
    thinks_of = models.CharField(_("thinks more of"), max_length=8, choices=Horizon.choices, blank=True)
    # Special interests
    clubs = models.CharField(_("clubs and service organisations"), max_length=300, blank=True)
    civic_activity = models.CharField(_("part taken in public life"), max_length=300, blank=True)
    community = models.CharField(_("activity in the community"), max_length=300, blank=True)
    religion = models.CharField(_("religion"), max_length=120, blank=True)
    avoid_subjects = models.CharField(_("subjects not to be raised"), max_length=300, blank=True)
    strong_views = models.CharField(_("subjects they feel strongly about"), max_length=300, blank=True)
    collections = models.CharField(_("collections"), max_length=200, blank=True)
    # Lifestyle
    health = models.CharField(_("health"), max_length=300, blank=True)
    diet = models.CharField(_("diet and food not eaten"), max_length=200, blank=True)
    drinks = models.CharField(_("drinks alcohol"), max_length=10, choices=Habit.choices, blank=True)
    drink_kinds = models.CharField(_("kinds of drink"), max_length=120, blank=True)
    minds_drinking = models.BooleanField(_("minds others drinking"), default=False)
    smokes = models.CharField(_("smokes"), max_length=10, choices=Habit.choices, blank=True)
    minds_smoking = models.BooleanField(_("minds others smoking"), default=False)
    favourite_restaurants = models.CharField(_("favourite places to eat"), max_length=200, blank=True)
    favourite_dishes = models.CharField(_("favourite dishes"), max_length=200, blank=True)
    minds_being_invited = models.BooleanField(_("minds being invited"), default=False)
    hobbies = models.CharField(_("hobbies"), max_length=300, blank=True)
    reading = models.CharField(_("reading and media"), max_length=300, blank=True)
    holidays = models.CharField(_("holiday habits"), max_length=300, blank=True)
    sports = models.CharField(_("sports and teams followed"), max_length=300, blank=True)
    car = models.CharField(_("car"), max_length=100, blank=True)
    conversation = models.CharField(_("likes to talk about"), max_length=300, blank=True)
    wants_to_impress = models.CharField(_("whom they want to impress"), max_length=200, blank=True)
    wants_to_be_seen_as = models.CharField(_("how they want to be seen"), max_length=200, blank=True)
    proudest_achievement = models.CharField(_("proudest achievement"), max_length=300, blank=True)
    personal_goal_long = models.CharField(_("long-range personal goal"), max_length=300, blank=True)
    personal_goal_near = models.CharField(_("immediate personal goal"), max_length=300, blank=True)
    spending_habits = models.CharField(_("spending habits"), max_length=300, blank=True)

    objects = VisibleManager()

    class Meta:
        """One row per person."""

        verbose_name = _("individual archive")
        verbose_name_plural = _("individual archives")

    def __str__(self) -> str:
        """Whose archive it is."""
        return f"person {self.customer_id}"


class InternalProfile(models.Model):
    """Which next step in our own line an internal customer is, and what it is promised."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="internal_profile"
    )
    type = models.CharField(_("type"), max_length=12, choices=InternalType.choices, default=InternalType.DEPARTMENT)
    department = models.ForeignKey(
        "core.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    user = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague")
    )
    serving_department = models.ForeignKey(
        "core.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("served by"),
    )
    receives = models.CharField(_("what they receive from us"), max_length=300, blank=True)
    requirements = models.TextField(_("what they require"), blank=True)
    agreed_level = models.CharField(_("agreed level"), max_length=300, blank=True)

    objects = VisibleManager()

    class Meta:
        """One row per internal customer."""

        verbose_name = _("internal customer file")
        verbose_name_plural = _("internal customer files")

    def __str__(self) -> str:
        """Whose file it is."""
        return f"internal {self.customer_id}"
