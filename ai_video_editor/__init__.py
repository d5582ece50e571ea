"""Everything about video: hearing, seeing, deciding, making and checking an edit.

The package imports with Prefect uninstalled; only `cli` and `workflow` know that flows exist.
"""

__version__ = "0.1.0"
