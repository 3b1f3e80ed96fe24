"""How a run is kept: tables, manifest, a folder replaced as a whole."""
