from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "massy_grc.users"
    label = "users"
