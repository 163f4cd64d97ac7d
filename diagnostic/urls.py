"""The diagnostic of a school, under its address."""

urlpatterns: list = []
