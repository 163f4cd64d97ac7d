"""Dashboards."""

urlpatterns: list = []
