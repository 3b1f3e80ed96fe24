"""The shipped mechanisms held against data that nobody here made: villages, and districts."""
