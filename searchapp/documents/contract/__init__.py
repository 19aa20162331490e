"""What the API promises: its documents as types, its parameters, and OpenAPI made of both."""

from typing import Final

API_VERSION: Final = "1.0"
