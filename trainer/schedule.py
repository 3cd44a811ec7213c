"""Learning-rate schedules: the factor on the base rate at a step, a pure function."""

import math

from .config import ScheduleConfig


def rate_factor(schedule: ScheduleConfig, step: int, steps: int) -> float:
    """Factor for step 0 ≤ `step` < `steps`. Warm-up is linear and never 0, so that the first step already learns."""
    if step < schedule.warmup:
        return (step + 1) / schedule.warmup
    if schedule.name == "cosine":
        done = (step - schedule.warmup) / max(1, steps - schedule.warmup)
        return schedule.floor + (1 - schedule.floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    # WSD: flat, then linear down to the floor over the last share of all steps.
    decay_steps = max(1, round(schedule.decay * steps))
    left = min(1.0, (steps - step) / decay_steps)
    return schedule.floor + (1 - schedule.floor) * left if schedule.decay > 0 else 1.0
