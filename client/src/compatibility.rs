//! Whether a node's runtime offers what this client uses, in the form in which it uses it.
//!
//! The committed metadata says what the client expects. Calls and storage entries are compared one
//! by one, so that a runtime may change whatever the client does not touch.

use crate::{ClientError, events, runtime};
use codec::Decode;
use std::sync::LazyLock;
use subxt::Metadata;

/// The metadata of the runtime that this client was built for.
pub(crate) static METADATA: &[u8] = include_bytes!("../metadata.scale");

/// The pallets without which a chain is not Ergon.
const OURS: [&str; 9] = [
    "Registry",
    "Market",
    "Escrow",
    "WorkerStaking",
    "Poco",
    "Reputation",
    "ProtocolParameters",
    "HubWallet",
    "ValidatorSet",
];

/// What the client uses of a pallet, besides its events.
struct Used {
    pallet: &'static str,
    calls: &'static [&'static str],
    storage: &'static [&'static str],
    constants: &'static [&'static str],
}

const USED: [Used; 21] = [
    Used {
        pallet: "Registry",
        calls: &[
            "register_app",
            "update_app",
            "transfer_app",
            "remove_app",
            "register_pool",
            "update_pool",
            "transfer_pool",
            "remove_pool",
            "create_category",
            "create_list",
            "add_members",
            "remove_members",
            "delete_list",
            "prune_tombstone",
            "register_dataset",
            "update_dataset",
            "transfer_dataset",
            "remove_dataset",
            "propose_app",
            "curate_app",
            "set_authoriser",
        ],
        storage: &[
            "Apps",
            "Curations",
            "Datasets",
            "Pools",
            "Categories",
            "AccessLists",
            "ListMembers",
        ],
        constants: &[],
    },
    Used {
        pallet: "Market",
        calls: &["publish", "close", "match_orders", "prune"],
        storage: &["Orders", "Consumed", "Deals", "DealStatuses", "OpenDeals"],
        constants: &[],
    },
    Used {
        pallet: "Escrow",
        calls: &[],
        storage: &["Accounts"],
        constants: &[],
    },
    Used {
        pallet: "WorkerStaking",
        calls: &[
            "bond",
            "bond_extra",
            "unbond",
            "withdraw",
            "join",
            "leave",
            "set_worker_key",
        ],
        storage: &["Bonds", "PoolMembers"],
        constants: &[],
    },
    Used {
        pallet: "Poco",
        calls: &[
            "contribute",
            "reveal",
            "finalise",
            "reopen",
            "claim",
            "prune_deal",
            "revoke",
            "contribute_many",
            "reveal_many",
            "contribute_and_finalise",
            "contribute_and_finalise_many",
            "open_sealed",
            "cancel",
            "sweep",
        ],
        storage: &["TaskPages", "Progress"],
        constants: &[],
    },
    Used {
        pallet: "Reputation",
        calls: &[],
        storage: &["Scores"],
        constants: &[],
    },
    Used {
        pallet: "ProtocolParameters",
        calls: &["set"],
        storage: &["InForce"],
        constants: &[],
    },
    Used {
        pallet: "System",
        calls: &[],
        storage: &["Account", "Events"],
        constants: &[],
    },
    Used {
        pallet: "Balances",
        calls: &["transfer_keep_alive"],
        storage: &["TotalIssuance", "InactiveIssuance", "Holds"],
        constants: &["ExistentialDeposit"],
    },
    Used {
        pallet: "Timestamp",
        calls: &[],
        storage: &["Now"],
        constants: &[],
    },
    Used {
        pallet: "HubWallet",
        calls: &[
            "create",
            "register",
            "pay",
            "pull",
            "payday",
            "settle",
            "withdraw",
            "suspect",
            "rehabilitate",
            "ban",
            "release_quarantine",
            "update_record",
            "set_trusted",
            "rate",
            "unrate",
            "bind_pool",
            "unbind_pool",
            "set_parameters",
            "sweep",
            "forfeit",
        ],
        storage: &[
            "Hubs",
            "Records",
            "Approvals",
            "Cases",
            "Votes",
            "Bindings",
            "Quarantine",
            "Parameters",
            "InitialParameters",
        ],
        constants: &[],
    },
    Used {
        pallet: "ValidatorSet",
        calls: &[
            "set_invulnerables",
            "set_desired_candidates",
            "register_candidate",
            "bond_extra",
            "leave",
            "withdraw",
            "return_to_duty",
            "purge_keys",
        ],
        storage: &[
            "Invulnerables",
            "Candidates",
            "Departures",
            "DesiredCandidates",
            "Settings",
            "Attendances",
        ],
        constants: &["MinimumBond"],
    },
    Used {
        pallet: "Session",
        calls: &["set_keys", "purge_keys"],
        storage: &[
            "CurrentIndex",
            "Validators",
            "QueuedKeys",
            "DisabledValidators",
            "NextKeys",
        ],
        constants: &[],
    },
    Used {
        pallet: "Origins",
        calls: &[],
        storage: &["Day"],
        constants: &[],
    },
    Used {
        pallet: "Preimage",
        calls: &["note_preimage", "unnote_preimage"],
        storage: &["PreimageFor"],
        constants: &[],
    },
    Used {
        pallet: "Scheduler",
        calls: &[],
        storage: &["Lookup"],
        constants: &[],
    },
    // `submit` and `ReferendumInfoFor` hold no call, only an origin.
    Used {
        pallet: "Referenda",
        calls: &[
            "submit",
            "place_decision_deposit",
            "refund_decision_deposit",
            "refund_submission_deposit",
            "cancel",
            "kill",
            "nudge_referendum",
        ],
        storage: &["ReferendumInfoFor"],
        constants: &["Tracks", "SubmissionDeposit", "UndecidingTimeout"],
    },
    Used {
        pallet: "ConvictionVoting",
        calls: &["vote", "remove_vote", "unlock"],
        storage: &["VotingFor", "ClassLocksFor"],
        constants: &["VoteLockingPeriod"],
    },
    Used {
        pallet: "TechnicalCollective",
        calls: &["vote", "close"],
        storage: &["Voting", "Members"],
        constants: &[],
    },
    Used {
        pallet: "Whitelist",
        calls: &["whitelist_call"],
        storage: &[],
        constants: &[],
    },
    // `batch_all` takes any call: its form changes with every call of the runtime, so it is left
    // out here and looked up when it is used. So are the collective's `propose`, its `ProposalOf`
    // and the whitelist's dispatch of a call.
    Used {
        pallet: "Utility",
        calls: &[],
        storage: &[],
        constants: &[],
    },
];

/// What the client asks the runtime's own programs: trait and function.
const ASKED: [(&str, &str); 3] = [
    ("MarketApi", "orders"),
    ("MarketApi", "prices"),
    ("MarketApi", "explain_match"),
];

/// The head of `sp_version::RuntimeVersion`, as far as the version's number.
#[derive(Decode)]
struct VersionHead {
    _spec_name: String,
    _impl_name: String,
    _authoring_version: u32,
    spec_version: u32,
}

/// What this client expects.
pub(crate) struct Expected {
    /// Version of the runtime it was built for.
    pub(crate) spec_version: u32,
    /// That runtime's metadata.
    pub(crate) metadata: Metadata,
}

/// What this client expects of every node.
pub(crate) static EXPECTED: LazyLock<Result<Expected, String>> = LazyLock::new(|| {
    let metadata = Metadata::decode_from(METADATA).map_err(|error| error.to_string())?;
    let version: VersionHead =
        runtime::constant(&metadata, "System", "Version").map_err(|error| error.to_string())?;
    Ok(Expected {
        spec_version: version.spec_version,
        metadata,
    })
});

/// Refuses a runtime that this client does not fit.
pub(crate) fn check(url: &str, runtime: u32, metadata: &Metadata) -> Result<(), ClientError> {
    let missing = missing_pallets(metadata);
    if !missing.is_empty() {
        return Err(ClientError::NotErgon {
            url: url.into(),
            missing: missing.join(", "),
        });
    }
    let expected = EXPECTED
        .as_ref()
        .map_err(|reason| ClientError::undecodable("the client's own metadata", reason))?;
    let differences = differences(&expected.metadata, metadata);
    if differences.is_empty() {
        return Ok(());
    }
    Err(ClientError::Incompatible {
        runtime,
        client: expected.spec_version,
        differences,
    })
}

fn missing_pallets(metadata: &Metadata) -> Vec<&'static str> {
    OURS.into_iter()
        .filter(|name| metadata.pallet_by_name(name).is_none())
        .collect()
}

/// All that the client uses and that is not the same in both, as `Pallet.name`.
fn differences(expected: &Metadata, found: &Metadata) -> Vec<String> {
    let mut names = Vec::new();
    for used in &USED {
        let (Some(expected), Some(found)) = (
            expected.pallet_by_name(used.pallet),
            found.pallet_by_name(used.pallet),
        ) else {
            names.push(used.pallet.to_owned());
            continue;
        };
        let mut compare = |name: &str, expected: Option<[u8; 32]>, found: Option<[u8; 32]>| {
            if expected.is_none() || expected != found {
                names.push(format!("{}.{name}", used.pallet));
            }
        };
        for call in used.calls {
            compare(call, expected.call_hash(call), found.call_hash(call));
        }
        for entry in used.storage.iter().filter(|entry| **entry != "Events") {
            compare(
                entry,
                expected.storage_hash(entry),
                found.storage_hash(entry),
            );
        }
        for constant in used.constants {
            compare(
                constant,
                expected.constant_hash(constant),
                found.constant_hash(constant),
            );
        }
    }
    names.extend(different_events(expected, found));
    names.extend(different_functions(expected, found));
    names
}

/// The functions of the runtime's interface that differ.
fn different_functions(expected: &Metadata, found: &Metadata) -> Vec<String> {
    let hash = |metadata: &Metadata, name: &str, function: &str| {
        let found = metadata.runtime_api_trait_by_name(name)?;
        Some(found.method_by_name(function)?.hash())
    };
    ASKED
        .iter()
        .filter(|(name, function)| {
            let expected = hash(expected, name, function);
            expected.is_none() || expected != hash(found, name, function)
        })
        .map(|(name, function)| format!("{name}.{function}"))
        .collect()
}

/// The pallets whose events differ. Only those whose events the client decodes are compared; the
/// list of all events (`System.Events`) changes with every event of every pallet and is read
/// through metadata.
fn different_events(expected: &Metadata, found: &Metadata) -> Vec<String> {
    let hash = |metadata: &Metadata, pallet: &str| {
        metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.event_ty_id())
            .and_then(|id| metadata.type_hash(id))
    };
    events::DECODED_WHOLE
        .iter()
        .filter(|pallet| hash(expected, pallet) != hash(found, pallet))
        .map(|pallet| format!("{pallet}.Event"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> &'static Expected {
        EXPECTED.as_ref().unwrap()
    }

    #[test]
    fn the_committed_metadata_has_all_that_the_client_uses() {
        let metadata = &expected().metadata;
        assert!(missing_pallets(metadata).is_empty());
        assert_eq!(differences(metadata, metadata), Vec::<String>::new());
    }

    #[test]
    fn a_chain_without_our_pallets_is_named_so() {
        // The metadata of no pallets at all, made by leaving out every pallet of ours.
        let empty = empty_metadata();
        let error = check("ws://elsewhere", 1, &empty).unwrap_err();
        assert!(
            matches!(&error, ClientError::NotErgon { missing, .. } if missing.contains("Poco")),
            "{error}"
        );
    }

    #[test]
    fn every_difference_is_listed() {
        let listed = differences(&expected().metadata, &empty_metadata());
        assert!(listed.contains(&"Market".to_owned()), "{listed:?}");
        assert!(listed.contains(&"Poco.Event".to_owned()), "{listed:?}");
        assert!(
            listed.contains(&"MarketApi.prices".to_owned()),
            "{listed:?}"
        );
    }

    fn empty_metadata() -> Metadata {
        use subxt::ext::frame_metadata::v15;
        let nothing = scale_info::meta_type::<()>;
        let metadata = v15::RuntimeMetadataV15::new(
            Vec::new(),
            v15::ExtrinsicMetadata {
                version: 4,
                address_ty: nothing(),
                call_ty: nothing(),
                signature_ty: nothing(),
                extra_ty: nothing(),
                signed_extensions: Vec::new(),
            },
            nothing(),
            Vec::new(),
            v15::OuterEnums {
                call_enum_ty: nothing(),
                event_enum_ty: nothing(),
                error_enum_ty: nothing(),
            },
            v15::CustomMetadata {
                map: Default::default(),
            },
        );
        Metadata::from_v15(metadata).unwrap()
    }
}
