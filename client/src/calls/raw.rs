//! Arguments that are encoded already.

use codec::{Encode, Output};

/// Bytes that stand among the arguments as they are.
pub(super) struct Raw<'a>(pub(super) &'a [u8]);

impl Encode for Raw<'_> {
    fn size_hint(&self) -> usize {
        self.0.len()
    }

    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        output.write(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_bytes_have_no_length_before_them() {
        assert_eq!((1u8, Raw(&[2, 3]), 4u8).encode(), [1, 2, 3, 4]);
    }
}
