"""An API key, without the key."""

from __future__ import annotations

from django.db import models

from kakehashi.server.people.models import Member
from kakehashi.server.people.scoping import OrganisationModel


class ApiKey(OrganisationModel):
    """What is known of a key: its first characters, and the SHA-256 of the whole.

    A plain hash is enough, unlike for passwords: a key is 256 random bits, nobody can guess it.
    `scopes` are words with spaces between them.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=("organisation", "member"), name="key_member"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
