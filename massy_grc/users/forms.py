"""The forms of the account pages, in our words."""

from allauth.account import forms as allauth_forms
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base import forms as second_factor_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.addresses import AddressField
from massy_grc.common.typed import TextField
from massy_grc.users.limits import CODES, code_wait, right_code, too_many

PASSWORD_LENGTH = 1000  # characters at most: hashing a whole book is of use to nobody
KEY_NAME_LENGTH = 100  # characters
PASSWORD_HELP = _("12 caractères au moins. Quelques mots sans lien font un bon mot de passe.")
REMEMBER_KEY = "remember_me"  # in the session, until the sign-in is complete


class LoginForm(allauth_forms.LoginForm):
    """allauth's form: labels without placeholders, the choice to stay signed in."""

    stay = forms.BooleanField(
        label=_("Rester connecté 30 jours sur cet appareil"),
        help_text=_("Pas sur un ordinateur partagé."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField()
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password", "stay"])

    def login(self, request, redirect_url=None):
        """Sign in; what the person wished waits for the second factor, if there is one."""
        request.session[REMEMBER_KEY] = self.cleaned_data["stay"]
        return super().login(request, redirect_url)


class AskPasswordForm(forms.Form):
    """Where to send the link that lets choose a new password."""

    email = AddressField()


class NewPasswordField(forms.CharField):
    """One field for a new password: it can be shown, pasted, and kept by a manager."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Mot de passe"))
        kwargs.setdefault("help_text", PASSWORD_HELP)
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, max_length=PASSWORD_LENGTH, widget=widget, **kwargs)


class _TypedOnce(forms.Form):
    """A new password is typed once: whoever doubts has it shown."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].label = _("Nouveau mot de passe")
        self.fields["password1"].help_text = PASSWORD_HELP
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ResetPasswordKeyForm(_TypedOnce, allauth_forms.ResetPasswordKeyForm):
    """The new password of whoever opened the mailed link."""


class SetPasswordForm(_TypedOnce, allauth_forms.SetPasswordForm):
    """A first password for whoever signs in otherwise."""


class ChangePasswordForm(_TypedOnce, allauth_forms.ChangePasswordForm):
    """The password known so far, and the new one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Mot de passe actuel")
        self.fields["oldpassword"].help_text = ""


class _LimitedCode(second_factor_forms.BaseAuthenticateForm):
    """A code is counted before it is looked at, in PostgreSQL; a right one gives the try back."""

    def clean_code(self) -> str:
        request = context.request
        if wait := code_wait(request, self.user.pk):
            raise ImmediateHttpResponse(too_many(request, wait, CODES))
        code = super().clean_code()
        right_code(request, self.user.pk)
        return code


class AuthenticateForm(_LimitedCode, second_factor_forms.AuthenticateForm):
    """The second factor at sign-in."""


class ReauthenticateForm(_LimitedCode, second_factor_forms.ReauthenticateForm):
    """The second factor before a setting is changed."""


class ActivateCodeForm(ActivateTOTPForm):
    """The first code, called as at every sign-in after it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget.attrs.pop("placeholder")


class CredentialField(forms.JSONField):
    """What a browser answers of a passkey; what no reader of JSON takes is no credential."""

    def __init__(self):
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value):
        """Read it.

        Raises:
            ValidationError: not JSON, a number of thousands of digits, or nested without end.
        """
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": ""}
            ) from None

    def bound_data(self, data, initial):
        """What is shown again: nothing, of what cannot be read."""
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return initial


class _NamedKey(forms.Form):
    """The name of a passkey is a text like others: short, on one line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = TextField(
            label=_("Nom de la clé"),
            max_length=KEY_NAME_LENGTH,
            required=self.fields["name"].required,
        )


class AddKeyForm(_NamedKey, AddWebAuthnForm):
    """A new passkey."""

    credential = CredentialField()


class AuthenticateKeyForm(AuthenticateWebAuthnForm):
    """A passkey at sign-in."""

    credential = CredentialField()


class ReauthenticateKeyForm(ReauthenticateWebAuthnForm):
    """A passkey before a setting is changed."""

    credential = CredentialField()


class EditKeyForm(_NamedKey, EditWebAuthnForm):
    """Another name for a passkey."""
