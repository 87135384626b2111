"""Rules hear the events of every trigger, registered before or after."""

from guanxi.workflow.engine.hearing import hear, hear_inline
from guanxi.workflow.registries.triggers import hear_with

hear_with(hear, inline=False)
hear_with(hear_inline, inline=True)
