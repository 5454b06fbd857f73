//! Colour and width of the output, and when to do without.

use std::io::IsTerminal as _;

/// Assumed where there is no terminal to ask.
const USUAL_WIDTH: usize = 100;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    colour: bool,
    /// Columns of the output.
    pub(crate) width: usize,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Title,
    Faint,
}

impl Style {
    /// Without colour; for files, pipes and tests.
    pub(crate) const fn plain(width: usize) -> Self {
        Self { colour: false, width }
    }

    /// As standard output allows.
    pub(crate) fn of_stdout() -> Self {
        if !std::io::stdout().is_terminal() {
            return Self::plain(USUAL_WIDTH);
        }
        let width = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        Self { colour: wants_colour(), width: width.filter(|width| *width > 0).unwrap_or(USUAL_WIDTH) }
    }

    pub(crate) fn paint(self, text: &str, tone: Tone) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Title => "1",
            Tone::Faint => "2",
        };
        if self.colour && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Whether the person wants colour at all: `NO_COLOR` set to anything, or a terminal that cannot, mean no.
pub(crate) fn wants_colour() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Breaks text into lines of at most `width` columns, between words.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line)
                if console::measure_text_width(line) + 1 + console::measure_text_width(word) <= width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
