"""How closely the tests look: quickly while one works, deeply before a change lands."""

import os
from typing import Final, TypeVar

from hypothesis import settings

__all__ = ["IN_CI", "PROFILE", "by_profile", "some_examples"]

IN_CI: Final = os.environ.get("CI") == "true"
#: `quick` (`make test`), `deep` (`make test-deep`), or `nightly`: deep with far more examples.
PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "quick")

# The same examples in every run of CI: a change must not fail on what it did not touch.
settings.register_profile("quick", max_examples=15, deadline=None, derandomize=IN_CI)
settings.register_profile("deep", max_examples=50, deadline=None, derandomize=IN_CI)
settings.register_profile("nightly", max_examples=5000, deadline=None)
settings.load_profile(PROFILE)

Value = TypeVar("Value")


def by_profile(*, quick: Value, deep: Value, nightly: Value | None = None) -> Value:
    """What the profile of this run asks for; tests that it makes smaller are marked `deep`.

    Args:
        nightly: the same as `deep` where nothing else is given.
    """
    if PROFILE == "nightly" and nightly is not None:
        return nightly
    return quick if PROFILE == "quick" else deep


#: For tests whose every example writes archives.
some_examples: Final = settings(
    max_examples=by_profile(quick=6, deep=max(50, settings().max_examples // 4))
)
