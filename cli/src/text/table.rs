//! Columns that line up, and what becomes of them where there is no room.

use super::style::{Style, Tone};
use std::fmt::Write as _;

/// Rows of cells; the first column is to the left, the others to the right unless told otherwise.
#[derive(Debug, Default)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Row>,
    left: Vec<usize>,
    /// Columns that may go where there is no room, the least important one first.
    spare: Vec<usize>,
}

#[derive(Debug)]
struct Row {
    cells: Vec<String>,
    tone: Tone,
}

impl Table {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self {
            header: header.iter().map(|&cell| cell.to_owned()).collect(),
            rows: Vec::new(),
            left: vec![0],
            spare: Vec::new(),
        }
    }

    /// Puts a further column to the left.
    pub(crate) fn left(mut self, column: usize) -> Self {
        self.left.push(column);
        self
    }

    /// Names columns that may go where there is no room, the least important one first.
    pub(crate) fn spare(mut self, columns: &[usize]) -> Self {
        self.spare = columns.to_vec();
        self
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(Row { cells: cells.into(), tone: Tone::Plain });
    }

    /// A row that names what follows.
    pub(crate) fn section(&mut self, name: String) {
        self.rows.push(Row { cells: vec![name], tone: Tone::Title });
    }

    /// Leaves out columns in which no row says anything.
    pub(crate) fn without_empty_columns(mut self, nothing: &str) -> Self {
        let is_empty = |column: usize| {
            self.rows
                .iter()
                .all(|row| row.cells.get(column).is_none_or(|cell| cell.is_empty() || cell == nothing))
        };
        let empty: Vec<usize> = (1..self.header.len()).rev().filter(|column| is_empty(*column)).collect();
        for column in empty {
            self.remove(column);
        }
        self
    }

    fn remove(&mut self, column: usize) {
        self.header.remove(column);
        for row in self.rows.iter_mut().filter(|row| row.cells.len() > column) {
            row.cells.remove(column);
        }
        for columns in [&mut self.left, &mut self.spare] {
            columns.retain(|other| *other != column);
            for other in columns.iter_mut().filter(|other| **other > column) {
                *other -= 1;
            }
        }
    }

    /// The table in lines that end with a line break. Where columns do not fit beside each other even when they stand
    /// close, those that may go do; after that, every row becomes a short list.
    pub(crate) fn render(mut self, style: Style) -> String {
        loop {
            let widths = self.widths();
            let columns: usize = widths.iter().sum();
            let gaps = widths.len().saturating_sub(1);
            if let Some(gap) = [3, 2, 1].into_iter().find(|gap| columns + gap * gaps <= style.width) {
                return self.beside(&widths, gap, style);
            }
            match self.spare.first().copied() {
                Some(column) => self.remove(column),
                None => return self.stacked(style),
            }
        }
    }

    fn widths(&self) -> Vec<usize> {
        let cell = |cells: &[String], column: usize| {
            cells.get(column).map_or(0, |cell| console::measure_text_width(cell))
        };
        (0..self.header.len())
            .map(|column| {
                // The name of a section may run on over the columns beside it.
                let rows = self.rows.iter().filter(|row| row.tone == Tone::Plain);
                let widest = rows.map(|row| cell(&row.cells, column)).max().unwrap_or(0);
                widest.max(cell(&self.header, column))
            })
            .collect()
    }

    fn beside(&self, widths: &[usize], gap: usize, style: Style) -> String {
        let mut text = String::new();
        let mut line = |cells: &[String], tone: Tone| {
            let mut line = String::new();
            for (column, cell) in cells.iter().enumerate() {
                let space = widths[column].saturating_sub(console::measure_text_width(cell));
                if column > 0 {
                    line.extend(std::iter::repeat_n(' ', gap));
                }
                if self.left.contains(&column) {
                    line.push_str(cell);
                    line.extend(std::iter::repeat_n(' ', space));
                } else {
                    line.extend(std::iter::repeat_n(' ', space));
                    line.push_str(cell);
                }
            }
            text.push_str(&style.paint(line.trim_end(), tone));
            text.push('\n');
        };
        if self.header.iter().any(|cell| !cell.is_empty()) {
            line(&self.header, Tone::Faint);
        }
        for row in &self.rows {
            line(&row.cells, row.tone);
        }
        text
    }

    fn stacked(&self, style: Style) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let [first, rest @ ..] = &row.cells[..] else { continue };
            let _ = writeln!(text, "{}", style.paint(first, Tone::Title));
            for (name, cell) in self.header.iter().skip(1).zip(rest).filter(|(_, cell)| !cell.is_empty()) {
                let _ = writeln!(
                    text,
                    "  {}{cell}",
                    if name.is_empty() { String::new() } else { format!("{name}: ") }
                );
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["", "One", "Two"]);
        table.row(["a".to_owned(), "1".to_owned(), "22 mm".to_owned()]);
        table.section("Long name of a section".to_owned());
        table.row(["bé".to_owned(), "333".to_owned(), String::new()]);
        table
    }

    #[test]
    fn columns_line_up() {
        let text = table().render(Style::plain(80));
        assert_eq!(text, "     One     Two\na      1   22 mm\nLong name of a section\nbé   333\n");
    }

    #[test]
    fn a_narrow_screen_gets_lists() {
        let text = table().render(Style::plain(8));
        assert_eq!(text, "a\n  One: 1\n  Two: 22 mm\nLong name of a section\nbé\n  One: 333\n");
    }

    #[test]
    fn what_may_go_goes_first() {
        let text = table().spare(&[1]).render(Style::plain(8));
        assert_eq!(text, "     Two\na  22 mm\nLong name of a section\nbé\n");
    }

    #[test]
    fn a_column_without_a_word_goes() {
        let mut table = Table::new(["", "A", "B"]);
        table.row(["x".to_owned(), "–".to_owned(), "1".to_owned()]);
        assert_eq!(table.without_empty_columns("–").render(Style::plain(80)), "    B\nx   1\n");
    }
}
