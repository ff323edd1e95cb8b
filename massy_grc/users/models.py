"""Whoever logs in: an agent or a citizen, never both with one address."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from massy_grc.common.folding import folded


class UserKind(models.TextChoices):
    AGENT = "agent", _("Agent")
    CITIZEN = "citizen", _("Citoyen")


class Theme(models.TextChoices):
    LIGHT = "light", _("Claire")
    DARK = "dark", _("Sombre")


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str | None, password: str | None = None, **fields) -> "User":
        """Create a user; without a password the account cannot log in until one is set."""
        user = self.model(email=self.normalize_email(email).lower() or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Create a user with every right in Django's own admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def agents(self) -> models.QuerySet["User"]:
        """The log-ins of the staff; citizens are none of an administrator's business."""
        return self.filter(kind=UserKind.AGENT)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a log-in. What they may do comes from memberships, not from here.

    A citizen who signs in through an identity provider may have no address (yet).
    """

    email = models.EmailField(_("adresse électronique"), unique=True, null=True, blank=True)
    kind = models.CharField(max_length=8, choices=UserKind.choices, default=UserKind.AGENT)
    first_name = models.CharField(_("prénom"), max_length=100)
    last_name = models.CharField(_("nom"), max_length=100)
    job_title = models.CharField(_("qualité"), max_length=150, blank=True)
    is_active = models.BooleanField(_("actif"), default=True)
    is_staff = models.BooleanField(_("accès à l'administration technique"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(
        null=True, blank=True, help_text="an agent's last act, to the nearest five minutes"
    )
    closing = models.CharField(
        _("formule de fin"),
        max_length=300,
        blank=True,
        db_default="",
        help_text="an agent's own last lines, above their name, of letters in their own words",
    )
    theme = models.CharField(
        _("apparence"),
        max_length=5,
        blank=True,
        db_default="",
        choices=Theme.choices,
        help_text="for agents' pages; empty: the machine's own",
    )
    letter_keys = models.BooleanField(
        _("touches d’une lettre"),
        default=True,
        help_text="for agents' pages",
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        # as a dictionary does, without accents or capitals: so is every list to choose from
        ordering = [folded("last_name"), folded("first_name"), "pk"]
        constraints = [
            # an agent is invited by mail: only a citizen can do without an address
            models.CheckConstraint(
                name="agent_has_email", condition=~Q(kind=UserKind.AGENT) | Q(email__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email or ""

    @property
    def is_citizen(self) -> bool:
        """Whether this log-in opens a citizen account; the staff's rules then do not apply."""
        return self.kind == UserKind.CITIZEN

    def get_full_name(self) -> str:
        """Given name then family name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def list_name(self) -> str:
        """Family name in capitals then given name, as the queue's column shows it."""
        return f"{self.last_name.upper()} {self.first_name}".strip()

    @property
    def initials(self) -> str:
        return "".join(part[:1] for part in (self.first_name, self.last_name)).upper()
