//! How each pallet is set up: a file per subject, parameters directly above where they are used.

pub mod calls;
pub mod consensus;
pub mod ergon;
pub mod governance;
pub mod money;
pub mod system;
pub mod tracks;
