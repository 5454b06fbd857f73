//! The `paceline` program.

fn main() {
    let path = std::env::args_os().nth(2).unwrap_or_default();
    match paceline_cli::replay_file(path.as_ref(), &paceline_formats::ReadOptions::strict()) {
        Ok(report) => println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default()),
        Err(error) => eprintln!("error: {error}"),
    }
}
