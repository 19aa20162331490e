"""Sentences for people, kept in Vietnamese until it is known in which language to show them."""

from dataclasses import dataclass
from typing import Protocol

__all__ = ["N_", "Gettext", "Message", "in_vietnamese", "lazy_gettext"]


class Gettext(Protocol):
    """Puts a Vietnamese message into a language, with its values in their places."""

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in that language."""
        ...


def in_vietnamese(message: str, /, **values: object) -> str:
    """The message itself: the command line speaks of queries in their own language.

    >>> in_vietnamese("trong %(part)s", part="tiêu đề")
    'trong tiêu đề'
    """
    return message % values if values else message


@dataclass(frozen=True, slots=True)
class Message:
    """A Vietnamese sentence with `%(name)s` places, and what stands in them."""

    message: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The sentence in Vietnamese."""
        return self.message % dict(self.values) if self.values else self.message


def lazy_gettext(message: str, **values: object) -> Message:
    """A sentence with its values.

    >>> str(lazy_gettext("tối đa %(limit)s ký tự", limit=500))
    'tối đa 500 ký tự'
    """
    return Message(message, tuple((name, str(value)) for name, value in values.items()))


def N_(message: str) -> str:
    """The message itself: this call tells the collector of translations that it is one."""
    return message
