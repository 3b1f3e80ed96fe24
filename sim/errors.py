"""Errors that a person caused and a person can mend."""


class CatfishError(Exception):
    """One sentence: what is wrong, where, which value, and what would be right."""
