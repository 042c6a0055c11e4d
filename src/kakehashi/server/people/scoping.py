"""Organisations are kept apart by construction: there is no `objects.all()`.

A model of an organisation derives from `OrganisationModel`. Its `objects` offers nothing but
`of(organisation)` and `create(organisation, …)`, so that a query that forgets the organisation
cannot be written by accident. `unscoped` is for what runs before the organisation is known
(signing in, a key) or for all of them (leases, rebuilding); a test lists the files that use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models

if TYPE_CHECKING:
    from kakehashi.server.people.models import Organisation

M = TypeVar("M", bound="OrganisationModel")


class Scope(Generic[M]):
    """The rows of a model, once somebody says whose."""

    def __init__(self, model: type[M]) -> None:
        self._model = model

    def of(self, organisation: Organisation | int) -> models.QuerySet[M]:
        """The rows of one organisation."""
        return self._model.unscoped.filter(organisation_id=_id(organisation))

    def create(self, organisation: Organisation | int, **fields: Any) -> M:
        """A new row of one organisation."""
        return self._model.unscoped.create(organisation_id=_id(organisation), **fields)


class _Objects:
    def __get__(self, instance: M | None, owner: type[M]) -> Scope[M]:
        return Scope(owner)


class OrganisationModel(models.Model):
    """A row that belongs to an organisation."""

    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )

    unscoped = models.Manager()
    objects = _Objects()

    class Meta:
        abstract = True


def _id(organisation: Organisation | int) -> int:
    return organisation if isinstance(organisation, int) else organisation.pk
