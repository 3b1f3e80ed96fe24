"""Who decides: the residents, the rural bank, the payment platform and the county government; and their books."""
