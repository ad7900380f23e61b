"""The services of the product: one chassis, one folder for each service, the command and the client."""
