"""Residents: what they do each month, and the views through which Mesa sees them."""

from sim.agents.residents.columnar import ColumnarModel
from sim.agents.residents.resident_set import ResidentSet
from sim.agents.residents.views import Employee, Farmer, Merchant, Resident

__all__ = ["ColumnarModel", "Employee", "Farmer", "Merchant", "Resident", "ResidentSet"]
