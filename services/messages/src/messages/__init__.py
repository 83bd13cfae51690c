"""The messages service: who is told what, where and when."""
