//! A short voice-like tone as a WAV file.

const RATE_HZ: u32 = 8_000;

/// One second, mono, 8 bits: a triangle wave that fades.
pub(crate) fn tone() -> Vec<u8> {
    let samples: Vec<u8> = (0..RATE_HZ)
        .map(|place| {
            let phase = place % 36;
            let height = if phase < 18 { phase } else { 36 - phase };
            let loud = (RATE_HZ - place) * 5 / RATE_HZ;
            u8::try_from(128 + height * loud).unwrap_or(128)
        })
        .collect();
    let length = u32::try_from(samples.len()).unwrap_or(0);
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&(36 + length).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend_from_slice(&RATE_HZ.to_le_bytes());
    file.extend_from_slice(&RATE_HZ.to_le_bytes());
    file.extend_from_slice(b"\x01\0\x08\0data");
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&samples);
    file
}
