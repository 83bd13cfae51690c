"""Who manages an organisation, and the certificate that it may demand of managers."""
