"""Shipped mechanisms held against data that nobody here made: the data stays in a folder that the user names."""
