//! Calls of the registry.

use super::Call;
use codec::{Decode, Encode};
use ergon_primitives::{
    AccessListId, AccountId, AllowedApps, AppId, AppKind, BlockNumber, DatasetId, Description,
    Locator, Name, OutputFiles, PoolId, PoolPolicy, Requirements,
};
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

const PALLET: &str = "Registry";

/// Most accounts that one call adds to a list or removes from it.
pub const MAX_MEMBERS_PER_CALL: u32 = 64;

/// Accounts that one call adds to a list or removes from it.
pub type Members = BoundedVec<AccountId, ConstU32<MAX_MEMBERS_PER_CALL>>;

/// What governance decides about an app.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Verdict {
    /// It is approved on the ground of the document with this hash, which its owner proposed or it
    /// was approved on before.
    #[codec(index = 0)]
    Approve(H256),
    /// No deal can be made with it any more.
    #[codec(index = 1)]
    Revoke {
        /// Whether unfinished tasks end without result too.
        harmful: bool,
    },
    /// Whatever was said is taken back: it is unreviewed.
    #[codec(index = 2)]
    Clear,
}

/// Registers an app; `digest` is the SHA-256 of its module or of its image's manifest, `requirements`
/// what it demands of machines, `outputs` the output files that count (every file when there is
/// none).
pub fn register_app(
    name: Name,
    kind: AppKind,
    digest: H256,
    locator: Locator,
    metadata: Description,
    requirements: Requirements,
    outputs: OutputFiles,
) -> Call {
    Call::new(
        PALLET,
        "register_app",
        (name, kind, digest, locator, metadata, requirements, outputs),
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

/// Registers a worker pool; `authoriser` is the key that authorises contributions on its behalf.
pub fn register_pool(description: Description, authoriser: &AccountId, policy: PoolPolicy) -> Call {
    Call::new(PALLET, "register_pool", (description, authoriser, policy))
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

/// Registers a dataset; `digest` is the SHA-256 of the content as it is fetched, `encryption` says how
/// it is encrypted and who hands out keys, `allowed_apps` which apps may read it (any when there is
/// none).
pub fn register_dataset(
    name: Name,
    digest: H256,
    locator: Locator,
    metadata: Description,
    encryption: Option<Description>,
    allowed_apps: AllowedApps,
) -> Call {
    Call::new(
        PALLET,
        "register_dataset",
        (name, digest, locator, metadata, encryption, allowed_apps),
    )
}

/// Says anew where a dataset's content and documents are.
pub fn update_dataset(dataset: DatasetId, locator: Locator, metadata: Description) -> Call {
    Call::new(PALLET, "update_dataset", (dataset, locator, metadata))
}

/// Gives a dataset to another account.
pub fn transfer_dataset(dataset: DatasetId, to: &AccountId) -> Call {
    Call::new(PALLET, "transfer_dataset", (dataset, to))
}

/// Removes a dataset.
pub fn remove_dataset(dataset: DatasetId) -> Call {
    Call::new(PALLET, "remove_dataset", dataset)
}

/// Asks governance to approve an app on the ground of the document with this hash.
pub fn propose_app(app: AppId, document: H256) -> Call {
    Call::new(PALLET, "propose_app", (app, document))
}

/// Judges an app. Only governance can.
pub fn curate_app(app: AppId, verdict: Verdict) -> Call {
    Call::new(PALLET, "curate_app", (app, verdict))
}

/// Lets another key authorise contributions to a pool.
pub fn set_authoriser(pool: PoolId, authoriser: &AccountId) -> Call {
    Call::new(PALLET, "set_authoriser", (pool, authoriser))
}
