"""What exists: people, households, shops, places and ties; loans and the ledger; and how a county is built."""
