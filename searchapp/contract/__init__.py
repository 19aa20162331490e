"""What the API promises: its documents as types, its parameters, and OpenAPI made of both."""

from .openapi import API_VERSION, openapi_document

__all__ = ["API_VERSION", "openapi_document"]
