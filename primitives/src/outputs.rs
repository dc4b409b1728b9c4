//! Outputs of a task: a sorted list of files, and the root hash that a vote carries.

use crate::domain_hash;
use alloc::{string::String, vec::Vec};
use codec::{Decode, Encode};
use sp_core::H256;

/// One output file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
pub struct OutputFile {
    /// Path below the output folder, with `/` between its parts.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// blake2-256 of the content.
    pub digest: H256,
}

/// Root of a task's outputs: `H("ergon/outputs", files)`, the files sorted by path.
pub fn output_root(mut files: Vec<OutputFile>) -> H256 {
    files.sort();
    domain_hash("ergon/outputs", &files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> OutputFile {
        OutputFile {
            path: path.into(),
            size: 1,
            digest: H256::zero(),
        }
    }

    #[test]
    fn root_does_not_depend_on_the_order_of_listing() {
        assert_eq!(
            output_root(alloc::vec![file("a"), file("b")]),
            output_root(alloc::vec![file("b"), file("a")])
        );
        assert_ne!(
            output_root(alloc::vec![file("a")]),
            output_root(alloc::vec![file("b")])
        );
    }
}
