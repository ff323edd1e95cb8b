"""The portal's own pages that the search box can find: what each is called and what it tells."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PublicPage:
    """A page by its code (that of synonyms.yaml) and the name of its address."""

    code: str
    url_name: str
    title: str | Promise
    text: str | Promise


PUBLIC_PAGES = (
    PublicPage(
        "contact",
        "prestations:contact",
        _("Contacter la mairie"),
        _("Le numéro unique, ses horaires, le courriel, l’adresse, l’aide aux personnes sourdes."),
    ),
    PublicPage(
        "services",
        "prestations:services",
        _("Adresses et horaires"),
        _("Les deux mairies et les autres lieux publics : adresses, horaires, fermetures."),
    ),
    PublicPage(
        "suivi",
        "requests:track_lookup",
        _("Suivre ma demande"),
        _("Où en est une demande déjà envoyée, avec son numéro."),
    ),
    PublicPage(
        "catalogue",
        "prestations:catalogue",
        _("Toutes les démarches"),
        _("La liste complète de ce que vous pouvez demander à la mairie."),
    ),
    PublicPage(
        "articles",
        "prestations:articles",
        _("Questions fréquentes"),
        _("Des réponses courtes, vérifiées par les services de la ville."),
    ),
    PublicPage(
        "donnees",
        "prestations:privacy",
        _("Données personnelles"),
        _("Ce que la ville garde sur vous, pourquoi, combien de temps, et vos droits."),
    ),
    PublicPage(
        "accessibilite",
        "prestations:accessibility",
        _("Déclaration d’accessibilité"),
        _("Ce qui est fait pour que chacun puisse se servir de ce site."),
    ),
    PublicPage(
        "mentions",
        "prestations:legal",
        _("Mentions légales"),
        _("Qui publie ce site et qui l’héberge."),
    ),
)
PAGE_BY_CODE = {page.code: page for page in PUBLIC_PAGES}
