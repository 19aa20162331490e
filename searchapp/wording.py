"""Sentences for people, kept in Vietnamese until it is known in which language to show them."""

from dataclasses import dataclass

__all__ = ["Text", "later", "text"]


@dataclass(frozen=True, slots=True)
class Text:
    """A Vietnamese sentence with `%(name)s` places, and what stands in them."""

    message: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The sentence in Vietnamese."""
        return self.message % dict(self.values) if self.values else self.message


def text(message: str, **values: object) -> Text:
    """A sentence with its values.

    >>> str(text("tối đa %(limit)s ký tự", limit=500))
    'tối đa 500 ký tự'
    """
    return Text(message, tuple((name, str(value)) for name, value in values.items()))


def later(message: str) -> str:
    """The message itself: this call tells the collector of translations that it is one."""
    return message
