"""Reads rows from an Excel workbook whose sheets a service has laid out, with findings at their cells."""
