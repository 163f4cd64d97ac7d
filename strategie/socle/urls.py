"""Public pages, accounts and people."""

urlpatterns: list = []
