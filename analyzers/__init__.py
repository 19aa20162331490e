"""Text in, tokens out: Vietnamese analysis without an index."""

from .abbreviations import AbbreviationMatch, find_abbreviations
from .addresses import address_key
from .chains import ANALYSIS_VERSION, analyze, index_tokens
from .input_methods import decode_telex, decode_vni, overtyped
from .legacy import LegacyFields, LegacyText, repair_fields, repair_legacy, repair_query
from .legacy_decoders import LegacyEncoding
from .normalize import exact_key, fold, has_marks, repair
from .numerals import day_key, day_terms, number_key
from .segmentation import Segmenter, segmenter
from .spelling import begins_with, compatible, iy_variants
from .syllables import is_syllable, tone_placements
from .tokenizer import (
    expand_piece,
    expand_word,
    joined_key,
    pieces_in_context,
    raw_pieces,
    words_with,
)
from .tokens import STACKED, Piece, PieceToken, Token, TokenKind

__all__ = [
    "ANALYSIS_VERSION",
    "STACKED",
    "AbbreviationMatch",
    "LegacyEncoding",
    "LegacyFields",
    "LegacyText",
    "Piece",
    "PieceToken",
    "Segmenter",
    "Token",
    "TokenKind",
    "address_key",
    "analyze",
    "begins_with",
    "compatible",
    "day_key",
    "day_terms",
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
    "number_key",
    "overtyped",
    "pieces_in_context",
    "raw_pieces",
    "repair",
    "repair_fields",
    "repair_legacy",
    "repair_query",
    "segmenter",
    "tone_placements",
    "words_with",
]
