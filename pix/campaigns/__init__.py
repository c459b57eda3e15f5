"""What a school asks: campaign, participation, frozen results, stages, analysis."""
