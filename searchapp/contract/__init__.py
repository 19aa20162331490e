"""What the API promises: its documents as types, its parameters, and OpenAPI made of both."""

from .errors import ProblemDocument, ProblemError
from .openapi import openapi_document

__all__ = ["ProblemDocument", "ProblemError", "openapi_document"]
