"""A release that brings a table, a column in the database's largest table, and an index on it."""
