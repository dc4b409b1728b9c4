//! What an app prints: the end of it is kept, the rest forgotten, and the app never knows.

use std::collections::VecDeque;

/// The last bytes of a stream.
pub struct Tail {
    bytes: VecDeque<u8>,
    most: usize,
}

impl Tail {
    /// Keeps so many bytes.
    pub fn new(most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self {
            bytes: VecDeque::new(),
            most,
        }
    }

    /// Appends bytes and forgets the oldest ones.
    pub fn push(&mut self, new: &[u8]) {
        let new = &new[new.len().saturating_sub(self.most)..];
        let excess = (self.bytes.len() + new.len()).saturating_sub(self.most);
        self.bytes.drain(..excess);
        self.bytes.extend(new);
    }

    /// The bytes kept.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_bytes_are_kept() {
        let mut tail = Tail::new(4);
        for (new, kept) in [
            ("ab", "ab"),
            ("cd", "abcd"),
            ("e", "bcde"),
            ("0123456789", "6789"),
        ] {
            tail.push(new.as_bytes());
            assert_eq!(tail.bytes, kept.as_bytes());
        }
        tail.push(b"");
        assert_eq!(tail.into_bytes(), b"6789");
    }

    #[test]
    fn nothing_can_be_kept() {
        let mut tail = Tail::new(0);
        tail.push(b"abc");
        assert!(tail.into_bytes().is_empty());
    }
}
