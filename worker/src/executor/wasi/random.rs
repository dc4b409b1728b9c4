//! "Random" numbers without entropy.

use crate::executor::digest;

/// A fixed stream: the blake2-256 digests of `ergon/random` and a counter. It is the same for every
/// task and every worker, so that they agree; it hides nothing and must not be used for keys. Apps
/// that need different numbers in different tasks take their seed from an argument.
#[derive(Default)]
pub struct Stream {
    counter: u64,
    rest: Vec<u8>,
}

impl Stream {
    /// Fills a buffer with what comes next.
    pub fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            if self.rest.is_empty() {
                self.rest = self.block();
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }

    /// The next digest, reversed, as it is taken from its end.
    fn block(&mut self) -> Vec<u8> {
        let mut seed = b"ergon/random".to_vec();
        seed.extend(self.counter.to_le_bytes());
        self.counter = self.counter.wrapping_add(1);
        digest(&seed).into_iter().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_does_not_depend_on_how_it_is_read() {
        let (mut whole, mut pieces) = ([0; 100], [0; 100]);
        Stream::default().fill(&mut whole);
        let mut stream = Stream::default();
        for piece in pieces.chunks_mut(7) {
            stream.fill(piece);
        }
        assert_eq!(whole, pieces);
        assert_eq!(whole[..32], digest(b"ergon/random\0\0\0\0\0\0\0\0"));
        assert_ne!(whole[..32], whole[32..64]);
    }
}
