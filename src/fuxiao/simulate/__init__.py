"""A seeded simulator of an appliance maker's service department, to try the product with 10 or 10,000 people."""

from fuxiao.simulate.home import write_home
from fuxiao.simulate.run import simulate
from fuxiao.simulate.truths import Fault, Truths

__all__ = ["Fault", "Truths", "simulate", "write_home"]
