"""What the back office keeps for itself."""

from backoffice.models.bulk import BulkRow, BulkRun
from backoffice.models.exports import ListExport
from backoffice.models.figures import DailyFigure, FigureCutoff
from backoffice.models.imports import SettingsImport
from backoffice.models.saved_views import SavedView

__all__ = [
    "BulkRow",
    "BulkRun",
    "DailyFigure",
    "FigureCutoff",
    "ListExport",
    "SavedView",
    "SettingsImport",
]
