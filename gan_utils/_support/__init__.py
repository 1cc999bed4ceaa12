"""What the package itself is built with: checks, lazy names, files, a quiet TensorFlow."""
