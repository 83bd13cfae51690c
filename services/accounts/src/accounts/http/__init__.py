"""Edge: the routes of the service and the shapes of what they answer."""
