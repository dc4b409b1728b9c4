//! Identifiers of entries: what an entry is, and who registered it first. A transfer does not change
//! them.

use ergon_primitives::{
    AccessListId, AccountId, AppId, AppKind, DatasetId, Description, PoolId, domain_hash,
};
use sp_core::H256;

/// Identifier of the app that `owner` registers.
pub fn app_id(owner: &AccountId, kind: AppKind, digest: H256) -> AppId {
    AppId(domain_hash("ergon/app", &(owner, kind, digest)))
}

/// Identifier of the dataset that `owner` registers.
pub fn dataset_id(owner: &AccountId, digest: H256) -> DatasetId {
    DatasetId(domain_hash("ergon/dataset", &(owner, digest)))
}

/// Identifier of the pool that `owner` registers.
pub fn pool_id(owner: &AccountId, description: &Description) -> PoolId {
    PoolId(domain_hash("ergon/pool", &(owner, description)))
}

/// Identifier of the access list that `owner` creates.
pub fn access_list_id(owner: &AccountId, salt: H256) -> AccessListId {
    AccessListId(domain_hash("ergon/list", &(owner, salt)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    const ALICE: AccountId = AccountId::new([1; 32]);
    const BOB: AccountId = AccountId::new([2; 32]);

    #[test]
    fn identifiers_differ_by_owner_and_content() {
        let (one, two) = (H256::repeat_byte(1), H256::repeat_byte(2));
        assert_eq!(
            app_id(&ALICE, AppKind::Wasm, one),
            app_id(&ALICE, AppKind::Wasm, one)
        );
        assert_ne!(
            app_id(&ALICE, AppKind::Wasm, one),
            app_id(&BOB, AppKind::Wasm, one)
        );
        assert_ne!(
            app_id(&ALICE, AppKind::Wasm, one),
            app_id(&ALICE, AppKind::Wasm, two)
        );
        assert_ne!(
            app_id(&ALICE, AppKind::Wasm, one),
            app_id(&ALICE, AppKind::Oci, one)
        );
        assert_ne!(dataset_id(&ALICE, one), dataset_id(&ALICE, two));
        assert_ne!(dataset_id(&ALICE, one), dataset_id(&BOB, one));
        assert_ne!(access_list_id(&ALICE, one), access_list_id(&ALICE, two));
        assert_ne!(access_list_id(&ALICE, one), access_list_id(&BOB, one));
    }

    #[test]
    fn identifiers_of_different_kinds_never_meet() {
        let empty = Description::default();
        let hashes = BTreeSet::from([
            app_id(&ALICE, AppKind::Wasm, H256::zero()).0,
            dataset_id(&ALICE, H256::zero()).0,
            pool_id(&ALICE, &empty).0,
            access_list_id(&ALICE, H256::zero()).0,
        ]);
        assert_eq!(hashes.len(), 4);
    }
}
