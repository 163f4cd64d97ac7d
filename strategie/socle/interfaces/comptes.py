"""Accounts: what allauth must do our way, and the forms about people."""

from allauth.account.adapter import DefaultAccountAdapter


class AdaptateurComptes(DefaultAccountAdapter):
    """Nobody signs up alone: accounts come from invitations."""

    def is_open_for_signup(self, request):
        return False
