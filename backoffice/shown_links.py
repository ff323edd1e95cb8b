"""What the page of a request shows of other requests: merged, linked, looking alike."""

from typing import Any

from django.db.models import Q

from backoffice.presenting import state_badge
from requests.enums import Verb
from requests.lookalikes import lookalikes
from requests.models import RequestLink, ServiceRequest


def links_of(sr: ServiceRequest, user, verbs: list[Verb]) -> dict[str, Any]:
    """Return the lead or those that follow, the linked ones, and what may be the same.

    Only those that `user` may see; the same few queries whatever there is.
    """
    rows = RequestLink.objects.filter(Q(request=sr) | Q(other=sr), undone_at=None)
    kinds = {(one.other_id if one.request_id == sr.pk else one.request_id): one for one in rows}
    tied = Q(pk__in=kinds) | Q(merged_into=sr) | Q(pk=sr.merged_into_id)
    known = ServiceRequest.objects.visible_to(user).filter(tied).order_by("arrived_at", "pk")
    shown = [{"sr": one, "state": state_badge(one), "link": kinds.get(one.pk)} for one in known]
    may_merge = Verb.MERGE in verbs
    return {
        "lead": next((one for one in shown if one["sr"].pk == sr.merged_into_id), None),
        "followers": [one for one in shown if one["sr"].merged_into_id == sr.pk],
        "linked": [one for one in shown if one["link"]],
        "alike": [one for one in lookalikes(sr, user) if one.sr.pk not in kinds]
        if may_merge
        else [],
        "may_link": Verb.LINK in verbs,
    }
