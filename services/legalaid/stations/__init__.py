"""Stations and consultations."""
