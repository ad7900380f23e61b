"""The rules of stations and consultations."""
