"""What the `catfish` command shows: tables, progress, errors in one sentence."""
