"""What every room needs and that owns nothing: ids, school years, exact pix, text keys, the clock."""
