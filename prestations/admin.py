"""Django's own administration, for technical checks: what the data files load is read here.

The files stay the source: rows can be looked at, not changed (a load would undo it).
"""

from django.contrib import admin
from django.http import HttpRequest

from prestations.models import (
    ArticleOpinion,
    Authority,
    Category,
    ClosingReason,
    Closure,
    Department,
    Direction,
    Facility,
    FormVersion,
    KnowledgeArticle,
    LetterTemplate,
    MissingAnswer,
    PortalGroup,
    PostType,
    Prestation,
    Signatory,
    Site,
    Team,
    Town,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows without letting anybody add, change or delete them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class CodedAdmin(ReadOnlyAdmin):
    """Reference data: code, label, in use or not."""

    list_display = ["label", "code", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "label"]


@admin.register(Prestation)
class PrestationAdmin(CodedAdmin):
    """The catalogue."""

    list_display = ["label", "code", "team", "handling", "status", "is_active"]
    list_filter = ["team", "handling", "status", "is_active"]
    list_select_related = ["team"]


@admin.register(FormVersion)
class FormVersionAdmin(ReadOnlyAdmin):
    """Every form as it was at one time."""

    list_display = ["prestation", "number", "created_at"]
    list_select_related = ["prestation"]
    search_fields = ["prestation__label"]


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    """Closures of sites."""

    list_display = ["label", "site", "start", "end", "opens_at", "closes_at", "removed_at"]
    list_select_related = ["site"]


admin.site.register([Town, Signatory], ReadOnlyAdmin)
admin.site.register(
    [
        Category,
        Authority,
        ClosingReason,
        Department,
        Direction,
        Facility,
        KnowledgeArticle,
        LetterTemplate,
        PortalGroup,
        PostType,
        Site,
        Team,
    ],
    CodedAdmin,
)


@admin.register(MissingAnswer)
class MissingAnswerAdmin(ReadOnlyAdmin):
    """Words that found nothing, the most asked first: what is still to be written."""

    list_display = ["words", "channel", "count", "first_on", "last_on", "fate"]
    search_fields = ["words"]


@admin.register(ArticleOpinion)
class ArticleOpinionAdmin(ReadOnlyAdmin):
    """How often readers of a day said that an article helped, or did not."""

    list_display = ["article", "day", "helpful", "count"]
    list_filter = ["helpful", "article"]
    list_select_related = ["article"]
