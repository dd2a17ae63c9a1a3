"""Forms of customers, contracts, devices, products and faults."""

from __future__ import annotations

from typing import Any

from django import forms

from fuxiao.service.models import Category, Contract, Customer, Device, FaultCode, Product
from fuxiao.web.org.forms import DayField
from fuxiao.web.words import later, t

Given = dict[str, Any]


class CustomerForm(forms.Form):
    """What is known of a customer."""

    name = forms.CharField(label=later("名称", "Name"), max_length=200)
    phone = forms.CharField(
        label=later("电话", "Telephone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=later("邮箱", "E-mail"), required=False)
    address = forms.CharField(label=later("地址", "Address"), required=False, max_length=400)
    city = forms.CharField(label=later("城市", "City"), required=False, max_length=80)
    region = forms.CharField(label=later("区域", "Region"), required=False, max_length=80)
    segment = forms.CharField(label=later("客群", "Segment"), required=False, max_length=80)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def given(self) -> Given:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "number")}


class NewCustomerForm(CustomerForm):
    number = forms.CharField(
        label=later("客户号", "Number"), required=False, max_length=60,
        help_text=later("留空则自动编号", "Empty: the next free one"),
    )  # fmt: skip
    field_order = ("name", "phone", "number")

    def clean_number(self) -> str:
        return without_slash(self.cleaned_data["number"])


class CustomerField(forms.CharField):
    """A customer by number, or by a name that only one has."""

    def clean(self, value: object) -> Customer | None:
        word = str(super().clean(value) or "").strip()
        if not word:
            return None
        found = list(Customer.objects.filter(number=word)) or list(Customer.objects.filter(name=word)[:2])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            t("有几位客户叫{word}，请写客户号。", "Several customers are called {word}; write the number.", word=word)
            if found
            else t("没有这位客户：{word}。", "There is no customer {word}.", word=word)
        )


class DeviceForm(forms.Form):
    """What is known of a device; empty days of warranty are worked out from the product."""

    product = forms.ModelChoiceField(
        Product.objects.all(), label=later("型号", "Product"), to_field_name="code", required=False, empty_label="—"
    )
    customer = CustomerField(
        label=later("客户", "Customer"), required=False, help_text=later("客户号或名称", "Number or name")
    )
    sold_on = DayField(label=later("售出日", "Sold on"), required=False)
    installed_on = DayField(label=later("装机日", "Installed on"), required=False)
    warranty_start = DayField(
        label=later("质保开始日", "Warranty from"), required=False,
        help_text=later("留空则从装机日（没有则售出日）起算", "Empty: from installation, else from the sale"),
    )  # fmt: skip
    warranty_end = DayField(
        label=later("质保结束日（不含）", "Warranty until (not included)"), required=False,
        help_text=later("留空则按型号的质保月数", "Empty: after the months of the product"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def given(self) -> Given:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "serial")}


class NewDeviceForm(DeviceForm):
    serial = forms.CharField(label=later("序列号", "Serial number"), max_length=80)
    field_order = ("serial", "product", "customer")

    def clean_serial(self) -> str:
        return without_slash(self.cleaned_data["serial"])


class ExchangeForm(forms.Form):
    serial = forms.CharField(label=later("换出的新机序列号", "Serial number of the new device"), max_length=80)
    on = DayField(label=later("换货日", "Exchanged on"))
    reason = forms.CharField(label=later("原因", "Reason"), max_length=400)

    def clean_serial(self) -> str:
        return without_slash(self.cleaned_data["serial"])


class ContractForm(forms.Form):
    level = forms.CharField(
        label=later("服务等级", "Service level"), max_length=80,
        help_text=later("服务级别按它选择时限", "Service levels are chosen by it"),
    )  # fmt: skip
    device = forms.ModelChoiceField(
        Device.objects.none(), label=later("设备", "Device"), required=False, to_field_name="serial",
        empty_label=later("客户的全部设备", "All of the customer's"),
    )  # fmt: skip
    valid_from = DayField(label=later("开始日", "From"))
    valid_to = DayField(label=later("结束日（不含）", "Until (not included)"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, customer: Customer, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["device"].queryset = Device.objects.filter(customer=customer)  # type: ignore[attr-defined]

    @property
    def given(self) -> Given:
        return {name: self.cleaned_data[name] for name in ("level", "device", "valid_from", "valid_to")}


class NewContractForm(ContractForm):
    number = forms.CharField(label=later("合同号", "Contract number"), max_length=60)
    field_order = ("number", "level")

    def clean_number(self) -> str:
        return without_slash(self.cleaned_data["number"])


class ProductForm(forms.Form):
    """A model that is sold."""

    name = forms.CharField(label=later("名称", "Name"), max_length=200)
    category = forms.ModelChoiceField(
        Category.objects.all(), label=later("类别", "Category"), to_field_name="key", required=False, empty_label="—"
    )
    warranty_months = forms.IntegerField(
        label=later("质保月数", "Months of warranty"), required=False, min_value=0, max_value=600
    )
    active = forms.BooleanField(label=later("在售", "On sale"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def given(self) -> Given:
        return {name: self.cleaned_data[name] for name in ("name", "category", "warranty_months", "active")}


class NewProductForm(ProductForm):
    code = forms.CharField(label=later("型号代码", "Code"), max_length=80)
    field_order = ("code", "name")

    def clean_code(self) -> str:
        return without_slash(self.cleaned_data["code"])


class FaultForm(forms.Form):
    """A fault that devices have."""

    zh = forms.CharField(label=later("中文名称", "Chinese name"), max_length=200)
    en = forms.CharField(label=later("英文名称", "English name"), max_length=200)
    group = forms.CharField(
        label=later("故障大类", "Group"), required=False, max_length=120,
        help_text=later("同一大类的再次报修算返修", "A new request of the same group counts as a repeat repair"),
    )  # fmt: skip
    category = forms.ModelChoiceField(
        Category.objects.all(), label=later("类别", "Category"), to_field_name="key", required=False, empty_label="—"
    )
    active = forms.BooleanField(label=later("启用", "In use"), required=False, initial=True)

    @property
    def given(self) -> Given:
        return {name: self.cleaned_data[name] for name in ("zh", "en", "group", "category", "active")}


class NewFaultForm(FaultForm):
    code = forms.CharField(label=later("故障代码", "Code"), max_length=80)
    field_order = ("code", "zh", "en")

    def clean_code(self) -> str:
        return without_slash(self.cleaned_data["code"])


def without_slash(name: str) -> str:
    """A name that can stand in an address."""
    if "/" in name:
        raise forms.ValidationError(t("不能含“/”。", "It cannot contain “/”."))
    return name.strip()


def initial(row: Customer | Device | Contract | Product | FaultCode, form: type[forms.Form]) -> Given:
    """The fields of a form as the row has them; of another row its name in addresses."""
    names = [name for name in form.base_fields if hasattr(row, name)]
    return {name: _named(getattr(row, name)) for name in names}


def _named(value: object) -> object:
    for cls, column in ((Product, "code"), (Customer, "number"), (Category, "key"), (Device, "serial")):
        if isinstance(value, cls):
            return getattr(value, column)
    return value
