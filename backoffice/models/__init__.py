"""What the back office keeps for itself."""

from backoffice.models.figures import DailyFigure, FigureCutoff

__all__ = ["DailyFigure", "FigureCutoff"]
