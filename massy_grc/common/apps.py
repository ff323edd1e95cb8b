from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "massy_grc.common"
    label = "common"
