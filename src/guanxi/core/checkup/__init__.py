"""Looking an installation over: what is wrong, why it matters, what to do.

    register(Check("search", _("Search"), look=facts_of_the_index, tell=words_for_the_facts, queue="long", every=DAY))

A look gathers plain facts; telling turns facts into findings in the reader's language. What is quick is looked at
whenever somebody asks; what is not (it reads whole tables, or calls another system) is looked at by a job, its facts
kept with their time. `guanxi check` looks at everything at once.
"""

from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, checks, register

__all__ = ["Check", "Finding", "Level", "checks", "register"]
