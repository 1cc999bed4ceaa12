"""Grades submitted notebooks."""
