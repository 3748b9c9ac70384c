"""The demonstration county: drawn boundaries, staff and a year of cases. Production never imports it."""
