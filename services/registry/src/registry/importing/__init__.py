"""Instruments from an Excel workbook: upload, check, confirmation, registration."""
