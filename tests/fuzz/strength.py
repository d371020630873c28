"""How many examples a test tries: a few in the suite, many with `--hypothesis-profile=fuzz`.

`python -m pytest -n0 --hypothesis-profile=fuzz tests/fuzz` takes twenty minutes of one processor, two thirds of them
for the pages of `test_addresses.py`.
"""

from hypothesis import HealthCheck, settings

LONG = "fuzz"
TIMES = 30


def is_long() -> bool:
    return settings.get_current_profile_name() == LONG


def examples(few: int) -> settings:
    """The database of a test is emptied before the first example only: what earlier ones left is part of the game."""
    return settings(
        max_examples=few * (TIMES if is_long() else 1),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
