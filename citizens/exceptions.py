"""Refusals of the citizens' side; their message tells a person what to do."""


class AccountError(Exception):
    """An act on an account was refused."""


class MergeRefused(Exception):
    """Two records are not made one, or not made two again."""


class HouseholdRefused(Exception):
    """Two people are not made a household."""


class VoidLink(AccountError):
    """A mailed link is forged, too old, used or replaced."""


class NotInvited(VoidLink):
    """The invitation was sent to another address than the account's."""


class NotAdministrator(AccountError):
    """Only an administrator of the organisation may do this."""


class NotVerified(AccountError):
    """The town has not verified the organisation: nobody is written to in its name."""


class LastAdministrator(AccountError):
    """An organisation keeps at least one administrator."""


class OtherAdministrators(AccountError):
    """The account of an organisation is closed by its last administrator, nobody before."""


class AlreadySent(AccountError):
    """An issue of a newsletter left already; it is sent once."""
