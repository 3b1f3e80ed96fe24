"""How scenario and county files are read and checked."""
