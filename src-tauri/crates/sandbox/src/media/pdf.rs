//! A one-page PDF.

/// A valid PDF with one line of text; characters outside Latin-1 become `?`.
pub(crate) fn one_page(line: &str) -> Vec<u8> {
    let safe: Vec<u8> = line
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .flat_map(|byte| if matches!(byte, b'(' | b')' | b'\\') { vec![b'\\', byte] } else { vec![byte] })
        .collect();
    let mut text = b"BT /F1 20 Tf 60 760 Td (".to_vec();
    text.extend_from_slice(&safe);
    text.extend_from_slice(b") Tj ET");
    let mut content = format!("<< /Length {} >>\nstream\n", text.len()).into_bytes();
    content.extend_from_slice(&text);
    content.extend_from_slice(b"\nendstream");
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
          /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        content,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n", number + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    file.extend_from_slice(b"xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        file.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    file.extend_from_slice(
        format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    file
}
