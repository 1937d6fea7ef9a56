"""Views of a lab in JupyterLab: one Python class and hand-written ES modules."""

from blockchain_lab_widgets.view import show

__all__ = ["show"]
