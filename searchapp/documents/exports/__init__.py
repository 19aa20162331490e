"""Articles as files for other programs: reference managers, spreadsheets, scripts."""

from .csv_table import CsvOptions, write_csv
from .formats import EXPORT_FORMATS, ExportFormat, export_format

__all__ = ["EXPORT_FORMATS", "CsvOptions", "ExportFormat", "export_format", "write_csv"]
