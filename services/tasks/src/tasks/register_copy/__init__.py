"""The service's own small copy of the register: enterprises, their points, and the instruments there."""
