"""The filing service: what operators file, and how it is reviewed."""
