//! `multipart/form-data`, as far as a Graph upload uses it.

use bytes::Bytes;

use crate::media::Media;
use crate::wire::Params;

/// The text fields and the one file. Broken parts are left out.
pub(crate) fn read(content_type: &str, body: &Bytes) -> (Params, Option<Media>) {
    let mut fields = Params::new();
    let mut file = None;
    let boundary = content_type.split("boundary=").nth(1).unwrap_or_default();
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    if boundary.is_empty() {
        return (fields, file);
    }
    let marker = format!("--{boundary}").into_bytes();
    let mut starts = places(body, &marker).into_iter().peekable();
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(start);
        let Some(part) = body.get(start + marker.len()..end.max(start + marker.len())) else { continue };
        let Some(split) = places(part, b"\r\n\r\n").first().copied() else { continue };
        let head = String::from_utf8_lossy(&part[..split]).into_owned();
        let content = &part[split + 4..];
        let content = content.strip_suffix(b"\r\n").unwrap_or(content);
        let Some(name) = quoted(&head, "name=\"") else { continue };
        match quoted(&head, "filename=\"") {
            Some(filename) => {
                let mime = head.lines().find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-type:").map(|mime| mime.trim().to_owned())
                });
                let mime = mime.unwrap_or_else(|| "application/octet-stream".to_owned());
                file = Some(Media::of(&filename, &mime, content.to_vec()));
            }
            None => {
                fields.insert(name, String::from_utf8_lossy(content).into_owned());
            }
        }
    }
    (fields, file)
}

fn places(within: &[u8], wanted: &[u8]) -> Vec<usize> {
    within
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| *window == wanted)
        .map(|(at, _)| at)
        .collect()
}

/// The text after ` key` up to the next quote. The space keeps `name` from matching inside `filename`.
fn quoted(head: &str, key: &str) -> Option<String> {
    let spaced = format!(" {key}");
    let start = head.find(&spaced)? + spaced.len();
    Some(head[start..].split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_the_file_are_found() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"recipient\"\r\n\r\n{\"id\":\"1\"}\r\n--X\r\n\
                    Content-Disposition: form-data; name=\"filedata\"; filename=\"a.png\"\r\n\
                    Content-Type: image/png\r\n\r\n\u{1}\u{2}\r\n--X--\r\n";
        let (fields, file) = read("multipart/form-data; boundary=X", &Bytes::from(body));
        assert_eq!(fields["recipient"], "{\"id\":\"1\"}");
        let file = file.unwrap();
        assert_eq!((file.name.as_str(), file.mime.as_str(), file.bytes().len()), ("a.png", "image/png", 2));
    }
}
