"""What a report and an exemption are, and how both decide: no I/O here."""
