//! One file per subject, one module per call.

mod apps;
mod categories;
mod curation;
mod datasets;
mod interface;
mod lists;
mod pools;
mod tombstones;
