from plans.models.besoin import Besoin

__all__ = ["Besoin"]
