//! Writes `include/paceline.h` and what its tests need to know of it, or with `--verify` tells whether it is what it should be.
//!
//! Structures and functions come from the source of `paceline-c`; numbers of enumerations and codes from the engine's own
//! tables, with the comments that stand there; the opening text and the inline functions from `parts`.

mod asserts;
mod tables;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let verify = std::env::args().any(|argument| argument == "--verify");
    match run(verify) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(verify: bool) -> Result<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let files = [("include/paceline.h", header(&root)?), ("bindings/c/tests/layout.h", asserts::offsets())];
    for (name, should) in &files {
        let path = root.join(name);
        if verify {
            compare(name, &read(&path)?, should)?;
        } else {
            std::fs::write(&path, should).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    let names = files.map(|(name, _)| name).join(" and ");
    Ok(if verify { format!("{names} are up to date") } else { format!("{names} are written") })
}

/// # Errors
/// Names the first line that differs.
fn compare(name: &str, stands: &str, should: &str) -> Result<(), String> {
    let (mut old, mut new) = (stands.lines(), should.lines());
    for line in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (one, other) if one == other => {}
            (one, other) => {
                return Err(format!(
                    "{name} differs from its sources; run `cargo run -p paceline-header` and commit it.\n\
                     line {line}\n  stands: {}\n  should: {}",
                    one.unwrap_or("the end"),
                    other.unwrap_or("the end"),
                ));
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn header(root: &Path) -> Result<String, String> {
    let ours = root.join("bindings/c");
    let part = |name: &str| read(&ours.join("header/parts").join(name));
    let mut config = cbindgen::Config::from_file(ours.join("cbindgen.toml").to_string_lossy().as_ref())?;
    config.header = Some(part("guide.h")?.trim_end().to_owned());
    config.after_includes = Some(format!("\n{}\n{}", part("macros.h")?, tables::text(root)?));
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_crate(&ours)
        .generate()
        .map_err(|error| format!("the source of paceline-c cannot be read: {error}"))?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).map_err(|error| error.to_string())?;
    // cbindgen has no place for text at the end but within the guard.
    let guard = "#endif  /* PACELINE_H */";
    let (body, _) =
        header.split_once(guard).ok_or("cbindgen closes the include guard otherwise than before")?;
    let trailer = part("trailer.h")?.replace("@asserts@", &asserts::sizes(&header)?);
    Ok(format!("{body}{trailer}\n{guard}\n"))
}
