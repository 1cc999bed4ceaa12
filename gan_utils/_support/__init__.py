"""What the package itself is built on: checks, lazy names, files, a quiet TensorFlow."""
