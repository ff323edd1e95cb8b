"""What of a prestation a problem speaks of, by the first word of its path."""

from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "label": _("Nom"),
    "summary": _("Résumé"),
    "eligibility": _("Qui peut demander"),
    "category": _("Catégorie"),
    "team": _("Équipe d’accueil"),
    "expert_department": _("Service métier"),
    "routing_rules": _("Règles d’orientation"),
    "sites": _("Sites"),
    "audiences": _("Publics"),
    "channels": _("Canaux"),
    "anonymous_allowed": _("Demande anonyme"),
    "target_delay": _("Délai visé"),
    "urgent_delay": _("Délai d’urgence"),
    "appointment_info": _("Rendez-vous"),
    "replaced_by": _("Ce qui la remplace"),
    "external_link": _("Site où la demander"),
    "fee": _("Tarif"),
    "delivery_modes": _("Remise"),
    "legal": _("Silence et recours"),
    "templates": _("Modèles de courriers"),
    "requester_block": _("Questions sur le demandeur"),
    "eligibility_questions": _("Questions préalables"),
    "on_behalf": _("Demande pour autrui"),
    "cerfa": _("Formulaires nationaux"),
    "processing": _("Registre des traitements"),
    "checks": _("Vérifications"),
    "approval": _("Approbation du chef de service"),
    "public_reports": _("Carte des signalements"),
}
