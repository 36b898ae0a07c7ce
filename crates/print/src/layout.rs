//! Where everything stands: lines broken, rows kept together, pages filled. Nothing here
//! knows how a PDF is written.

use crate::{
    block::{Block, Column, Document},
    font::{Face, Weight},
};

/// A4, in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
pub(crate) const MARGIN: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 64.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 9.0;
/// Between the baselines of two lines, in sizes of the font.
const LEADING: f32 = 1.4;
/// Around the text of a cell.
const PADDING: f32 = 4.0;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// A line of text of one leaf of the document's tree; none for what a page repeats.
    Text { leaf: Option<usize>, text: String, weight: Weight, size: f32, x: f32, baseline: f32 },
    /// A rule from the left margin to the right.
    Rule { y: f32, thickness: f32 },
}

/// The document's tree, which says what each leaf is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Heading { level: u8, title: String, leaf: usize },
    Paragraph { leaf: usize },
    Table { summary: String, rows: Vec<Vec<Cell>> },
}

/// A cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub leaf: usize,
    pub head: Option<Head>,
}

/// What a header cell is the header of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    Column,
    Row,
}

/// A document laid out.
#[derive(Debug, Default)]
pub(crate) struct Laid {
    pub pages: Vec<Vec<Mark>>,
    pub tree: Vec<Node>,
}

/// Lays out a document.
pub(crate) fn lay(document: &Document) -> Laid {
    let mut press = Press { laid: Laid::default(), page: Vec::new(), y: MARGIN, leaves: 0 };
    for block in &document.blocks {
        press.block(block);
    }
    press.turn();
    let pages = press.laid.pages.len();
    for (at, page) in press.laid.pages.iter_mut().enumerate() {
        let text = format!("{} {} / {pages}", document.page, at + 1);
        let x = WIDTH - MARGIN - Face::of(Weight::Regular).width(&text, SMALL);
        let baseline = HEIGHT - 36.0;
        page.push(Mark::Text { leaf: None, text, weight: Weight::Regular, size: SMALL, x, baseline });
    }
    press.laid
}

struct Press {
    laid: Laid,
    page: Vec<Mark>,
    y: f32,
    leaves: usize,
}

/// A cell about to be set.
struct Set {
    lines: Vec<String>,
    weight: Weight,
    x: f32,
    width: f32,
    at_right: bool,
}

impl Press {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let size = match level {
                    1 => 20.0,
                    2 => 14.0,
                    _ => 11.5,
                };
                // Room for the heading and a few lines under it.
                self.room(size * LEADING + 60.0);
                self.y += if *level == 1 { 0.0 } else { size * 0.6 };
                let leaf = self.text(text, Weight::Bold, size);
                self.y += size * 0.35;
                self.laid.tree.push(Node::Heading { level: *level, title: text.clone(), leaf });
            }
            Block::Paragraph(text) => {
                let leaf = self.text(text, Weight::Regular, BODY);
                self.y += BODY * 0.6;
                self.laid.tree.push(Node::Paragraph { leaf });
            }
            Block::Facts { summary, rows } => {
                let columns = [Column::text("", 2), Column::text("", 3)];
                let rows = rows.iter().map(|(name, value)| [name.as_str(), value.as_str()]);
                let rows = rows.map(|row| self.row(&columns, &row, Some(Head::Row), None)).collect();
                self.y += BODY * 0.6;
                self.laid.tree.push(Node::Table { summary: summary.clone(), rows });
            }
            Block::Table { summary, columns, rows } => {
                let headings: Vec<&str> = columns.iter().map(|column| column.heading.as_str()).collect();
                let mut tree = vec![self.row(columns, &headings, Some(Head::Column), None)];
                for row in rows {
                    let cells: Vec<&str> = row.iter().map(String::as_str).collect();
                    tree.push(self.row(columns, &cells, None, Some(&headings)));
                }
                self.y += BODY * 0.6;
                self.laid.tree.push(Node::Table { summary: summary.clone(), rows: tree });
            }
        }
    }

    /// Text over the whole width, over as many pages as it takes.
    fn text(&mut self, text: &str, weight: Weight, size: f32) -> usize {
        let leaf = self.leaf();
        for line in Face::of(weight).lines(text, size, WIDTH - 2.0 * MARGIN) {
            self.room(size * LEADING);
            let baseline = self.y + size;
            self.page.push(Mark::Text { leaf: Some(leaf), text: line, weight, size, x: MARGIN, baseline });
            self.y += size * LEADING;
        }
        leaf
    }

    /// A row, kept together; where a page is turned before it, the headers are repeated.
    fn row(
        &mut self,
        columns: &[Column],
        cells: &[&str],
        head: Option<Head>,
        repeated: Option<&[&str]>,
    ) -> Vec<Cell> {
        let set = set(columns, cells, head);
        let height = height(&set);
        if self.y + height > BOTTOM {
            self.turn();
            if let Some(headings) = repeated {
                let set = self::set(columns, headings, Some(Head::Column));
                self.cells(&set, None);
            }
        }
        let leaves: Vec<usize> = set.iter().map(|_| self.leaf()).collect();
        self.cells(&set, Some(&leaves));
        let is_head = |at: usize| match head {
            Some(Head::Row) => (at == 0).then_some(Head::Row),
            other => other,
        };
        leaves.into_iter().enumerate().map(|(at, leaf)| Cell { leaf, head: is_head(at) }).collect()
    }

    fn cells(&mut self, set: &[Set], leaves: Option<&[usize]>) {
        for (at, cell) in set.iter().enumerate() {
            let leaf = leaves.and_then(|leaves| leaves.get(at).copied());
            for (line, text) in (0_u16..).zip(&cell.lines) {
                let width = Face::of(cell.weight).width(text, SMALL);
                let x = if cell.at_right { cell.x + cell.width - width } else { cell.x };
                let baseline = self.y + PADDING + SMALL + f32::from(line) * SMALL * LEADING;
                let (text, weight) = (text.clone(), cell.weight);
                self.page.push(Mark::Text { leaf, text, weight, size: SMALL, x, baseline });
            }
        }
        self.y += height(set);
        let is_head = set.iter().all(|cell| cell.weight == Weight::Bold);
        self.page.push(Mark::Rule { y: self.y, thickness: if is_head { 1.0 } else { 0.5 } });
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.turn();
        }
    }

    fn turn(&mut self) {
        if !self.page.is_empty() {
            self.laid.pages.push(std::mem::take(&mut self.page));
        }
        self.y = MARGIN;
    }
}

fn set(columns: &[Column], cells: &[&str], head: Option<Head>) -> Vec<Set> {
    let shares: f32 = columns.iter().map(|column| f32::from(column.share)).sum();
    let whole = WIDTH - 2.0 * MARGIN;
    let mut x = MARGIN;
    let mut set = Vec::new();
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let share = whole * f32::from(column.share) / shares.max(1.0);
        let is_head = matches!(head, Some(Head::Column)) || (matches!(head, Some(Head::Row)) && at == 0);
        let weight = if is_head { Weight::Bold } else { Weight::Regular };
        let width = share - 2.0 * PADDING;
        let lines = Face::of(weight).lines(cell, SMALL, width);
        set.push(Set { lines, weight, x: x + PADDING, width, at_right: column.figures });
        x += share;
    }
    set
}

fn height(set: &[Set]) -> f32 {
    let lines = set.iter().map(|cell| cell.lines.len()).max().unwrap_or(1).max(1);
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * SMALL * LEADING + 2.0 * PADDING
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn document(blocks: Vec<Block>) -> Document {
        Document {
            title: "A sample".to_owned(),
            language: "en",
            author: "Sample Academy".to_owned(),
            made: DateTime::from_timestamp(1_780_000_000, 0).unwrap(),
            page: "Page".to_owned(),
            blocks,
        }
    }

    fn texts(page: &[Mark]) -> Vec<&str> {
        let text = |mark: &'_ Mark| matches!(mark, Mark::Text { .. });
        let marks = page.iter().filter(|mark| text(mark));
        marks
            .map(|mark| match mark {
                Mark::Text { text, .. } => text.as_str(),
                Mark::Rule { .. } => "",
            })
            .collect()
    }

    #[test]
    fn every_line_stands_within_the_page() {
        let long =
            "A reflection that goes on for quite a while, about data and the people in it. ".repeat(120);
        let laid = lay(&document(vec![Block::heading(1, "Long"), Block::paragraph(long)]));
        assert!(laid.pages.len() > 1);
        for mark in laid.pages.iter().flatten() {
            if let Mark::Text { text, weight, size, x, baseline, .. } = mark {
                let right = x + Face::of(*weight).width(text, *size);
                assert!(*x >= MARGIN && right <= WIDTH - MARGIN + 0.5, "{text}: {x} to {right}");
                assert!(*baseline > MARGIN && *baseline < HEIGHT, "{text}: {baseline}");
            }
        }
    }

    #[test]
    fn headers_are_repeated_on_the_next_page_and_belong_to_no_cell() {
        let columns = [Column::text("Day", 1), Column::figure("Hours", 1)];
        let rows = (0..80).map(|row| vec![format!("day {row}"), "1.5".to_owned()]);
        let laid = lay(&document(vec![Block::table("Hours by day", columns, rows)]));
        assert_eq!(laid.pages.len(), 3);
        for page in &laid.pages {
            assert_eq!(texts(page)[0], "Day");
        }
        let Node::Table { rows, .. } = &laid.tree[0] else { panic!("{:?}", laid.tree) };
        assert_eq!(rows.len(), 81, "the headers are in the tree once");
        assert!(rows[0].iter().all(|cell| cell.head == Some(Head::Column)));
        let repeated = laid.pages[1].iter().find(|mark| matches!(mark, Mark::Text { leaf: None, .. }));
        assert!(repeated.is_some());
        assert_eq!(texts(&laid.pages[2]).last(), Some(&"Page 3 / 3"));
    }

    #[test]
    fn a_word_too_long_for_its_cell_is_broken() {
        let columns = [Column::text("Narrow", 1), Column::text("Wide", 9)];
        let word = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".to_owned();
        let laid = lay(&document(vec![Block::table("A", columns, [vec![word.clone(), "x".to_owned()]])]));
        let joined: String = texts(&laid.pages[0]).into_iter().filter(|text| word.contains(text)).collect();
        assert_eq!(joined, word);
    }
}
