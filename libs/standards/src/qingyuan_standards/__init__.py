"""Rules of the HJ standards, record sheets and calendars as dated data, and the pure functions that evaluate them."""
