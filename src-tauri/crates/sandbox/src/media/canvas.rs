//! A sheet of 256 colours with a few shapes to put on it. Coordinates run from 0 to 1000 in both directions.

use bytes::Bytes;

use super::png;

pub(crate) type Colour = [u8; 3];

pub(crate) struct Canvas {
    width: u32,
    height: u32,
    palette: Vec<Colour>,
    pixels: Vec<u8>,
}

impl Canvas {
    /// Filled from top to bottom with a fade in 32 steps.
    pub fn faded(width: u32, height: u32, top: Colour, bottom: Colour) -> Canvas {
        let palette: Vec<Colour> = (0..32).map(|step| mix(top, bottom, step, 31)).collect();
        let mut pixels = Vec::with_capacity((width * height) as usize);
        for y in 0..height {
            let step = u8::try_from(y * 32 / height).unwrap_or(31);
            pixels.resize(pixels.len() + width as usize, step);
        }
        Canvas { width, height, palette, pixels }
    }

    fn ink(&mut self, colour: Colour) -> u8 {
        let place = self.palette.iter().position(|known| *known == colour).unwrap_or_else(|| {
            self.palette.push(colour);
            self.palette.len() - 1
        });
        u8::try_from(place).unwrap_or(0)
    }

    /// Everything inside a box for which `inside` holds, given the place relative to the box: -1 to 1 each way.
    fn fill(&mut self, area: [i32; 4], colour: Colour, inside: impl Fn(f32, f32) -> bool) {
        let ink = self.ink(colour);
        let [left, top, right, bottom] = area;
        let (width, height) = (self.width.cast_signed(), self.height.cast_signed());
        let x_of = |x: i32| (x * width / 1000).clamp(0, width);
        let y_of = |y: i32| (y * height / 1000).clamp(0, height);
        for y in y_of(top)..y_of(bottom) {
            let v = (y * 1000 / height - top) as f32 / (bottom - top).max(1) as f32 * 2.0 - 1.0;
            for x in x_of(left)..x_of(right) {
                let u = (x * 1000 / width - left) as f32 / (right - left).max(1) as f32 * 2.0 - 1.0;
                if inside(u, v) {
                    self.pixels[(y * width + x) as usize] = ink;
                }
            }
        }
    }

    pub fn ellipse(&mut self, area: [i32; 4], colour: Colour) {
        self.fill(area, colour, |u, v| u * u + v * v <= 1.0);
    }

    pub fn block(&mut self, area: [i32; 4], colour: Colour) {
        self.fill(area, colour, |_, _| true);
    }

    /// A box with round corners.
    pub fn pillow(&mut self, area: [i32; 4], colour: Colour) {
        self.fill(area, colour, |u, v| u.powi(4) + v.powi(4) <= 1.0);
    }

    /// A triangle standing on the box's lower edge with its tip `lean` (-1 to 1) along the upper one.
    pub fn peak(&mut self, area: [i32; 4], lean: f32, colour: Colour) {
        self.fill(area, colour, |u, v| {
            let share = f32::midpoint(v, 1.0);
            let middle = lean * (1.0 - share);
            (u - middle).abs() <= share
        });
    }

    /// A box that narrows towards its lower edge to `foot` (0 to 1) of its width.
    pub fn cup(&mut self, area: [i32; 4], foot: f32, colour: Colour) {
        self.fill(area, colour, |u, v| u.abs() <= 1.0 - (1.0 - foot) * f32::midpoint(v, 1.0));
    }

    /// A ring of this thickness (0 to 1).
    pub fn ring(&mut self, area: [i32; 4], thick: f32, colour: Colour) {
        self.fill(area, colour, |u, v| (1.0 - thick..=1.0).contains(&u.hypot(v)));
    }

    pub fn finish(self) -> Bytes {
        png::encode(self.width, self.height, &self.palette, &self.pixels)
    }
}

/// `step` of `steps` from one colour to another.
pub(crate) fn mix(from: Colour, to: Colour, step: u32, steps: u32) -> Colour {
    let part = |a: u8, b: u8| {
        let (a, b) = (u32::from(a), u32::from(b));
        u8::try_from((a * (steps - step) + b * step) / steps).unwrap_or(u8::MAX)
    };
    [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])]
}
