"""The text typed so far as tokens, of which the last one may be unfinished."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers import Token, begins_with, compatible

from ..query.clauses import query_tokens
from ..query_model import All, Node, Quoted, Words


@dataclass(frozen=True, slots=True)
class TypedText:
    """Exact and folded keys of the tokens; the last token is the beginning of one."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "TypedText":
        """The keys of tokens."""
        return cls(tuple(t.exact for t in tokens), tuple(t.folded for t in tokens))

    def __len__(self) -> int:
        return len(self.exact)

    @property
    def key(self) -> str:
        """The folded tokens with spaces between them."""
        return " ".join(self.folded)

    def begins(self, forms: Sequence[str]) -> bool:
        """Whether these exact keys begin with what was typed, with all marks typed."""
        last = len(self) - 1
        return (
            len(forms) > last
            and begins_with(self.exact[last], forms[last])
            and all(compatible(self.exact[i], forms[i]) for i in range(last))
        )


def plain_text(tree: Node) -> str | None:
    """The words of a query without operators, fields and stars; quotation marks do not count."""
    if isinstance(tree, Words | Quoted):
        return tree.text
    if isinstance(tree, All) and not tree.explicit:
        texts = [plain_text(child) for child in tree.children]
        known = [text for text in texts if text is not None]
        return " ".join(known) if len(known) == len(texts) else None
    return None


def typed_text(text: str) -> TypedText:
    """The tokens that a text consists of so far."""
    return TypedText.of(query_tokens(text))
