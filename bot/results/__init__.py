"""What comes of answers: tables that give nobody away, and pictures of them."""
