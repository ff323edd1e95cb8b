from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0012_last_closed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mention", "Une note vous nomme"),
                    ("assigned", "Une demande vous est confiée"),
                    ("message", "Le demandeur a écrit, sur une demande que vous tenez"),
                    ("returned", "Un service rend une demande que vous suivez"),
                    ("task", "Un travail est demandé à votre service, vous est rendu ou refusé"),
                    ("decision", "Une réponse attend votre signature, ou vous revient"),
                    ("watched", "Du nouveau dans une demande que vous suivez"),
                    ("alert", "Échéances et retards"),
                    ("due-today", "Ce qui est à rendre aujourd’hui"),
                    ("call-back", "Un rappel promis approche"),
                    ("export", "Un export est prêt"),
                    ("contract", "Un contrat de service attend votre accord, ou reçoit sa réponse"),
                    ("access", "Quelqu’un devient administrateur"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="noticechoice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mention", "Une note vous nomme"),
                    ("assigned", "Une demande vous est confiée"),
                    ("message", "Le demandeur a écrit, sur une demande que vous tenez"),
                    ("returned", "Un service rend une demande que vous suivez"),
                    ("task", "Un travail est demandé à votre service, vous est rendu ou refusé"),
                    ("decision", "Une réponse attend votre signature, ou vous revient"),
                    ("watched", "Du nouveau dans une demande que vous suivez"),
                    ("alert", "Échéances et retards"),
                    ("due-today", "Ce qui est à rendre aujourd’hui"),
                    ("call-back", "Un rappel promis approche"),
                    ("export", "Un export est prêt"),
                    ("contract", "Un contrat de service attend votre accord, ou reçoit sa réponse"),
                    ("access", "Quelqu’un devient administrateur"),
                ],
                max_length=10,
            ),
        ),
    ]
