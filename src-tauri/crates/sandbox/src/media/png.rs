//! A PNG writer: 256 colours, pixels stored uncompressed, so that the size is known beforehand.

use bytes::Bytes;

const COLOURS: usize = 256;
/// A stored deflate block holds at most this many bytes.
const BLOCK: usize = 65_535;

/// Size of the file that [`encode`] makes.
pub(crate) fn size_bytes(width: u32, height: u32) -> usize {
    let raw = raw_bytes(width, height);
    let image = 2 + raw + raw.div_ceil(BLOCK) * 5 + 4;
    8 + (12 + 13) + (12 + COLOURS * 3) + (12 + image) + 12
}

fn raw_bytes(width: u32, height: u32) -> usize {
    (width as usize + 1) * height as usize
}

/// `pixels` are indices into `palette`, row by row, `width` × `height` of them.
pub(crate) fn encode(width: u32, height: u32, palette: &[[u8; 3]], pixels: &[u8]) -> Bytes {
    let mut file = Vec::with_capacity(size_bytes(width, height));
    file.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let mut header = Vec::with_capacity(13);
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 3, 0, 0, 0]);
    chunk(&mut file, b"IHDR", &header);
    let mut colours = vec![0; COLOURS * 3];
    for (place, colour) in palette.iter().take(COLOURS).enumerate() {
        colours[place * 3..place * 3 + 3].copy_from_slice(colour);
    }
    chunk(&mut file, b"PLTE", &colours);
    let mut raw = Vec::with_capacity(raw_bytes(width, height));
    for row in pixels.chunks(width as usize) {
        raw.push(0);
        raw.extend_from_slice(row);
    }
    chunk(&mut file, b"IDAT", &zlib_stored(&raw));
    chunk(&mut file, b"IEND", &[]);
    Bytes::from(file)
}

fn zlib_stored(raw: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = raw.len().div_ceil(BLOCK);
    for (place, block) in raw.chunks(BLOCK).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(place + 1 == blocks));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&adler32(raw).to_be_bytes());
    out
}

fn adler32(raw: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for part in raw.chunks(5_000) {
        for &byte in part {
            a += u32::from(byte);
            b += a;
        }
        a %= 65_521;
        b %= 65_521;
    }
    b << 16 | a
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    file.extend_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = file.len();
    file.extend_from_slice(kind);
    file.extend_from_slice(content);
    let sum = crc32(&file[start..]);
    file.extend_from_slice(&sum.to_be_bytes());
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut c = n as u32;
        let mut k = 0;
        while k < 8 {
            c = if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
            k += 1;
        }
        table[n] = c;
        n += 1;
    }
    table
};

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| CRC[((sum ^ u32::from(byte)) & 0xFF) as usize] ^ (sum >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_published_ones() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }
}
