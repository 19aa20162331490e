"""Text in, tokens out: Vietnamese analysis without an index."""

from .abbreviations import AbbreviationMatch, find_abbreviations
from .chains import ANALYSIS_VERSION, analyze, index_tokens
from .input_methods import decode_telex, decode_vni, overtyped
from .legacy import LegacyFields, LegacyText, repair_fields, repair_legacy, repair_query
from .legacy_decoders import LegacyEncoding
from .normalize import exact_key, fold, has_marks, repair
from .segmentation import Segmenter, segmenter
from .spelling import begins_with, compatible, iy_variants
from .syllables import is_syllable
from .tokenizer import (
    Piece,
    PieceToken,
    Token,
    TokenKind,
    expand_piece,
    expand_word,
    joined_key,
    known_keys,
    raw_pieces,
)

__all__ = [
    "ANALYSIS_VERSION",
    "AbbreviationMatch",
    "LegacyEncoding",
    "LegacyFields",
    "LegacyText",
    "Piece",
    "PieceToken",
    "Segmenter",
    "Token",
    "TokenKind",
    "analyze",
    "begins_with",
    "compatible",
    "decode_telex",
    "decode_vni",
    "exact_key",
    "expand_piece",
    "expand_word",
    "find_abbreviations",
    "fold",
    "has_marks",
    "index_tokens",
    "is_syllable",
    "iy_variants",
    "joined_key",
    "known_keys",
    "overtyped",
    "raw_pieces",
    "repair",
    "repair_fields",
    "repair_legacy",
    "repair_query",
    "segmenter",
]
