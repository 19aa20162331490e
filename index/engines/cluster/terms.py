"""Index terms as a whitespace analyser keeps them: one token each, whatever is in them."""

import hashlib

from ...plan import TermSet, WeightedTerm
from ...segments.inversion import BARE_ZONE_MARK

#: Java counts U+001F, which ends the terms of bare zones, as white space.
_BARE_MARK = "\ue01f"
_JOINT = "\ue01e"
#: Stands where a field has no token; analysis makes no such term.
FILLER = "\ue000"
#: The tokenizer cuts tokens beyond 255 UTF-16 units.
_LONGEST = 100


def field_term(term: str) -> str:
    """The token that stands for a term; long ones are hashed, so that none is cut."""
    if len(term) <= _LONGEST and is_encodable(term):
        return term.replace(BARE_ZONE_MARK, _BARE_MARK)
    body = term.removesuffix(BARE_ZONE_MARK)
    mark = _BARE_MARK if body != term else ""
    digest = hashlib.blake2b(body.encode("utf-8", "surrogatepass"), digest_size=16)
    return f"{FILLER}{digest.hexdigest()}{mark}"


def compound_term(compound: str) -> str:
    """The token that stands for a word of several syllables."""
    return field_term(compound.replace(" ", _JOINT))


def pair_term(first: str, second: str) -> str:
    """How the cluster indexes two neighbouring tokens as one term."""
    return f"{first} {second}"


def tokens_of(terms: TermSet) -> list[str]:
    """The tokens of a set's forms."""
    return [token_of(form) for form in terms.terms]


def token_of(form: WeightedTerm) -> str:
    """The token of one form."""
    return field_term(form.term)


def document_key(doc_id: str) -> str:
    """The key of an article; a cluster's keys have 512 bytes at most."""
    encoded = doc_id.encode()
    if len(encoded) <= 480:
        return doc_id
    return FILLER + hashlib.blake2b(encoded, digest_size=16).hexdigest()


def is_encodable(term: str) -> bool:
    """Whether a term has no lone surrogates, which no server takes."""
    return term.isascii() or not any("\ud800" <= char <= "\udfff" for char in term)
