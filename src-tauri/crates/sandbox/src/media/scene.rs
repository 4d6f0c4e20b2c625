//! What the pictures show: goods of two brands, landscapes, faces.

use bytes::Bytes;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::canvas::{Canvas, Colour, mix};

/// The subject of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motif {
    Backpack,
    Boot,
    Jacket,
    Tent,
    Bottle,
    Parcel,
    Receipt,
    Mountains,
    Mug,
    Cake,
    Roll,
    Thumb,
    Heart,
}

const PAINTS: [Colour; 10] = [
    [196, 69, 54],
    [217, 119, 54],
    [226, 177, 60],
    [110, 142, 72],
    [47, 111, 92],
    [42, 127, 158],
    [58, 82, 140],
    [112, 84, 140],
    [176, 82, 118],
    [74, 78, 86],
];
const PAPERS: [Colour; 6] =
    [[243, 238, 227], [228, 236, 240], [238, 230, 240], [230, 240, 228], [245, 228, 220], [222, 226, 232]];
impl Motif {
    /// Some motif that suits a chat between a customer and a shop.
    pub fn any(seed: u64) -> Motif {
        const ALL: [Motif; 8] = [
            Motif::Backpack,
            Motif::Boot,
            Motif::Jacket,
            Motif::Tent,
            Motif::Bottle,
            Motif::Parcel,
            Motif::Mountains,
            Motif::Mug,
        ];
        ALL[usize::try_from(seed % 8).unwrap_or(0)]
    }
}

/// The picture as a PNG file.
pub(crate) fn draw(motif: Motif, seed: u64, width: u32, height: u32) -> Bytes {
    let mut rng = SmallRng::seed_from_u64(seed);
    let paper = pick(&mut rng, &PAPERS);
    let paint = pick(&mut rng, &PAINTS);
    let other = pick(&mut rng, &PAINTS);
    let dark = mix(paint, [20, 20, 24], 2, 5);
    let light = mix(paint, [255, 255, 255], 2, 5);
    let sunny = matches!(motif, Motif::Mountains | Motif::Tent);
    let (top, bottom) =
        if sunny { ([142, 190, 226], [240, 226, 206]) } else { (paper, mix(paper, [150, 140, 130], 2, 6)) };
    let mut sheet = Canvas::faded(width, height, top, bottom);
    match motif {
        Motif::Backpack => {
            shadow(&mut sheet, 250, 750);
            sheet.ring([420, 60, 580, 240], 0.3, dark);
            sheet.pillow([270, 130, 730, 880], paint);
            sheet.pillow([330, 500, 670, 830], light);
            sheet.block([330, 560, 670, 580], dark);
            sheet.block([300, 330, 700, 350], dark);
            sheet.pillow([470, 420, 530, 480], other);
        }
        Motif::Boot => {
            shadow(&mut sheet, 200, 860);
            sheet.pillow([300, 160, 560, 760], paint);
            sheet.pillow([300, 500, 830, 820], paint);
            sheet.block([290, 790, 840, 850], [52, 46, 44]);
            for step in 0..4 {
                sheet.block([400, 270 + step * 90, 570, 290 + step * 90], light);
            }
            sheet.pillow([320, 140, 540, 220], dark);
        }
        Motif::Jacket => {
            sheet.cup([180, 200, 400, 800], 0.55, dark);
            sheet.cup([600, 200, 820, 800], 0.55, dark);
            sheet.pillow([300, 150, 700, 900], paint);
            sheet.ellipse([400, 90, 600, 260], dark);
            sheet.block([495, 200, 505, 890], light);
            sheet.block([340, 600, 450, 615], other);
            sheet.block([550, 600, 660, 615], other);
        }
        Motif::Tent => {
            ridge(&mut sheet, &mut rng);
            sheet.block([0, 720, 1000, 1000], [96, 130, 78]);
            sheet.peak([180, 300, 820, 860], 0.1, paint);
            sheet.peak([430, 470, 650, 860], 0.0, dark);
        }
        Motif::Bottle => {
            shadow(&mut sheet, 370, 630);
            sheet.pillow([400, 250, 600, 900], paint);
            sheet.block([440, 170, 560, 290], dark);
            sheet.pillow([425, 90, 575, 190], [60, 60, 66]);
            sheet.block([400, 520, 600, 640], light);
        }
        Motif::Parcel => {
            shadow(&mut sheet, 180, 830);
            sheet.block([200, 320, 800, 860], [190, 148, 100]);
            sheet.block([460, 320, 540, 860], [222, 196, 150]);
            sheet.block([560, 620, 760, 780], [250, 248, 242]);
            for line in 0..4 {
                sheet.block([580, 645 + line * 32, 740 - line * 20, 655 + line * 32], [70, 70, 74]);
            }
            // A corner that did not survive the journey.
            sheet.peak([140, 300, 330, 470], 0.8, [150, 110, 70]);
        }
        Motif::Receipt => {
            sheet.block([300, 60, 700, 940], [252, 251, 247]);
            for line in 0..11 {
                let y = 140 + line * 62;
                let end = 500 + rng.random_range(0..60);
                sheet.block([340, y, end, y + 16], [90, 90, 94]);
                sheet.block([600, y, 660, y + 16], [90, 90, 94]);
            }
            sheet.block([340, 850, 660, 880], [30, 30, 34]);
        }
        Motif::Mountains => {
            sheet.ellipse([700, 90, 820, 250], [250, 214, 130]);
            ridge(&mut sheet, &mut rng);
            sheet.block([0, 780, 1000, 1000], [84, 118, 74]);
            sheet.ellipse([120, 800, 640, 960], [92, 148, 176]);
        }
        Motif::Mug => {
            shadow(&mut sheet, 220, 780);
            sheet.ring([600, 400, 830, 680], 0.28, paint);
            sheet.cup([270, 330, 690, 860], 0.78, paint);
            sheet.ellipse([270, 270, 690, 400], light);
            sheet.ellipse([300, 290, 660, 385], [94, 60, 40]);
            sheet.ellipse([400, 310, 560, 365], [214, 184, 150]);
        }
        Motif::Cake => {
            sheet.ellipse([140, 740, 860, 920], [250, 250, 250]);
            sheet.pillow([240, 420, 760, 850], [222, 178, 120]);
            sheet.block([250, 590, 750, 640], paint);
            sheet.pillow([235, 370, 765, 530], [250, 240, 226]);
            for berry in 0..5 {
                sheet.ellipse([270 + berry * 98, 330, 340 + berry * 98, 430], other);
            }
        }
        Motif::Roll => {
            sheet.ellipse([110, 600, 890, 900], [250, 250, 250]);
            sheet.ellipse([220, 370, 780, 800], [206, 140, 66]);
            for cut in 0..4 {
                sheet.ellipse([290 + cut * 115, 400, 330 + cut * 115, 740], [236, 190, 120]);
            }
        }
        Motif::Thumb => {
            sheet.pillow([380, 420, 780, 860], [66, 133, 244]);
            sheet.pillow([440, 140, 570, 560], [66, 133, 244]);
            sheet.block([220, 440, 340, 860], [40, 96, 190]);
        }
        Motif::Heart => {
            sheet.ellipse([180, 220, 520, 600], [224, 62, 82]);
            sheet.ellipse([480, 220, 820, 600], [224, 62, 82]);
            sheet.cup([215, 470, 785, 880], 0.0, [224, 62, 82]);
        }
    }
    sheet.finish()
}

fn pick(rng: &mut SmallRng, colours: &[Colour]) -> Colour {
    colours[rng.random_range(0..colours.len())]
}

fn shadow(sheet: &mut Canvas, left: i32, right: i32) {
    sheet.ellipse([left, 820, right, 930], [196, 190, 182]);
}

fn ridge(sheet: &mut Canvas, rng: &mut SmallRng) {
    for place in 0..4_i32 {
        let left = place * 230 - 120 + rng.random_range(-40..40);
        let top = rng.random_range(220..460);
        let stone = mix([110, 122, 140], [70, 84, 104], place.unsigned_abs(), 4);
        sheet.peak([left, top, left + 560, 800], 0.1, stone);
        sheet.peak([left + 230, top, left + 350, top + 130], 0.1, [246, 248, 250]);
    }
}
