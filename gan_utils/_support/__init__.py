"""Internal helpers: checks, lazy imports, file writing, and quiet loading of TensorFlow."""
