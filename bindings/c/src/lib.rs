//! What C sees of Paceline. Nothing is decided here.
