//! The numbers of enumerations and codes, with what the engine's source says about each.

use paceline::{
    AggregationStyle, AuthorizationStatus, ErrorCode, ErrorDomain, LogLevel, QuantityType, SourceKind,
    SwimmingStrokeStyle, WorkoutActivityType, WorkoutEventType, WorkoutSessionLocationType,
    WorkoutSessionState, WorkoutSessionType, WorkoutSwimmingLocationType, metadata_keys,
};
use std::fmt::Write;
use std::path::Path;

/// Everything that is put behind the includes.
pub(crate) fn text(root: &Path) -> Result<String, String> {
    let mut text = String::new();
    version(&mut text);
    batch(&mut text);
    codes(&mut text, root)?;

    macro_rules! family {
        ($type:ident, $file:literal, $prefix:literal, $what:literal) => {
            let rows: Vec<_> =
                $type::ALL.iter().map(|value| (value.name(), u32::from(value.raw()))).collect();
            family(&mut text, root, stringify!($type), $file, $prefix, $what, &rows)?;
        };
    }
    family!(WorkoutSessionState, "values/session_state.rs", "STATE", "Where a session is in its life.");
    family!(
        WorkoutSessionType,
        "values/session_state.rs",
        "SESSION_TYPE",
        "Which end of a mirrored workout a session is."
    );
    family!(WorkoutEventType, "values/event.rs", "EVENT", "What happened.");
    family!(
        WorkoutSessionLocationType,
        "values/configuration.rs",
        "LOCATION",
        "Where a workout takes place."
    );
    family!(
        WorkoutSwimmingLocationType,
        "values/configuration.rs",
        "SWIMMING_LOCATION",
        "Where a swim takes place."
    );
    family!(SwimmingStrokeStyle, "values/configuration.rs", "STROKE_STYLE", "How a length was swum.");
    family!(WorkoutActivityType, "values/activity_type.rs", "ACTIVITY", "What a person does in a workout.");
    quantity_types(&mut text);
    family!(
        AggregationStyle,
        "values/quantity_type.rs",
        "AGGREGATION",
        "How the values of a type are put together."
    );
    family!(
        AuthorizationStatus,
        "values/authorization.rs",
        "AUTHORIZATION",
        "Whether something may be written."
    );
    family!(SourceKind, "values/sample.rs", "SOURCE_KIND", "Where a source stands among several.");
    family!(LogLevel, "shell/diagnostics.rs", "LOG", "How much a log line matters.");
    keys(&mut text);
    Ok(text)
}

fn version(text: &mut String) {
    let (major, minor, patch) =
        (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH"));
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    let all = number(major) * 1_000_000 + number(minor) * 1_000 + number(patch);
    heading(text, "The version of this header; see paceline_version().");
    define(text, "", "VERSION", format_args!("\"{}\"", env!("CARGO_PKG_VERSION")));
    define(text, "", "VERSION_NUMBER", all);
}

fn batch(text: &mut String) {
    heading(text, "The layout of a packed batch; see \"Packed batches\" above.");
    define(text, "", "BATCH_VERSION", 1);
    define(text, "Bytes of the header.", "BATCH_HEADER_SIZE", 24);
    define(text, "Bytes of a row.", "BATCH_ROW_SIZE", 32);
}

fn codes(text: &mut String, root: &Path) -> Result<(), String> {
    let domains: Vec<_> =
        ErrorDomain::ALL.iter().map(|domain| (domain.name(), u32::from(domain.raw()))).collect();
    family(
        text,
        root,
        "ErrorDomain",
        "values/error.rs",
        "DOMAIN",
        "Which part of the system an error speaks about.",
        &domains,
    )?;
    heading(text, "Why a call failed: domain * 1000 + number. A code keeps its number for ever.");
    let source = Source::read(root, "values/error.rs", "error_codes! {\n    ///")?;
    for code in ErrorCode::ALL {
        let ending = format!("{} {}, \"{}\";", domain_variant(code.domain()), code.number(), code.name());
        let name = format!("ERROR_{}_{}", upper(code.domain().name()), upper(code.name()));
        define(text, &source.comment_above(&ending)?, &name, code.raw());
    }
    Ok(())
}

fn domain_variant(domain: ErrorDomain) -> String {
    let name = domain.name();
    name[..1].to_uppercase() + &name[1..]
}

fn family(
    text: &mut String,
    root: &Path,
    type_name: &str,
    file: &str,
    prefix: &str,
    what: &str,
    rows: &[(&str, u32)],
) -> Result<(), String> {
    heading(text, what);
    let source = Source::read(root, file, &format!("pub enum {type_name}"))?;
    for (name, number) in rows {
        let comment = source.comment_above(&format!("= {number}, \"{name}\";"))?;
        define(text, &comment, &format!("{prefix}_{}", upper(name)), number);
    }
    Ok(())
}

fn quantity_types(text: &mut String) {
    heading(text, "What can be measured. Codes are permanent.");
    for kind in QuantityType::ALL {
        let style = kind.aggregation_style();
        let comment = format!("{}, stored in {}, {style}.", kind.name(), kind.stored_unit());
        define(text, &comment, &format!("TYPE_{}", upper(kind.name())), kind.code());
    }
    define(text, "How many types this header names.", "TYPE_COUNT", QuantityType::ALL.len());
}

fn keys(text: &mut String) {
    heading(text, "Keys of facts that the engine itself writes. An app may use any other key.");
    for (comment, key) in [
        ("1 when the workout took place indoors, 0 outdoors.", metadata_keys::INDOOR_WORKOUT),
        ("The length of the pool.", metadata_keys::LAP_LENGTH),
        ("PACELINE_SWIMMING_LOCATION_.", metadata_keys::SWIMMING_LOCATION_TYPE),
        ("PACELINE_STROKE_STYLE_ of a lap.", metadata_keys::SWIMMING_STROKE_STYLE),
        (
            "The app's own identifier of an object; a higher sync version replaces it.",
            metadata_keys::SYNC_IDENTIFIER,
        ),
        ("The version that goes with the sync identifier.", metadata_keys::SYNC_VERSION),
    ] {
        let mut name = key.to_owned();
        name[..1].make_ascii_lowercase();
        define(text, comment, &format!("KEY_{}", upper(&name)), format_args!("\"{key}\""));
    }
}

fn heading(text: &mut String, what: &str) {
    let _ = writeln!(text, "/* {what} */\n");
}

fn define(text: &mut String, comment: &str, name: &str, value: impl std::fmt::Display) {
    if !comment.is_empty() {
        let _ = writeln!(text, "/** {comment} */");
    }
    let _ = writeln!(text, "#define PACELINE_{name} {value}\n");
}

/// `heartRate` as `HEART_RATE`.
fn upper(name: &str) -> String {
    let mut upper = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            upper.push('_');
        }
        upper.extend(letter.to_uppercase());
    }
    upper
}

/// The part of a file of the engine that holds one table.
struct Source {
    file: String,
    lines: Vec<String>,
}

impl Source {
    fn read(root: &Path, file: &str, from: &str) -> Result<Self, String> {
        let path = root.join("core/src").join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let start = text.find(from).ok_or_else(|| format!("{file} holds no `{from}`"))?;
        Ok(Self {
            file: file.to_owned(),
            lines: text[start..].lines().map(|line| line.trim().to_owned()).collect(),
        })
    }

    /// The comment above the first line that ends like this.
    fn comment_above(&self, ending: &str) -> Result<String, String> {
        let at = self
            .lines
            .iter()
            .position(|line| line.ends_with(ending))
            .ok_or_else(|| format!("{}: no line ends with `{ending}`", self.file))?;
        let mut comment: Vec<_> =
            self.lines[..at].iter().rev().map_while(|line| line.strip_prefix("///")).map(str::trim).collect();
        comment.reverse();
        if comment.is_empty() {
            return Err(format!("{}: nothing is said about `{ending}`", self.file));
        }
        Ok(comment.join(" ").replace(['`', '[', ']'], ""))
    }
}
