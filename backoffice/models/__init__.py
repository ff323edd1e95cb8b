"""What the back office keeps for itself."""

from backoffice.models.exports import ListExport
from backoffice.models.figures import DailyFigure, FigureCutoff
from backoffice.models.saved_views import SavedView

__all__ = ["DailyFigure", "FigureCutoff", "ListExport", "SavedView"]
