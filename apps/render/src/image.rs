//! Pictures of 8-bit pixels, and their file format: binary PPM (P6).

use std::fmt;

/// The largest picture that is read from a file, in pixels.
const MOST_PIXELS: u64 = 1 << 28;

/// A picture: rows of pixels from the upper left corner, each red, green and blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

/// The picture of one tile.
pub type Tile = Image;

/// Why bytes are not a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PpmError {
    /// The file does not begin with `P6`.
    NotPpm,
    /// Width, height or the largest value is missing or not a number.
    BadHeader,
    /// The largest value is not 255, so the pixels are not bytes.
    NotBytes,
    /// The picture has no pixels, or more than 2^28.
    BadSize {
        /// The width the header states.
        width: u32,
        /// The height the header states.
        height: u32,
    },
    /// The pixels are too few or too many for the stated size.
    WrongLength {
        /// How many bytes of pixels the size asks for.
        expected: u64,
        /// How many there are.
        found: u64,
    },
}

impl fmt::Display for PpmError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPpm => formatter.write_str("this is no binary PPM: it does not begin with P6"),
            Self::BadHeader => {
                formatter.write_str("the PPM header does not state width, height and largest value")
            }
            Self::NotBytes => formatter.write_str("only PPM files with largest value 255 are read"),
            Self::BadSize { width, height } => {
                write!(
                    formatter,
                    "a picture of {width} x {height} pixels cannot be read"
                )
            }
            Self::WrongLength { expected, found } => {
                write!(
                    formatter,
                    "the PPM should have {expected} bytes of pixels, it has {found}"
                )
            }
        }
    }
}

impl std::error::Error for PpmError {}

impl Image {
    /// A black picture.
    pub(crate) fn black(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            pixels: vec![0; width as usize * height as usize * 3],
        }
    }

    /// The width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All pixels, three bytes each, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The red, green and blue of a pixel; black outside the picture.
    pub fn get(&self, x: u32, y: u32) -> [u8; 3] {
        if x >= self.width || y >= self.height {
            return [0; 3];
        }
        let place = self.place(x, y);
        [
            self.pixels[place],
            self.pixels[place + 1],
            self.pixels[place + 2],
        ]
    }

    pub(crate) fn set(&mut self, x: u32, y: u32, colour: [u8; 3]) {
        let place = self.place(x, y);
        self.pixels[place..place + 3].copy_from_slice(&colour);
    }

    /// Copies a smaller picture to a place where it fits.
    pub(crate) fn paste(&mut self, x: u32, y: u32, part: &Self) {
        let row_bytes = part.width as usize * 3;
        for (row, bytes) in (y..).zip(part.pixels.chunks_exact(row_bytes)) {
            let place = self.place(x, row);
            self.pixels[place..place + row_bytes].copy_from_slice(bytes);
        }
    }

    fn place(&self, x: u32, y: u32) -> usize {
        (y as usize * self.width as usize + x as usize) * 3
    }

    /// The picture as a binary PPM file.
    pub fn to_ppm(&self) -> Vec<u8> {
        let mut file = format!("P6\n{} {}\n255\n", self.width, self.height).into_bytes();
        file.extend_from_slice(&self.pixels);
        file
    }

    /// Reads a binary PPM file. The bytes come from strangers: nothing is believed before the
    /// stated size and the number of bytes agree.
    pub fn from_ppm(file: &[u8]) -> Result<Self, PpmError> {
        let mut rest = file.strip_prefix(b"P6").ok_or(PpmError::NotPpm)?;
        let width = header_number(&mut rest)?;
        let height = header_number(&mut rest)?;
        let largest = header_number(&mut rest)?;
        let [b' ' | b'\n' | b'\t' | b'\r', pixels @ ..] = rest else {
            return Err(PpmError::BadHeader);
        };
        if largest != 255 {
            return Err(PpmError::NotBytes);
        }
        let count = u64::from(width) * u64::from(height);
        if count == 0 || count > MOST_PIXELS {
            return Err(PpmError::BadSize { width, height });
        }
        let (expected, found) = (count * 3, pixels.len() as u64);
        if expected != found {
            return Err(PpmError::WrongLength { expected, found });
        }
        Ok(Self {
            width,
            height,
            pixels: pixels.to_vec(),
        })
    }
}

/// Takes white space and comments, of which there must be some, and then a number.
fn header_number(rest: &mut &[u8]) -> Result<u32, PpmError> {
    let mut blank = 0;
    loop {
        match rest.get(blank) {
            Some(b' ' | b'\n' | b'\t' | b'\r') => blank += 1,
            Some(b'#') => {
                blank += rest[blank..]
                    .iter()
                    .take_while(|byte| **byte != b'\n')
                    .count();
            }
            _ => break,
        }
    }
    let digits = rest[blank..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (before, after) = rest.split_at(blank + digits);
    *rest = after;
    if blank == 0 {
        return Err(PpmError::BadHeader);
    }
    let digits = std::str::from_utf8(&before[blank..]).map_err(|_| PpmError::BadHeader)?;
    digits.parse().map_err(|_| PpmError::BadHeader)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Image {
        let mut image = Image::black(3, 2);
        image.set(2, 1, [10, 35, 255]);
        image.set(0, 0, [b'#', b'\n', b'P']);
        image
    }

    #[test]
    fn ppm_round_trip() {
        let file = sample().to_ppm();
        assert!(file.starts_with(b"P6\n3 2\n255\n#\nP"));
        assert_eq!(Image::from_ppm(&file), Ok(sample()));
    }

    #[test]
    fn other_programs_headers_are_read() {
        let file = b"P6 # a comment\n1\t# another\r\n1 255\nabc";
        assert_eq!(
            Image::from_ppm(file).map(|image| image.get(0, 0)),
            Ok(*b"abc")
        );
    }

    #[test]
    fn hostile_files_are_refused() {
        let big = PpmError::BadSize {
            width: u32::MAX,
            height: u32::MAX,
        };
        let length = |expected, found| PpmError::WrongLength { expected, found };
        let cases: [(&[u8], PpmError); 16] = [
            (b"", PpmError::NotPpm),
            (b"P5\n1 1\n255\na", PpmError::NotPpm),
            (b"P6", PpmError::BadHeader),
            (b"P61 1 255\nabc", PpmError::BadHeader),
            (b"P6\n1", PpmError::BadHeader),
            (b"P6\n1 1\n255", PpmError::BadHeader),
            (b"P6\n1 1\n255abc", PpmError::BadHeader),
            (b"P6\n-1 1\n255\nabc", PpmError::BadHeader),
            (b"P6\n1 # 1 255 abc", PpmError::BadHeader),
            (b"P6\n4294967296 1\n255\nabc", PpmError::BadHeader),
            (b"P6\n1 1\n65535\nabcdef", PpmError::NotBytes),
            (
                b"P6\n0 9\n255\n",
                PpmError::BadSize {
                    width: 0,
                    height: 9,
                },
            ),
            (b"P6\n4294967295 4294967295\n255\nabc", big),
            (b"P6\n16384 16384\n255\nabc", length(805_306_368, 3)),
            (b"P6\n1 1\n255\nab", length(3, 2)),
            (b"P6\n1 1\n255\nabcd", length(3, 4)),
        ];
        for (file, error) in cases {
            assert_eq!(Image::from_ppm(file), Err(error), "{}", file.escape_ascii());
        }
    }

    #[test]
    fn every_cut_of_a_file_is_refused() {
        let file = sample().to_ppm();
        for length in 0..file.len() {
            assert!(Image::from_ppm(&file[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn outside_is_black() {
        assert_eq!(sample().get(3, 0), [0; 3]);
        assert_eq!(sample().get(0, 2), [0; 3]);
        assert_eq!(sample().get(u32::MAX, u32::MAX), [0; 3]);
    }
}
