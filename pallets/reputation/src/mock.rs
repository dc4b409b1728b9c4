//! A runtime of system and reputation.

use crate as pallet_reputation;
use ergon_primitives::{AccountId, BlockNumber, DealId, Score};
use frame_support::{assert_ok, derive_impl};
use sp_core::H256;
use sp_runtime::{BuildStorage, traits::IdentityLookup};

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Reputation: pallet_reputation,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

impl pallet_reputation::Config for Test {}

pub const ALICE: AccountId = AccountId::new([1; 32]);
pub const BOB: AccountId = AccountId::new([2; 32]);
pub const DEAL: DealId = DealId(H256::repeat_byte(1));
pub const OTHER_DEAL: DealId = DealId(H256::repeat_byte(2));
/// T of every deal here, in blocks.
pub const WORK_TIME: BlockNumber = 20;

/// Runs a test in block 1 and checks the invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    sp_io::TestExternalities::from(storage).execute_with(|| {
        System::set_block_number(1);
        test();
        assert_ok!(Reputation::do_try_state());
    });
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

pub fn give(worker: &AccountId, score: Score) {
    Reputation::set_score(worker, score);
    System::reset_events();
}

/// Announced changes: worker, score before, score after.
pub fn changes() -> Vec<(AccountId, Score, Score)> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Reputation(pallet_reputation::Event::ScoreChanged {
                worker,
                from,
                to,
            }) => Some((worker, from, to)),
            _ => None,
        })
        .collect()
}
