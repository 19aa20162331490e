"""Keys for programs: who may ask the API, from which pages, and for what."""

from .key import SCOPES, Key
from .store import KeyStore, KeyStoreError

__all__ = ["SCOPES", "Key", "KeyStore", "KeyStoreError"]
