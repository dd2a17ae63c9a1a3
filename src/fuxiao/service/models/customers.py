"""Customers, what they bought, and the contracts that promise them something."""

from __future__ import annotations

from secrets import token_urlsafe

from django.db import models
from django.db.models import F, Q

from fuxiao.service.models.lists import Category


class Customer(models.Model):
    """Whom the service works for; ``number`` is the name in records.

    ``plain`` and ``initials`` are the name in pinyin, ``phone_digits`` the telephone without signs, backwards: a
    search for its last digits is one for its beginning.
    """

    number = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    plain = models.CharField(max_length=400, editable=False, blank=True)
    initials = models.CharField(max_length=60, editable=False, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    phone_digits = models.CharField(max_length=40, editable=False, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=400, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("phone_digits",), name="customer_phone"),
            models.Index(fields=("plain",), name="customer_plain"),
            models.Index(fields=("initials",), name="customer_initials"),
            models.Index(fields=("name",), name="customer_name"),
        )

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A model that is sold; ``warranty_months`` from installation, else from sale."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="products")
    warranty_months = models.PositiveIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """One thing by its serial number. ``warranty_end`` is the first day out of warranty.

    ``token`` is what the code on the device carries: it names the device to the request page and to nobody else.
    """

    serial = models.CharField(max_length=80, unique=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="devices")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="devices")
    sold_on = models.DateField(null=True, blank=True)
    installed_on = models.DateField(null=True, blank=True)
    warranty_start = models.DateField(null=True, blank=True)
    warranty_end = models.DateField(null=True, blank=True)
    token = models.CharField(max_length=50, unique=True, default=token_urlsafe, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("serial",)
        constraints = (
            models.CheckConstraint(
                condition=Q(warranty_end__isnull=True) | Q(warranty_start__isnull=True)
                | Q(warranty_end__gte=F("warranty_start")),
                name="warranty_ends_after_start",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.serial


class Contract(models.Model):
    """A promise to a customer, for all devices or one, from ``valid_from`` to before ``valid_to`` (null: open).

    ``level`` is what the service levels select by as ``contract``.
    """

    number = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts")
    level = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("customer", "valid_from", "number")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="contract_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Exchange(models.Model):
    """A device was handed over for another one on a day; the warranty of the new one begins anew."""

    old = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="exchanged_for")
    new = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="exchanged_from")
    on = models.DateField()
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("on", "id")
        constraints = (models.CheckConstraint(condition=~Q(old=F("new")), name="not_exchanged_for_itself"),)

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"
