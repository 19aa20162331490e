"""The engines that are measured beside each other, each behind the same small interface."""

import re
from pathlib import Path
from typing import Final

from .base import Answer, Contender, Retrieval, Run, Sizes
from .bm25s_arrays import Bm25s
from .sqlite_fts5 import SqliteFts5
from .tantivy_fields import Tantivy
from .timbao import Timbao
from .whoosh_stock import StockWhoosh

__all__ = ["CONTENDERS", "Answer", "Contender", "Retrieval", "Run", "Sizes", "index_folder"]

CONTENDERS: Final[dict[str, Contender]] = {
    contender.name: contender
    for contender in (
        Timbao(),
        Tantivy(),
        Bm25s(),
        SqliteFts5(),
        StockWhoosh(),
        StockWhoosh(processes=2),
    )
}


def index_folder(root: Path, corpus: str, contender: str) -> Path:
    """Where the index of one contender over one corpus lies."""
    return root / corpus / "-".join(re.findall(r"\w+", contender))
