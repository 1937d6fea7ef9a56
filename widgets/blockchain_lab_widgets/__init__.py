"""Views of a lab in JupyterLab: one Python class and hand-written ES modules."""
