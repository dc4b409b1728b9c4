use crate::{
    AccessList, AccessLists, Error, Event, ListMembers, MAX_MEMBERS_PER_CALL, MemberBatch,
    Tombstones, access_list_id, list_deposit, mock::*,
};
use ergon_primitives::{
    AccessListId, AccountId, MAX_LIST_MEMBERS, MAX_ORDER_LIFE, storage_deposit,
    traits::Registry as _,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;

fn batch(members: Vec<AccountId>) -> MemberBatch {
    members.try_into().expect("at most 64")
}

fn size(list: AccessListId) -> u32 {
    AccessLists::<Test>::get(list).unwrap().members
}

/// A list that has all the members it may have, `accounts(0, 1024)`.
fn full_list(owner: AccountId) -> AccessListId {
    let list = create_list(owner.clone(), 1, vec![]);
    for first in (0..MAX_LIST_MEMBERS).step_by(MAX_MEMBERS_PER_CALL as usize) {
        let members = batch(accounts(first, MAX_MEMBERS_PER_CALL));
        assert_ok!(Registry::add_members(signed(owner.clone()), list, members));
    }
    list
}

mod create_list {
    use super::*;

    fn create(owner: AccountId, salt: u8) -> DispatchResult {
        Registry::create_list(
            signed(owner),
            H256::repeat_byte(salt),
            MemberBatch::default(),
        )
    }

    #[test]
    fn stores_its_members_and_takes_a_deposit() {
        build_and_execute(|| {
            let id = create_list(ALICE, 1, vec![ALICE, BOB]);
            let list = AccessList {
                owner: ALICE,
                members: 2,
            };
            assert_eq!(id, access_list_id(&ALICE, H256::repeat_byte(1)));
            assert_eq!(AccessLists::<Test>::get(id), Some(list.clone()));
            assert!(ListMembers::<Test>::contains_key(id, ALICE));
            assert!(ListMembers::<Test>::contains_key(id, BOB));
            assert_eq!(held(&ALICE), list_deposit(&list));
            assert_eq!(
                last_event(),
                Event::ListCreated {
                    list: id,
                    owner: ALICE,
                    members: 2
                }
            );
        });
    }

    #[test]
    fn the_deposit_counts_the_list_and_each_member() {
        build_and_execute(|| {
            create_list(ALICE, 1, vec![ALICE, BOB]);
            assert_eq!(
                held(&ALICE),
                storage_deposit(32 + 32 + 4) + 2 * storage_deposit(80)
            );
        });
    }

    #[test]
    fn members_named_twice_count_once() {
        build_and_execute(|| {
            assert_eq!(size(create_list(ALICE, 1, vec![BOB, ALICE, BOB])), 2);
        });
    }

    #[test]
    fn fails_when_the_owner_used_the_salt_before() {
        build_and_execute(|| {
            assert_ok!(create(ALICE, 1));
            assert_noop!(create(ALICE, 1), Error::<Test>::AlreadyRegistered);
            assert_ok!(create(ALICE, 2));
            assert_ok!(create(BOB, 1));
        });
    }

    #[test]
    fn fails_while_the_identifier_is_buried_and_works_in_the_block_after() {
        build_and_execute(|| {
            let id = create_list(ALICE, 1, vec![]);
            assert_ok!(Registry::delete_list(signed(ALICE), id));
            advance_to(1 + MAX_ORDER_LIFE);
            assert_noop!(create(ALICE, 1), Error::<Test>::Tombstoned);
            advance_to(2 + MAX_ORDER_LIFE);
            assert_ok!(create(ALICE, 1));
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_the_deposit() {
        build_and_execute(|| {
            assert_noop!(create(PAUPER, 1), Error::<Test>::CannotPayDeposit);
        });
    }
}

mod add_members {
    use super::*;

    fn add(who: AccountId, list: AccessListId, members: Vec<AccountId>) -> DispatchResult {
        Registry::add_members(signed(who), list, batch(members))
    }

    #[test]
    fn adds_those_that_were_not_on_the_list() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![ALICE]);
            assert_ok!(add(ALICE, list, vec![ALICE, BOB, BOB]));
            assert_eq!(size(list), 2);
            assert_eq!(
                held(&ALICE),
                list_deposit(&AccessLists::<Test>::get(list).unwrap())
            );
            assert_eq!(
                last_event(),
                Event::MembersAdded {
                    list,
                    added: 1,
                    members: 2
                }
            );
        });
    }

    #[test]
    fn fills_a_list_to_the_last_place() {
        build_and_execute(|| {
            let list = full_list(ALICE);
            assert_eq!(size(list), MAX_LIST_MEMBERS);
            // Nobody new: nothing to refuse.
            assert_ok!(add(ALICE, list, accounts(0, MAX_MEMBERS_PER_CALL)));
        });
    }

    #[test]
    fn fails_when_the_list_would_be_too_long() {
        build_and_execute(|| {
            let list = full_list(ALICE);
            assert_noop!(add(ALICE, list, vec![BOB]), Error::<Test>::TooManyMembers);
        });
    }

    #[test]
    fn fails_when_there_is_no_such_list() {
        build_and_execute(|| {
            let list = AccessListId(H256::zero());
            assert_noop!(add(ALICE, list, vec![BOB]), Error::<Test>::NoSuchList);
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            assert_noop!(add(BOB, list, vec![BOB]), Error::<Test>::NotOwner);
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_for_the_members() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let rest = Balances::free_balance(ALICE) - 2 * ergon_primitives::MILLI_ERG;
            assert_ok!(Balances::transfer_keep_alive(signed(ALICE), BOB, rest));
            assert_noop!(
                add(ALICE, list, accounts(0, MAX_MEMBERS_PER_CALL)),
                Error::<Test>::CannotPayDeposit
            );
            assert_eq!(size(list), 0);
        });
    }
}

mod remove_members {
    use super::*;

    fn remove(who: AccountId, list: AccessListId, members: Vec<AccountId>) -> DispatchResult {
        Registry::remove_members(signed(who), list, batch(members))
    }

    #[test]
    fn removes_those_that_were_on_the_list_and_returns_their_deposit() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![ALICE, BOB]);
            assert_ok!(remove(ALICE, list, vec![BOB, PAUPER, BOB]));
            assert_eq!(size(list), 1);
            assert!(!Registry::admits(list, &BOB));
            assert!(Registry::admits(list, &ALICE));
            assert_eq!(
                held(&ALICE),
                list_deposit(&AccessLists::<Test>::get(list).unwrap())
            );
            assert_eq!(
                last_event(),
                Event::MembersRemoved {
                    list,
                    removed: 1,
                    members: 1
                }
            );
        });
    }

    #[test]
    fn a_full_list_has_room_again() {
        build_and_execute(|| {
            let list = full_list(ALICE);
            assert_ok!(remove(ALICE, list, accounts(7, 1)));
            assert_ok!(Registry::add_members(signed(ALICE), list, batch(vec![BOB])));
            assert_eq!(size(list), MAX_LIST_MEMBERS);
        });
    }

    #[test]
    fn fails_when_there_is_no_such_list() {
        build_and_execute(|| {
            let list = AccessListId(H256::zero());
            assert_noop!(remove(ALICE, list, vec![BOB]), Error::<Test>::NoSuchList);
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![BOB]);
            assert_noop!(remove(BOB, list, vec![BOB]), Error::<Test>::NotOwner);
        });
    }
}

mod delete_list {
    use super::*;

    #[test]
    fn returns_the_deposit_and_buries_the_identifier() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            assert_ok!(Registry::delete_list(signed(ALICE), list));
            assert!(!AccessLists::<Test>::contains_key(list));
            assert_eq!(Balances::free_balance(ALICE), WEALTH);
            assert_eq!(Tombstones::<Test>::get(list.0), Some(1 + MAX_ORDER_LIFE));
            assert_eq!(last_event(), Event::ListDeleted { list });
        });
    }

    #[test]
    fn a_pool_may_still_name_it() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![BOB]);
            let pool = register_pool(ALICE, list);
            assert_eq!(Registry::admits_worker(pool, &BOB), Some(true));
            assert_ok!(Registry::remove_members(
                signed(ALICE),
                list,
                batch(vec![BOB])
            ));
            assert_ok!(Registry::delete_list(signed(ALICE), list));
            assert_eq!(Registry::admits_worker(pool, &BOB), Some(false));
        });
    }

    #[test]
    fn fails_while_it_has_members() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![BOB]);
            assert_noop!(
                Registry::delete_list(signed(ALICE), list),
                Error::<Test>::ListNotEmpty
            );
        });
    }

    #[test]
    fn fails_when_there_is_no_such_list() {
        build_and_execute(|| {
            assert_noop!(
                Registry::delete_list(signed(ALICE), AccessListId(H256::zero())),
                Error::<Test>::NoSuchList
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            assert_noop!(
                Registry::delete_list(signed(BOB), list),
                Error::<Test>::NotOwner
            );
        });
    }
}
