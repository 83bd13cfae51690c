"""The service's own small copy of the register: what stands where, and who it belongs to."""

from tasks.places.place import Enterprise, Instrument, Place, Places

__all__ = ["Enterprise", "Instrument", "Place", "Places"]
