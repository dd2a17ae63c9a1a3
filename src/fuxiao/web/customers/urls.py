"""Addresses of customers, devices and the catalogues: names of records may hold a slash, so they come last."""

from django.urls import path

from fuxiao.web.customers import catalogue, devices, editing, imports, views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/new/", editing.new, name="customer_new"),
    path("customers/import/", imports.customers_import, name="customers_import"),
    path("customers/<text:number>/edit/", editing.edit, name="customer_edit"),
    path("customers/<text:number>/contracts/new/", editing.new_contract, name="contract_new"),
    path("customers/<text:number>/contracts/<text:contract>/", editing.contract, name="contract"),
    path("customers/<text:number>/", views.customer, name="customer"),
    path("devices/", devices.devices, name="devices"),
    path("devices/new/", devices.new, name="device_new"),
    path("devices/import/", imports.devices_import, name="devices_import"),
    path("devices/<text:serial>/edit/", devices.edit, name="device_edit"),
    path("devices/<text:serial>/exchange/", devices.exchange, name="device_exchange"),
    path("devices/<text:serial>/", devices.device, name="device"),
    path("products/", catalogue.products, name="products"),
    path("products/new/", catalogue.new_product, name="product_new"),
    path("products/<text:code>/", catalogue.product, name="product"),
    path("faults/", catalogue.faults, name="faults"),
    path("faults/new/", catalogue.new_fault, name="fault_new"),
    path("faults/<text:code>/", catalogue.fault, name="fault"),
]
