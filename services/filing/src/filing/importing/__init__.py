"""People, devices and spare parts from an Excel workbook: checked at once, and added row by row."""
