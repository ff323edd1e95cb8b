"""Addresses of the settings."""

from django.urls import path

from backoffice.views import (
    agreements,
    audiences,
    blocks,
    calendar,
    campaigns,
    configuration,
    contracts,
    departments,
    form_builder,
    form_versions,
    groupings,
    handover,
    holders,
    imports,
    newsletters,
    offer_rules,
    offers,
    qualification,
    regimes,
    rights,
    routing,
    settings,
    sites,
    staff,
)

urlpatterns = [
    path("agent/parametrage/", settings.landing, name="settings"),
    path("agent/parametrage/historique/", configuration.history, name="configuration_history"),
    path(
        "agent/parametrage/historique/<int:change_id>/",
        configuration.change,
        name="configuration_change",
    ),
    path(
        "agent/parametrage/historique/<int:change_id>/revenir/<slug:side>/",
        configuration.change_back,
        name="configuration_back",
    ),
    path("agent/parametrage/imports/", imports.imports, name="imports"),
    path("agent/parametrage/imports/<int:import_id>/", imports.import_one, name="import"),
    path(
        "agent/parametrage/imports/<int:import_id>/refus.csv",
        imports.import_errors,
        name="import_errors",
    ),
    path(
        "agent/parametrage/export/configuration.yaml",
        imports.configuration_export,
        name="configuration_export",
    ),
    path("agent/parametrage/services/", departments.departments, name="departments"),
    path("agent/parametrage/services/nouveau/", departments.department, name="department_new"),
    path("agent/parametrage/services/<slug:code>/", departments.department, name="department"),
    path(
        "agent/parametrage/services/<slug:code>/fermer/",
        departments.department_close,
        name="department_close",
    ),
    path(
        "agent/parametrage/services/<slug:code>/rouvrir/",
        departments.department_reopen,
        name="department_reopen",
    ),
    path("agent/parametrage/sites/", sites.sites, name="sites"),
    path("agent/parametrage/sites/nouveau/", sites.site, name="site_new"),
    path("agent/parametrage/sites/<slug:code>/", sites.site, name="site"),
    path("agent/parametrage/sites/<slug:code>/fermer/", sites.site_close, name="site_close"),
    path("agent/parametrage/sites/<slug:code>/rouvrir/", sites.site_reopen, name="site_reopen"),
    path("agent/parametrage/droits/", rights.rights, name="rights"),
    path("agent/parametrage/agents/", staff.staff_list, name="staff"),
    path("agent/parametrage/agents/inviter/", staff.invite, name="staff_invite"),
    path("agent/parametrage/agents/<int:user_id>/", staff.staff_detail, name="staff_detail"),
    path(
        "agent/parametrage/agents/<int:user_id>/confier/",
        handover.hand_over_files,
        name="staff_handover",
    ),
    path("agent/parametrage/agents/<int:user_id>/fermer/", staff.staff_close, name="staff_close"),
    path("agent/parametrage/agents/<int:user_id>/<slug:verb>/", staff.staff_act, name="staff_act"),
    path("agent/parametrage/orientation/", routing.routing_rules, name="routing_rules"),
    path("agent/parametrage/orientation/nouvelle/", routing.routing_rule, name="routing_new"),
    path("agent/parametrage/orientation/<int:rule_id>/", routing.routing_rule, name="routing_rule"),
    path(
        "agent/parametrage/orientation/<int:rule_id>/rejeu/",
        routing.routing_replay,
        name="routing_replay",
    ),
    path(
        "agent/parametrage/orientation/<int:rule_id>/<slug:verb>/",
        routing.routing_act,
        name="routing_act",
    ),
    path("agent/parametrage/classement/", qualification.qualification, name="qualification"),
    path(
        "agent/parametrage/classement/apprendre/", qualification.train, name="qualification_train"
    ),
    path(
        "agent/parametrage/classement/<slug:code>/",
        qualification.threshold,
        name="qualification_threshold",
    ),
    path("agent/parametrage/prestations/", offers.offers, name="offers"),
    path("agent/parametrage/prestations/nouvelle/", offers.offer_new, name="offer_new"),
    path("agent/parametrage/prestations/<slug:code>/", offers.offer, name="offer"),
    path(
        "agent/parametrage/prestations/<slug:code>/regles/",
        offer_rules.offer_rules,
        name="offer_rules",
    ),
    path("agent/parametrage/demandeur/", blocks.blocks, name="blocks"),
    path("agent/parametrage/demandeur/<slug:code>/", blocks.block, name="block"),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/",
        form_builder.form_builder,
        name="form_builder",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/apercu/",
        form_builder.form_preview,
        name="form_preview",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/publier/",
        form_versions.form_publish,
        name="form_publish",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/versions/",
        form_versions.form_versions,
        name="form_versions",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/versions/<int:number>/",
        form_versions.form_again,
        name="form_again",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/<slug:verb>/",
        form_builder.form_act,
        name="form_act",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/ajouter/<slug:part>/",
        form_builder.form_part,
        name="form_part_new",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/<slug:part>/<slug:name>/",
        form_builder.form_part,
        name="form_part",
    ),
    path(
        "agent/parametrage/prestations/<slug:code>/formulaire/<slug:part>/<slug:name>/<slug:verb>/",
        form_builder.form_part_act,
        name="form_part_act",
    ),
    *(
        one
        for sort in groupings.SORTS
        for one in (
            path(f"agent/parametrage/{sort}/", groupings.groupings, {"sort": sort}, name=sort),
            path(
                f"agent/parametrage/{sort}/nouvelle/",
                groupings.grouping,
                {"sort": sort},
                name=f"{sort}_new",
            ),
            path(
                f"agent/parametrage/{sort}/<slug:code>/",
                groupings.grouping,
                {"sort": sort},
                name=f"{sort}_edit",
            ),
        )
    ),
    path("agent/parametrage/publics/", audiences.audiences, name="audiences"),
    path("agent/parametrage/publics/<slug:code>/", audiences.audience, name="audience"),
    path("agent/parametrage/campagnes/", campaigns.campaigns, name="campaigns"),
    path("agent/parametrage/campagnes/nouvelle/", campaigns.campaign_write, name="campaign_new"),
    path("agent/parametrage/campagnes/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path(
        "agent/parametrage/campagnes/<int:campaign_id>/modifier/",
        campaigns.campaign_write,
        name="campaign_edit",
    ),
    path(
        "agent/parametrage/campagnes/<int:campaign_id>/code.svg",
        campaigns.campaign_qr,
        name="campaign_qr",
    ),
    path(
        "agent/parametrage/campagnes/<int:campaign_id>/imprimer/",
        campaigns.campaign_print,
        name="campaign_print",
    ),
    path("agent/parametrage/silence/", regimes.regimes, name="regimes"),
    path("agent/parametrage/silence/<slug:code>/", regimes.regime, name="regime"),
    path("agent/parametrage/acces/", holders.holders, name="holders"),
    path("agent/parametrage/acces/<slug:code>/", holders.holder, name="holder"),
    path(
        "agent/parametrage/acces/retirer/<int:holder_id>/",
        holders.holder_withdraw,
        name="holder_withdraw",
    ),
    path("agent/parametrage/lettres/", newsletters.newsletters, name="newsletters"),
    path("agent/parametrage/lettres/nouvelle/", newsletters.newsletter, name="newsletter_new"),
    path(
        "agent/parametrage/lettres/<int:newsletter_id>/", newsletters.newsletter, name="newsletter"
    ),
    path("agent/parametrage/lettres/numeros/", newsletters.issue_write, name="issue_new"),
    path("agent/parametrage/lettres/numeros/<int:issue_id>/", newsletters.issue, name="issue"),
    path(
        "agent/parametrage/lettres/numeros/<int:issue_id>/corriger/",
        newsletters.issue_write,
        name="issue_edit",
    ),
    path(
        "agent/parametrage/lettres/numeros/<int:issue_id>/envoyer/",
        newsletters.issue_send,
        name="issue_send",
    ),
    path("agent/parametrage/delais/", agreements.agreements, name="agreements"),
    path(
        "agent/parametrage/delais/<slug:code>/<slug:department_code>/",
        agreements.agreement,
        name="agreement",
    ),
    path("agent/parametrage/contrats/<slug:department_code>/", contracts.contract, name="contract"),
    path(
        "agent/parametrage/contrats/<slug:department_code>/ecrire/",
        contracts.contract_write,
        name="contract_write",
    ),
    path(
        "agent/parametrage/contrats/<slug:department_code>/repondre/",
        contracts.contract_answer,
        name="contract_answer",
    ),
    path(
        "agent/parametrage/contrats/<slug:department_code>/retirer/",
        contracts.contract_withdraw,
        name="contract_withdraw",
    ),
    path("agent/parametrage/calendrier/", calendar.calendar, name="calendar"),
    path("agent/parametrage/calendrier/<int:pk>/", calendar.closure, name="closure"),
    path("agent/parametrage/envois/", settings.deliveries, name="deliveries"),
    path("agent/parametrage/envois/<slug:kind>/", settings.try_again, name="try_again"),
]
