"""What cases and promises say about whether a customer still deals with us."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.retention import Activity, activities
from guanxi.service.choices import LIVE_STATES
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.models import Case, Promise

activities.add(
    "cases",
    Activity(
        _("cases opened, solved or closed; one that is not closed always"),
        rows=lambda: Case.objects.filter(customer__isnull=False),
        customer="customer_id",
        at=("opened_at", "solved_at", "closed_at"),
        always=Q(state__in=LIVE_STATES),
    ),
    order=82,
)
activities.add(
    "promises",
    Activity(
        _("promises made, due or ended; an open one always"),
        rows=lambda: Promise.objects.filter(customer__isnull=False),
        customer="customer_id",
        at=("created_at", "due_at", "ended_at"),
        always=Q(state=PromiseState.OPEN),
    ),
    order=84,
)
