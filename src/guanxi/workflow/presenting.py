"""Rules, firings, dry runs and approvals as pages show them and as programs read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.tasks.about import Subject, subjects
from guanxi.workflow import queries, words
from guanxi.workflow.choices import Outcome
from guanxi.workflow.definitions import facts_for
from guanxi.workflow.engine.dry_running import DryRun
from guanxi.workflow.models import Firing, Rule
from guanxi.workflow.registries.triggers import label_of
from guanxi.workflow.words import Speaker

TONES = {
    Outcome.FIRED: "success",
    Outcome.NOT_MET: "neutral",
    Outcome.LIMITED: "neutral",
    Outcome.STOPPED_LOOP: "warning",
    Outcome.FAILED: "danger",
}
SHOWN = 100


@dataclass(frozen=True)
class FiringLine:
    """One firing in words."""

    row: Firing
    tone: str
    trigger: str
    subject: Subject | None
    reasons: list[words.Line]
    acts: list[tuple[str, str, bool]]
    stopped: str


def rule_items(rows: Iterable[Rule]) -> list[dict[str, Any]]:
    """Rules as sentences, with what they did in the last days."""
    found = list(rows)
    counted = queries.outcomes_lately([rule.pk for rule in found])
    speakers: dict[str, Speaker] = {}
    items = []
    for rule in found:
        speaker = speakers.setdefault(rule.trigger, Speaker(facts_for(rule.trigger)))
        counts = counted.get(rule.pk, {})
        items.append(
            {
                "rule": rule,
                "sentence": words.rule_sentence(rule, speaker),
                "fired": counts.get(Outcome.FIRED, 0),
                "failed": counts.get(Outcome.FAILED, 0),
                "stopped": counts.get(Outcome.STOPPED_LOOP, 0),
                "is_over": rule.until_at is not None and rule.until_at <= clock.now(),
            }
        )
    return items


def firing_lines(actor: Actor, rows: Sequence[Firing]) -> list[FiringLine]:
    """Firings in the reader's words; records that are not open to them are not named."""
    open_ = subjects(actor, {RecordRef(row.record_kind, row.record_id) for row in rows})
    speakers: dict[str, Speaker] = {}
    return [
        FiringLine(
            row=row,
            tone=TONES.get(Outcome(row.outcome), "neutral"),
            trigger=label_of(row.trigger),
            subject=open_.get(RecordRef(row.record_kind, row.record_id)),
            reasons=words.why_lines(
                row.why.get("conditions") or {}, speakers.setdefault(row.trigger, Speaker(facts_for(row.trigger)))
            ),
            acts=words.acts_lines(row.why),
            stopped=words.stopped_words(row.why),
        )
        for row in rows
    ]


def dry_run_context(actor: Actor, rule: Rule, found: DryRun) -> dict[str, Any]:
    """A dry run as its page shows it: counts, the latest that would have fired, a few that would not."""
    fired, not_met, limited = (found.of(one) for one in (Outcome.FIRED, Outcome.NOT_MET, Outcome.LIMITED))
    shown = [*fired[:SHOWN], *not_met[: SHOWN // 5], *limited[: SHOWN // 5]]
    open_ = subjects(actor, {RecordRef(found.kind, trial.record_id) for trial in shown})
    speaker = Speaker(facts_for(rule.trigger))

    def lines(trials: Sequence[Any]) -> list[dict[str, Any]]:
        """Trials in words."""
        return [
            {
                "at": trial.at,
                "subject": open_.get(RecordRef(found.kind, trial.record_id)),
                "reasons": words.why_lines(trial.why, speaker),
            }
            for trial in trials
        ]

    return {
        "found": found,
        "total": len(found.trials),
        "fired_count": len(fired),
        "not_met_count": len(not_met),
        "limited_count": len(limited),
        "fired": lines(fired[:SHOWN]),
        "not_met": lines(not_met[: SHOWN // 5]),
        "is_short": len(fired) > SHOWN,
        "shown": SHOWN,
        "of_today": found.of_today,
        "noted_since": found.noted_since if found.noted_since and found.noted_since > found.since else None,
    }
