"""The township's services to its residents: the Flask application package."""
