"""Two people in one form: what each changed survives, what both changed is asked.

    @in_turn                                                  # a POST is one transaction
    def change(request, key):
        customer = held(request, customer_in(request, key))   # locked and read anew when the form is sent
        form = CustomerForm(request.POST or None, ...)        # initial values out of the record of this moment

Settings that no record stands for take `held_setting(request, Setting(name, start))` instead of `held`.
The form carries a digest of each field as it was opened. `RecordForm` compares three states by itself: a field left
alone takes the record's value of now, a field changed by one person is written, a field changed by both is asked.
"""

from guanxi.ui.together.meeting import Meeting
from guanxi.ui.together.settling import Question, settle
from guanxi.ui.together.turns import held, held_record, held_setting, in_turn
from guanxi.ui.together.who import Hand, Setting, hands

__all__ = [
    "Hand",
    "Meeting",
    "Question",
    "Setting",
    "hands",
    "held",
    "held_record",
    "held_setting",
    "in_turn",
    "settle",
]
