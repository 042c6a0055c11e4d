"""Organisations, their departments and members, and invitations to found one."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from kakehashi.server.people.scoping import OrganisationModel


class Role(models.TextChoices):
    """What a member may do; each role may also do what the ones below it may."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    MEMBER = "member"


class Organisation(models.Model):
    """A city hall, a company. While it is paused, nobody of it gets in."""

    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Department(OrganisationModel):
    """A part of an organisation."""

    name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organisation", "name"), name="department_name"),
        )

    def __str__(self) -> str:
        return self.name


class Member(AbstractBaseUser, OrganisationModel):
    """A person. The login is unique on the whole server, so that signing in needs nothing else.

    `must_change_password`: the password was given by somebody else and opens one page only.
    """

    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"

    class Meta:
        indexes = (models.Index(fields=("organisation", "department"), name="member_department"),)

    def __str__(self) -> str:
        return self.name or self.login


class Invitation(models.Model):
    """A code with which one new organisation may be founded, once. Only its hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
