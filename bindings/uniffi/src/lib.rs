//! What Swift and Kotlin see of Paceline. Nothing is decided here.

uniffi::setup_scaffolding!("paceline");
