//! QR codes.

use fast_qr::{
    ECL, QRBuilder,
    convert::{Builder, svg::SvgBuilder},
};
use quick_xml::escape::escape;

use crate::ArtworkError;

/// A QR code of `text` as an SVG document, black on white with the quiet zone of
/// four modules that ISO/IEC 18004 asks for, error correction level M. Its
/// accessible name is `title`.
pub fn svg(text: &str, title: &str) -> Result<String, ArtworkError> {
    let code = QRBuilder::new(text).ecl(ECL::M).build();
    let code = code.map_err(|_| ArtworkError::TooLongForQr(text.len()))?;
    let drawn = SvgBuilder::default().margin(4).to_str(&code);
    let title = escape(title);
    let named = drawn.replacen("<svg ", r#"<svg role="img" "#, 1);
    Ok(named.replacen('>', &format!("><title>{title}</title>"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_has_a_name_and_can_be_drawn() {
        let svg = svg("https://badges.example.org/badges/1", "Check <this> & that").unwrap();
        assert!(svg.starts_with(r#"<svg role="img" viewBox="0 0 "#), "{svg}");
        assert!(svg.contains("><title>Check &lt;this&gt; &amp; that</title><rect"), "{svg}");
        assert!(svg.contains(r#"xmlns="http://www.w3.org/2000/svg""#));
        crate::svg::check_safe(&svg).unwrap();
        crate::render::png(&svg, 256).unwrap();
    }

    #[test]
    fn other_texts_make_other_codes_and_too_long_a_text_is_refused() {
        assert_ne!(svg("one", "t").unwrap(), svg("two", "t").unwrap());
        assert_eq!(svg(&"a".repeat(3000), "t"), Err(ArtworkError::TooLongForQr(3000)));
    }
}
