"""Graphics that say more than the speaker's face: charts, cards, lists."""
