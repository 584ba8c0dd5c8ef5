"""What must not leave the house: recognizers of identifiers, and the exchange of each for a placeholder and back."""
