//! Aligned text for people.

use std::io::{self, Write};

/// Rows of cells under a header, each column as wide as its widest cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table. A column whose name begins with `>` is aligned to the right.
    pub fn new(header: &[&'static str]) -> Self {
        Self {
            header: header.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }

    /// Writes the table, or `nothing` when it has no rows.
    pub fn write(&self, out: &mut dyn Write, nothing: &str) -> io::Result<()> {
        if self.rows.is_empty() {
            return writeln!(out, "{nothing}");
        }
        let names: Vec<String> = self
            .header
            .iter()
            .map(|name| name.trim_start_matches('>').to_owned())
            .collect();
        for row in std::iter::once(&names).chain(&self.rows) {
            self.write_row(out, &names, row)?;
        }
        Ok(())
    }

    fn write_row(&self, out: &mut dyn Write, names: &[String], row: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = self.width(column, names);
            let is_right = self
                .header
                .get(column)
                .is_some_and(|name| name.starts_with('>'));
            let cell = if is_right {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            };
            if column > 0 {
                line.push_str("  ");
            }
            line.push_str(&cell);
        }
        writeln!(out, "{}", line.trim_end())
    }

    fn width(&self, column: usize, names: &[String]) -> usize {
        std::iter::once(names)
            .chain(self.rows.iter().map(Vec::as_slice))
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    }
}

/// A thing and its properties, one a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Card {
    lines: Vec<(&'static str, String)>,
}

impl Card {
    /// A card without lines.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a line.
    pub fn line(mut self, name: &'static str, value: impl ToString) -> Self {
        self.lines.push((name, value.to_string()));
        self
    }

    /// Adds a line if there is a value.
    pub fn maybe(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.line(name, value),
            None => self,
        }
    }

    /// Writes the lines, their values below each other.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let width = self
            .lines
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or_default();
        for (name, value) in &self.lines {
            writeln!(out, "{}", format!("{name:<width$}  {value}").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(&["name", ">amount"]);
        table.row(["a".into(), "10 ERG".into()]);
        table.row(["größer".into(), "5 ERG".into()]);
        let mut out = Vec::new();
        table.write(&mut out, "none").unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "name    amount\na       10 ERG\ngrößer   5 ERG\n");
    }

    #[test]
    fn an_empty_table_says_so() {
        let mut out = Vec::new();
        Table::new(&["name"]).write(&mut out, "no apps").unwrap();
        assert_eq!(out, b"no apps\n");
    }

    #[test]
    fn values_of_a_card_are_below_each_other() {
        let mut out = Vec::new();
        let card = Card::new()
            .line("free", 1)
            .line("transferable", 2)
            .maybe("pool", None::<u8>);
        card.write(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "free          1\ntransferable  2\n"
        );
    }
}
