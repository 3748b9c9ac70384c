"""Excel in and out, in the worker: jobs with progress, checked whole before anything is written."""
