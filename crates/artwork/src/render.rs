//! Drawing SVG as PNG.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, Options, Tree},
};

use crate::{ArtworkError, svg};

/// The smallest picture that is drawn, in pixels.
pub const LEAST_SIZE: u32 = 16;

/// The largest picture that is drawn, in pixels.
pub const MOST_SIZE: u32 = 2048;

/// Draws a safe SVG as a PNG of `size` × `size` pixels: as large as fits, in the
/// middle, the rest transparent. Letters must be drawn as paths: no font is
/// there to set a `text` in, so one is refused and not left out.
pub fn png(svg: &str, size: u32) -> Result<Vec<u8>, ArtworkError> {
    if !(LEAST_SIZE..=MOST_SIZE).contains(&size) {
        return Err(ArtworkError::Size { size, least: LEAST_SIZE, most: MOST_SIZE });
    }
    svg::check_drawable(svg)?;
    let undrawable = |why: String| ArtworkError::Undrawable(why);
    let tree = Tree::from_str(svg, &closed()).map_err(|error| undrawable(error.to_string()))?;
    let mut picture = Pixmap::new(size, size).ok_or_else(|| undrawable("no memory for it".to_owned()))?;
    resvg::render(&tree, fitting(&tree, size), &mut picture.as_mut());
    picture.encode_png().map_err(|error| undrawable(error.to_string()))
}

/// Reads nothing but the document itself.
fn closed() -> Options<'static> {
    Options {
        resources_dir: None,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "a size is at most MOST_SIZE, which an f32 holds exactly"
)]
fn fitting(tree: &Tree, size: u32) -> Transform {
    let (width, height, size) = (tree.size().width(), tree.size().height(), size as f32);
    let scale = size / width.max(height);
    let middle = |length: f32| (size - length * scale) / 2.0;
    Transform::from_row(scale, 0.0, 0.0, scale, middle(width), middle(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(svg: &str, size: u32) -> Pixmap {
        Pixmap::decode_png(&png(svg, size).unwrap()).unwrap()
    }

    #[test]
    fn a_wide_picture_stands_in_the_middle_of_a_square() {
        let wide = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#f00"/></svg>"##;
        let picture = drawn(wide, 64);
        assert_eq!((picture.width(), picture.height()), (64, 64));
        let pixel = |x, y| picture.pixel(x, y).unwrap();
        assert_eq!((pixel(32, 32).red(), pixel(32, 32).alpha()), (255, 255));
        assert_eq!((pixel(32, 8).alpha(), pixel(32, 56).alpha()), (0, 0));
    }

    #[test]
    fn sizes_are_bounded() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>"#;
        assert!(png(svg, LEAST_SIZE).is_ok() && png(svg, MOST_SIZE).is_ok());
        for size in [0, LEAST_SIZE - 1, MOST_SIZE + 1, u32::MAX] {
            assert!(matches!(png(svg, size), Err(ArtworkError::Size { .. })), "{size}");
        }
    }

    #[test]
    fn what_would_be_left_out_is_refused() {
        let text = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>CPD</text></svg>"#;
        assert!(matches!(png(text, 32), Err(ArtworkError::Undrawable(why)) if why.contains("text")));
        let image = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="data:image/png;base64,AAAA"/></svg>"#;
        assert!(matches!(png(image, 32), Err(ArtworkError::Undrawable(why)) if why.contains("image")));
        assert!(matches!(png("<html/>", 32), Err(ArtworkError::NotSvg(_))));
        let flat = r#"<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>"#;
        assert!(matches!(png(flat, 32), Err(ArtworkError::Undrawable(_))));
    }

    #[test]
    fn the_academys_badges_are_safe_and_drawn_and_can_be_baked() {
        let folder =
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue/images")).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for entry in folder {
            let path = entry.unwrap().path();
            let svg = std::fs::read_to_string(&path).unwrap();
            let picture = png(&svg, 96).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            let drawn = Pixmap::decode_png(&picture).unwrap();
            let inked = drawn.pixels().iter().filter(|pixel| pixel.alpha() == 255).count();
            assert!((3000..9216).contains(&inked), "{}: {inked} of 9216 pixels", path.display());
            assert_eq!(drawn.pixel(0, 0).unwrap().alpha(), 0, "{}", path.display());
            svg::bake(&svg, svg::Payload::Jws("a.b.c")).unwrap();
            assert!(seen.insert(picture), "{} looks like another", path.display());
        }
        assert!(!seen.is_empty());
    }
}
