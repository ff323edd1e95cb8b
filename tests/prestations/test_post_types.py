"""Posts that agents take, in words."""

from django.utils.translation import override

from prestations.models import PostType
from prestations.translation import catalogue_text


def test_the_post_by_telephone_is_no_phone_number(catalogue):
    label = PostType.objects.get(pk="telephone").label
    assert label == "Accueil téléphonique"
    with override("en"):
        assert catalogue_text(label) == "Telephone desk"
