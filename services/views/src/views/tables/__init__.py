"""The tables of the read models for SQLAlchemy.

`tests/test_tables.py` compares them with the scripts that create the tables.
"""
