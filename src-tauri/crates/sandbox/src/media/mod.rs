//! Pictures and files that people send. Made on demand from a small recipe, so that a world with hundreds of pictures
//! costs nothing until somebody looks at them.

mod canvas;
mod pdf;
mod png;
mod scene;
mod sound;

use bytes::Bytes;

pub(crate) use scene::Motif;

/// A file on a platform's servers.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// File name as the sender named it.
    pub name: String,
    /// MIME type as the platform states it.
    pub mime: String,
    source: Source,
}

#[derive(Clone, Debug, PartialEq)]
enum Source {
    Bytes(Bytes),
    Picture { motif: Motif, seed: u64, width: u32, height: u32 },
}

impl Media {
    /// A file with these bytes.
    pub fn of(name: &str, mime: &str, bytes: impl Into<Bytes>) -> Media {
        Media { name: name.to_owned(), mime: mime.to_owned(), source: Source::Bytes(bytes.into()) }
    }

    /// A valid one-page PDF with this line of text.
    pub fn pdf(name: &str, line: &str) -> Media {
        Media::of(name, "application/pdf", pdf::one_page(line))
    }

    /// A valid PNG picture of something, 480 × 360.
    pub fn picture(name: &str, seed: u64) -> Media {
        Media::scene(name, Motif::any(seed), seed, 480, 360)
    }

    /// A valid WAV file with a short tone.
    pub fn sound(name: &str) -> Media {
        Media::of(name, "audio/wav", sound::tone())
    }

    pub(crate) fn scene(name: &str, motif: Motif, seed: u64, width: u32, height: u32) -> Media {
        Media {
            name: name.to_owned(),
            mime: "image/png".to_owned(),
            source: Source::Picture { motif, seed, width, height },
        }
    }

    /// The file itself.
    pub fn bytes(&self) -> Bytes {
        match &self.source {
            Source::Bytes(bytes) => bytes.clone(),
            Source::Picture { motif, seed, width, height } => scene::draw(*motif, *seed, *width, *height),
        }
    }

    /// Size in bytes, known without making the file.
    pub fn size_bytes(&self) -> usize {
        match &self.source {
            Source::Bytes(bytes) => bytes.len(),
            Source::Picture { width, height, .. } => png::size_bytes(*width, *height),
        }
    }

    /// Width and height in pixels, of pictures made here.
    pub fn pixels(&self) -> Option<(u32, u32)> {
        match &self.source {
            Source::Bytes(_) => None,
            Source::Picture { width, height, .. } => Some((*width, *height)),
        }
    }

    /// The same picture, at most this wide; other files as they are.
    pub(crate) fn at_most(&self, wide: u32) -> Media {
        let mut smaller = self.clone();
        if let Source::Picture { width, height, .. } = &mut smaller.source
            && *width > wide.max(1)
        {
            *height = (*height * wide.max(1) / *width).max(1);
            *width = wide.max(1);
        }
        smaller
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_large_as_it_says_and_the_same_each_time() {
        let picture = Media::picture("a.png", 7);
        assert_eq!(picture.bytes().len(), picture.size_bytes());
        assert_eq!(picture.bytes(), Media::picture("a.png", 7).bytes());
        assert_eq!(&picture.bytes()[..8], b"\x89PNG\r\n\x1a\n");
        assert_ne!(picture.bytes(), Media::picture("a.png", 8).bytes());
    }
}
