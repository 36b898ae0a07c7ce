//! From what was laid out to a PDF.

use std::{
    collections::HashMap,
    num::{NonZeroU16, TryFromIntError},
};

use chrono::{Datelike, Timelike};
use krilla::{
    Document as Pdf, SerializeSettings,
    color::rgb,
    configure::{ConfigurationBuilder, PdfVersion, validate::Accessibility},
    destination::XyzDestination,
    error::KrillaError,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
    },
    text::{Font, TextDirection},
};

use crate::{
    block::Document,
    font::{Face, Weight},
    layout::{self, Cell, HEIGHT, Head, Laid, Mark, Node, WIDTH},
};

/// Why there is no PDF. Ours or the library's fault: whatever a document says can be
/// printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A font of this crate cannot be read.
    #[error("a font of this service cannot be read")]
    Font,
    /// What was written would be no PDF/UA-1, or no PDF at all.
    #[error("the PDF cannot be written: {0}")]
    Krilla(KrillaError),
    /// A page of no size, or a number out of its range.
    #[error("the PDF cannot be laid out")]
    Layout,
}

impl From<TryFromIntError> for PrintError {
    fn from(_: TryFromIntError) -> Self {
        Self::Layout
    }
}

/// The identifiers of the pieces of each leaf, in reading order.
type Leaves = HashMap<usize, Vec<Identifier>>;

/// The document as PDF/UA-1 (ISO 14289-1). The same document gives the same bytes.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PrintError> {
    let laid = layout::lay(document);
    let settings = SerializeSettings {
        configuration: ConfigurationBuilder::new()
            .with_version(PdfVersion::Pdf17)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|_| PrintError::Layout)?,
        ..SerializeSettings::default()
    };
    let mut pdf = Pdf::new_with(settings);
    pdf.set_metadata(metadata(document)?);
    let fonts = Fonts::read()?;
    let mut leaves = Leaves::new();
    let mut places = HashMap::new();
    for (number, marks) in laid.pages.iter().enumerate() {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(PrintError::Layout)?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { paint: rgb::Color::new(33, 43, 50).into(), ..Fill::default() }));
        for mark in marks {
            if let Mark::Text { leaf: Some(leaf), x, baseline, size, .. } = mark {
                places.entry(*leaf).or_insert((number, *x, baseline - size));
            }
            draw(mark, &mut surface, &fonts, &mut leaves)?;
        }
        surface.finish();
        page.finish();
    }
    pdf.set_outline(outline(&laid, &places));
    pdf.set_tag_tree(tree(document, &laid, &mut leaves)?);
    pdf.finish().map_err(PrintError::Krilla)
}

struct Fonts {
    regular: Font,
    bold: Font,
}

impl Fonts {
    fn read() -> Result<Self, PrintError> {
        let font = |weight: Weight| Font::new(weight.bytes().into(), 0).ok_or(PrintError::Font);
        Ok(Self { regular: font(Weight::Regular)?, bold: font(Weight::Bold)? })
    }

    fn of(&self, weight: Weight) -> Font {
        match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        }
    }
}

fn draw(
    mark: &Mark,
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    leaves: &mut Leaves,
) -> Result<(), PrintError> {
    match mark {
        Mark::Rule { y, thickness } => {
            let mut path = PathBuilder::new();
            let margin = layout::MARGIN;
            let line = Rect::from_xywh(margin, *y, WIDTH - 2.0 * margin, *thickness);
            path.push_rect(line.ok_or(PrintError::Layout)?);
            let path = path.finish().ok_or(PrintError::Layout)?;
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            surface.draw_path(&path);
            surface.end_tagged();
        }
        Mark::Text { leaf, text, weight, size, x, baseline } => {
            let (printed, differs) = Face::of(*weight).printable(text);
            let tag = match leaf {
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
                Some(_) => {
                    ContentTag::Span(SpanTag::empty().with_actual_text(differs.then_some(text.as_str())))
                }
            };
            let identifier = surface.start_tagged(tag);
            let (start, font) = (Point::from_xy(*x, *baseline), fonts.of(*weight));
            // The blank keeps the words of two lines apart when they are copied or read out.
            surface.draw_text(start, font, *size, &format!("{printed} "), false, TextDirection::Auto);
            surface.end_tagged();
            if let Some(leaf) = leaf {
                leaves.entry(*leaf).or_default().push(identifier);
            }
        }
    }
    Ok(())
}

fn metadata(document: &Document) -> Result<Metadata, PrintError> {
    let made = document.made;
    let date = DateTime::new(u16::try_from(made.year())?)
        .month(u8::try_from(made.month())?)
        .day(u8::try_from(made.day())?)
        .hour(u8::try_from(made.hour())?)
        .minute(u8::try_from(made.minute())?)
        .second(u8::try_from(made.second())?)
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Ok(Metadata::new()
        .title(document.title.clone())
        .language(document.language.to_owned())
        .authors(vec![document.author.clone()])
        .creator("Lanyard".to_owned())
        .creation_date(date))
}

/// The headings, each under the one above it.
fn outline(laid: &Laid, places: &HashMap<usize, (usize, f32, f32)>) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    let mut close = |open: &mut Vec<(u8, OutlineNode)>, level: u8| {
        while let Some((_, node)) = open.pop_if(|(own, _)| *own >= level) {
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    for node in &laid.tree {
        let Node::Heading { level, title, leaf } = node else { continue };
        let Some((page, x, y)) = places.get(leaf) else { continue };
        close(&mut open, *level);
        let there = XyzDestination::new(*page, Point::from_xy(*x, *y));
        open.push((*level, OutlineNode::new(title.clone(), there)));
    }
    close(&mut open, 0);
    outline
}

fn tree(document: &Document, laid: &Laid, leaves: &mut Leaves) -> Result<TagTree, PrintError> {
    let mut tree = TagTree::new().with_lang(Some(document.language.to_owned()));
    for node in &laid.tree {
        match node {
            Node::Heading { level, title, leaf } => {
                let level = NonZeroU16::new(u16::from(*level)).ok_or(PrintError::Layout)?;
                tree.push(filled(TagGroup::new(Tag::Hn(level, Some(title.clone()))), *leaf, leaves));
            }
            Node::Paragraph { leaf } => tree.push(filled(TagGroup::new(Tag::P), *leaf, leaves)),
            Node::Table { summary, rows } => {
                let mut table = TagGroup::new(Tag::Table.with_summary(Some(summary.clone())));
                for row in rows {
                    let mut group = TagGroup::new(Tag::TR);
                    for cell in row {
                        group.push(filled(cell_group(cell), cell.leaf, leaves));
                    }
                    table.push(group);
                }
                tree.push(table);
            }
        }
    }
    Ok(tree)
}

fn cell_group(cell: &Cell) -> TagGroup {
    match cell.head {
        Some(Head::Column) => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Some(Head::Row) => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        None => TagGroup::new(Tag::TD),
    }
}

/// The group with the pieces of its leaf, each of which belongs to one group alone.
fn filled(mut group: TagGroup, leaf: usize, leaves: &mut Leaves) -> TagGroup {
    for identifier in leaves.remove(&leaf).unwrap_or_default() {
        group.push(identifier);
    }
    group
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::block::{Block, Column};

    #[test]
    fn what_people_write_can_be_printed_and_twice_alike() {
        let rows =
            (0..60).map(|row| vec![format!("day {row}"), "عائشة 👩🏽 \u{7}x".to_owned(), "1.5".to_owned()]);
        let document = Document {
            title: "Datganiad DPP: Llŷr ŵy".to_owned(),
            language: "cy",
            author: "Sample Academy".to_owned(),
            made: DateTime::from_timestamp(1_780_000_000, 0).unwrap(),
            page: "Tudalen".to_owned(),
            blocks: vec![
                Block::heading(1, "Datganiad DPP: Llŷr ŵy"),
                Block::facts("Datganiad", [("Gan", "Siân".to_owned()), ("Corff", String::new())]),
                Block::heading(2, "Cyfnod"),
                Block::heading(3, "Beth a wnaed"),
                Block::table(
                    "Beth a wnaed",
                    [Column::text("Diwrnod", 1), Column::text("Beth", 2), Column::figure("Swm", 1)],
                    rows,
                ),
                Block::paragraph("Dysgais fwy. ".repeat(900)),
            ],
        };
        let first = pdf(&document).unwrap();
        assert!(first.starts_with(b"%PDF-1.7"));
        assert_eq!(first, pdf(&document).unwrap());
        assert!(first.len() < 150_000, "{} bytes", first.len());
    }
}
