"""Sample rolls of fictional schools, valid and faulty, and the script that writes them."""
