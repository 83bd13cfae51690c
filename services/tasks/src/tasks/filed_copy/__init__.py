"""The service's own small copy of what operators have filed: their people and devices, with the papers of each."""
