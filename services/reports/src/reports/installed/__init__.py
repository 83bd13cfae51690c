"""The service's own small copy of the register: where points belong, and when an instrument stood where."""
