"""pyvi's own labels through pyvi itself: only for a pyvi whose model files are not the known ones.

The one place that imports pyvi, and with it scikit-learn (seconds, about 120 MB).
"""

from collections.abc import Sequence
from threading import Lock


class PyviLabeller:
    """Labels tokens with the installed pyvi; slow, and one call at a time."""

    def __init__(self) -> None:
        from pyvi.ViTokenizer import ViTokenizer  # here, so that only a fallback pays for it

        self._pyvi = ViTokenizer
        self._lock = Lock()  # CRFsuite's tagger keeps the sentence between its calls

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        """For each token, whether it continues the word of the token before it."""
        if not tokens:
            return []
        features = self._pyvi.sent2features(list(tokens), is_training=False)
        with self._lock:
            [labels] = self._pyvi.model.predict([features])
        return [label == "I_W" for label in labels]
