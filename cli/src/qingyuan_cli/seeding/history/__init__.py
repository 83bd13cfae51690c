"""Eight weeks of work of the demo town, played through the services' own edges with a clock of the past."""
