//! Whatever owners and votes do in whatever order, the invariants hold and the money comes back.

use crate::{Bonds, mock::*};
use ergon_primitives::{AccountId, Balance, BlockNumber, ERG, traits::WorkerStaking as _};
use frame_support::{assert_ok, traits::Imbalance as _};
use proptest::prelude::*;

/// Amounts are in ERG.
#[derive(Clone, Debug)]
enum Step {
    BondExtra(u8),
    Unbond(u8),
    Withdraw,
    Join,
    Leave,
    Lock(u8),
    /// Releases the oldest lock.
    Unlock,
    /// Slashes the newest lock.
    Slash,
    /// Lets blocks go by.
    Wait(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0u8..20).prop_map(Step::BondExtra),
        (0u8..40).prop_map(Step::Unbond),
        Just(Step::Withdraw),
        Just(Step::Join),
        Just(Step::Leave),
        (0u8..15).prop_map(Step::Lock),
        Just(Step::Unlock),
        Just(Step::Slash),
        (1u8..60).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..60)
}

/// What the test knows of the machine beside the chain.
struct Model {
    worker: AccountId,
    block: BlockNumber,
    locks: Vec<Balance>,
    slashed: Balance,
}

impl Model {
    fn take(&mut self, step: Step) {
        let worker = self.worker.clone();
        let erg = |amount: u8| Balance::from(amount) * ERG;
        // A call may well be refused; the invariants must hold either way.
        match step {
            Step::BondExtra(amount) => {
                let _ = WorkerStaking::bond_extra(signed(ALICE), worker, erg(amount));
            }
            Step::Unbond(amount) => {
                let _ = WorkerStaking::unbond(signed(ALICE), worker, erg(amount));
            }
            Step::Withdraw => {
                let _ = WorkerStaking::withdraw(signed(ALICE), worker);
            }
            Step::Join => {
                let _ = WorkerStaking::join(signed(ALICE), worker, POOL);
            }
            Step::Leave => {
                let _ = WorkerStaking::leave(signed(ALICE), worker);
            }
            Step::Lock(amount) => {
                if lock(&worker, POOL, self.block, erg(amount)).is_ok() {
                    self.locks.push(erg(amount));
                }
            }
            Step::Unlock => {
                if !self.locks.is_empty() {
                    WorkerStaking::unlock(&worker, self.locks.remove(0));
                }
            }
            Step::Slash => {
                if let Some(stake) = self.locks.pop() {
                    assert_eq!(WorkerStaking::slash(&worker, stake).peek(), stake);
                    self.slashed += stake;
                }
            }
            Step::Wait(blocks) => {
                self.block += BlockNumber::from(blocks);
                advance_to(self.block);
            }
        }
    }

    fn check(&self) {
        assert_ok!(WorkerStaking::do_try_state());
        let locked = Bonds::<Test>::get(&self.worker).map_or(0, |bond| bond.locked);
        assert_eq!(locked, self.locks.iter().sum::<Balance>());
        assert_eq!(free(&ALICE) + on_hold(&ALICE), ENDOWMENT - self.slashed);
    }

    /// All tasks settle, and the owner takes everything out.
    fn wind_up(mut self) {
        for stake in std::mem::take(&mut self.locks) {
            WorkerStaking::unlock(&self.worker, stake);
        }
        advance_to(self.block + 2 * BONDING_DURATION);
        let _ = WorkerStaking::withdraw(signed(ALICE), self.worker.clone());
        if let Some(bond) = Bonds::<Test>::get(&self.worker) {
            assert_ok!(WorkerStaking::unbond(
                signed(ALICE),
                self.worker.clone(),
                bond.amount
            ));
            advance_to(self.block + 3 * BONDING_DURATION);
            assert_ok!(WorkerStaking::withdraw(signed(ALICE), self.worker.clone()));
        }
        assert_eq!(Bonds::<Test>::iter().count(), 0);
        assert!(!System::account_exists(&self.worker));
        assert_eq!(
            (on_hold(&ALICE), free(&ALICE)),
            (0, ENDOWMENT - self.slashed)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn keep_the_invariants(steps in steps()) {
        build_and_execute(|| {
            let mut model =
                Model { worker: joined(), block: 1, locks: Vec::new(), slashed: 0 };
            for step in steps {
                model.take(step);
                model.check();
            }
            model.wind_up();
        });
    }
}
