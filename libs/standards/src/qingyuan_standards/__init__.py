"""HJ rules, record sheets and calendars as dated data, and the small pure engine that reads them."""
