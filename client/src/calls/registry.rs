//! Calls of the registry.

use super::Call;
use ergon_primitives::{
    AccessListId, AccountId, AppId, AppKind, BlockNumber, Description, Locator, Name, PoolId,
    PoolPolicy,
};
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

const PALLET: &str = "Registry";

/// Most accounts that one call adds to a list or removes from it.
pub const MAX_MEMBERS_PER_CALL: u32 = 64;

/// Accounts that one call adds to a list or removes from it.
pub type Members = BoundedVec<AccountId, ConstU32<MAX_MEMBERS_PER_CALL>>;

/// Registers an app; `digest` is the SHA-256 of its module.
pub fn register_app(
    name: Name,
    kind: AppKind,
    digest: H256,
    locator: Locator,
    metadata: Description,
) -> Call {
    Call::new(
        PALLET,
        "register_app",
        (name, kind, digest, locator, metadata),
    )
}

/// Says anew where an app's module and documents are.
pub fn update_app(app: AppId, locator: Locator, metadata: Description) -> Call {
    Call::new(PALLET, "update_app", (app, locator, metadata))
}

/// Gives an app to another account.
pub fn transfer_app(app: AppId, to: &AccountId) -> Call {
    Call::new(PALLET, "transfer_app", (app, to))
}

/// Removes an app.
pub fn remove_app(app: AppId) -> Call {
    Call::new(PALLET, "remove_app", app)
}

/// Registers a worker pool.
pub fn register_pool(description: Description, policy: PoolPolicy) -> Call {
    Call::new(PALLET, "register_pool", (description, policy))
}

/// Changes a pool's terms for later deals.
pub fn update_pool(pool: PoolId, policy: PoolPolicy) -> Call {
    Call::new(PALLET, "update_pool", (pool, policy))
}

/// Gives a pool to another operator.
pub fn transfer_pool(pool: PoolId, to: &AccountId) -> Call {
    Call::new(PALLET, "transfer_pool", (pool, to))
}

/// Removes a pool.
pub fn remove_pool(pool: PoolId) -> Call {
    Call::new(PALLET, "remove_pool", pool)
}

/// Creates a category of work; `work_time` in blocks, limits in bytes. Only governance can.
pub fn create_category(
    name: Name,
    work_time: BlockNumber,
    input_limit: u64,
    output_limit: u64,
) -> Call {
    Call::new(
        PALLET,
        "create_category",
        (name, work_time, input_limit, output_limit),
    )
}

/// Creates an access list; `salt` tells the lists of one account apart.
pub fn create_list(salt: H256, members: Members) -> Call {
    Call::new(PALLET, "create_list", (salt, members))
}

/// Adds accounts to an access list.
pub fn add_members(list: AccessListId, members: Members) -> Call {
    Call::new(PALLET, "add_members", (list, members))
}

/// Removes accounts from an access list.
pub fn remove_members(list: AccessListId, members: Members) -> Call {
    Call::new(PALLET, "remove_members", (list, members))
}

/// Deletes an access list that has no members any more.
pub fn delete_list(list: AccessListId) -> Call {
    Call::new(PALLET, "delete_list", list)
}

/// Lets a removed identifier be registered again once its time is over.
pub fn prune_tombstone(id: H256) -> Call {
    Call::new(PALLET, "prune_tombstone", id)
}
