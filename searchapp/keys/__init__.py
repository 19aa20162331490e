"""Keys for programs: who may ask the API, from which pages, and for what."""

from .api_keys import SCOPES, Key, KeyStore, KeyStoreError

__all__ = ["SCOPES", "Key", "KeyStore", "KeyStoreError"]
