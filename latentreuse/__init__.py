"""The face of the project: command line, case files, reports. It alone touches files, and it knows no mathematics."""

__version__ = "0.1.0"
