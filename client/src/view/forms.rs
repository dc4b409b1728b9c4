//! For tests: whether the runtime reads what is written here.

use crate::compatibility::EXPECTED;
use codec::Encode;
use subxt::{Metadata, ext::scale_value::scale::decode_as_type};

fn metadata() -> &'static Metadata {
    &EXPECTED.as_ref().unwrap().metadata
}

/// Checks that the runtime reads bytes whole, as a value of a type.
fn assert_form(what: &str, type_id: u32, mut bytes: &[u8]) {
    decode_as_type(&mut bytes, type_id, metadata().types())
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(
        bytes.is_empty(),
        "{what}: {} bytes are left over",
        bytes.len()
    );
}

/// Checks that the runtime reads what we write as the value of an entry.
pub(super) fn assert_value(pallet: &str, entry: &str, value: impl Encode) {
    let storage = metadata()
        .pallet_by_name(pallet)
        .unwrap()
        .storage()
        .unwrap();
    let value_type = storage.entry_by_name(entry).unwrap().value_ty();
    assert_form(&format!("{pallet}.{entry}"), value_type, &value.encode());
}
