"""What a teacher takes to class: slides and a hand-out of every lesson."""
