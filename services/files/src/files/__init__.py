"""The files service: stores uploaded files and decides who may read them."""
