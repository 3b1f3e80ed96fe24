"""The levers of government, platform, bank and regulator, and events that may strike, by group.

A group is a table under ``[policy]`` in a scenario; a lever's path is ``group.name``.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sim.levers.bank import BankLevers
from sim.levers.government import GovernmentLevers
from sim.levers.platform import PlatformLevers
from sim.levers.regulator import RegulatorLevers
from sim.levers.shocks import ShockLevers


class Levers(BaseModel):
    """All levers in force in one month, by group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    government: GovernmentLevers = GovernmentLevers()
    platform: PlatformLevers = PlatformLevers()
    bank: BankLevers = BankLevers()
    regulator: RegulatorLevers = RegulatorLevers()
    shocks: ShockLevers = ShockLevers()
