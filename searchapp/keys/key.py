"""A key and what it opens."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ..origins import ANY_ORIGIN

__all__ = ["ADMIN", "PUBLIC_PREFIX", "SCOPES", "SECRET_PREFIX", "USUAL_SCOPES", "Key"]

PUBLIC_PREFIX: Final = "pk_"
SECRET_PREFIX: Final = "sk_"  # noqa: S105  # how secret keys begin, not one of them
ADMIN: Final = "admin"
#: What a key can be allowed: the names of Endpoint.scope, and ADMIN for what readers never see.
SCOPES: Final = ("search", "suggest", "debug", ADMIN)
USUAL_SCOPES: Final = ("search", "suggest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is kept of a key; the key itself only where it is public, and no secret."""

    id: str
    name: str
    public: bool
    shown: str
    """The whole public key, or the first letters of a secret one."""
    origins: tuple[str, ...]
    scopes: tuple[str, ...]
    created: date
    revoked: date | None = None

    def opens_for(self, origin: str | None) -> bool:
        """Whether a page of that origin (None: no page of another site) may use it."""
        if not self.public or ANY_ORIGIN in self.origins:
            return True
        return origin is not None and origin in self.origins
