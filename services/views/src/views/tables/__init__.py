"""The tables of the read models, as SQLAlchemy knows them. A test holds them to the scripts that make the tables."""
