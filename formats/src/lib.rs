//! Reads recorded activities.
