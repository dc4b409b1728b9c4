use crate::{Curations, Error, Event, Verdict, mock::*};
use ergon_primitives::{AppId, Curation, MAX_ORDER_LIFE};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;
use sp_runtime::DispatchError;

const DOCUMENT: H256 = H256::repeat_byte(0xd0);
const OTHER_DOCUMENT: H256 = H256::repeat_byte(0xd1);
const NO_APP: AppId = AppId(H256::zero());
const REVOKE: Verdict = Verdict::Revoke { harmful: false };

fn curate(app: AppId, verdict: Verdict) -> DispatchResult {
    Registry::curate_app(RuntimeOrigin::root(), app, verdict)
}

fn curation(app: AppId) -> Option<Curation> {
    Curations::<Test>::get(app)
}

/// An app of Alice that is proposed.
fn proposed() -> AppId {
    let app = register_app(ALICE);
    assert_ok!(Registry::propose_app(signed(ALICE), app, DOCUMENT));
    app
}

/// An app of Alice that is approved.
fn approved() -> AppId {
    let app = proposed();
    assert_ok!(curate(app, Verdict::Approve(DOCUMENT)));
    app
}

/// Removes Alice's app and registers it again as early as possible.
fn register_again(app: AppId) {
    assert_ok!(Registry::remove_app(signed(ALICE), app));
    advance_to(System::block_number() + MAX_ORDER_LIFE + 1);
    assert_eq!(register_app(ALICE), app);
}

mod propose_app {
    use super::*;

    #[test]
    fn notes_the_document_and_costs_no_deposit() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            let deposit = held(&ALICE);
            assert_ok!(Registry::propose_app(signed(ALICE), app, DOCUMENT));

            assert_eq!(curation(app), Some(Curation::Proposed(DOCUMENT)));
            assert_eq!(held(&ALICE), deposit);
            assert_eq!(
                last_event(),
                Event::AppProposed {
                    app,
                    document: DOCUMENT
                }
            );
        });
    }

    #[test]
    fn a_later_proposal_takes_the_place_of_an_earlier_one() {
        build_and_execute(|| {
            let app = proposed();
            assert_ok!(Registry::propose_app(signed(ALICE), app, OTHER_DOCUMENT));
            assert_eq!(curation(app), Some(Curation::Proposed(OTHER_DOCUMENT)));
            assert_noop!(
                curate(app, Verdict::Approve(DOCUMENT)),
                Error::<Test>::NotProposed
            );
        });
    }

    #[test]
    fn fails_when_there_is_no_such_app() {
        build_and_execute(|| {
            assert_noop!(
                Registry::propose_app(signed(ALICE), NO_APP, DOCUMENT),
                Error::<Test>::NoSuchApp
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            assert_noop!(
                Registry::propose_app(signed(BOB), app, DOCUMENT),
                Error::<Test>::NotOwner
            );
        });
    }

    #[test]
    fn fails_when_the_app_is_approved_until_it_is_cleared() {
        build_and_execute(|| {
            let app = approved();
            for document in [DOCUMENT, OTHER_DOCUMENT] {
                assert_noop!(
                    Registry::propose_app(signed(ALICE), app, document),
                    Error::<Test>::AlreadyApproved
                );
            }
            assert_ok!(curate(app, Verdict::Clear));
            assert_ok!(Registry::propose_app(signed(ALICE), app, OTHER_DOCUMENT));
        });
    }

    #[test]
    fn fails_when_the_app_is_revoked_until_it_is_cleared() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            for harmful in [false, true] {
                assert_ok!(curate(app, Verdict::Revoke { harmful }));
                assert_noop!(
                    Registry::propose_app(signed(ALICE), app, DOCUMENT),
                    Error::<Test>::AppRevoked
                );
            }
            assert_ok!(curate(app, Verdict::Clear));
            assert_ok!(Registry::propose_app(signed(ALICE), app, DOCUMENT));
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            assert_noop!(
                Registry::propose_app(RuntimeOrigin::root(), app, DOCUMENT),
                DispatchError::BadOrigin
            );
        });
    }
}

mod curate_app {
    use super::*;

    #[test]
    fn approves_what_was_proposed() {
        build_and_execute(|| {
            let app = proposed();
            assert_ok!(curate(app, Verdict::Approve(DOCUMENT)));
            let approved = Some(Curation::Approved(DOCUMENT));
            assert_eq!(curation(app), approved);
            assert_eq!(
                last_event(),
                Event::AppCurated {
                    app,
                    curation: approved
                }
            );
        });
    }

    #[test]
    fn approving_again_changes_nothing() {
        build_and_execute(|| {
            let app = approved();
            assert_ok!(curate(app, Verdict::Approve(DOCUMENT)));
            assert_eq!(curation(app), Some(Curation::Approved(DOCUMENT)));
        });
    }

    #[test]
    fn refuses_to_approve_another_document() {
        build_and_execute(|| {
            let unreviewed = register_app(BOB);
            let app = proposed();
            for (app, document) in [(unreviewed, DOCUMENT), (app, OTHER_DOCUMENT)] {
                assert_noop!(
                    curate(app, Verdict::Approve(document)),
                    Error::<Test>::NotProposed
                );
            }
            assert_ok!(curate(app, Verdict::Approve(DOCUMENT)));
            assert_noop!(
                curate(app, Verdict::Approve(OTHER_DOCUMENT)),
                Error::<Test>::NotProposed
            );
        });
    }

    #[test]
    fn refuses_to_approve_what_is_not_registered() {
        build_and_execute(|| {
            let app = proposed();
            assert_ok!(Registry::remove_app(signed(ALICE), app));
            for app in [app, NO_APP] {
                assert_noop!(
                    curate(app, Verdict::Approve(DOCUMENT)),
                    Error::<Test>::NoSuchApp
                );
            }
        });
    }

    #[test]
    fn refuses_to_approve_what_is_revoked() {
        build_and_execute(|| {
            let app = proposed();
            assert_ok!(curate(app, REVOKE));
            assert_noop!(
                curate(app, Verdict::Approve(DOCUMENT)),
                Error::<Test>::AppRevoked
            );
        });
    }

    #[test]
    fn revokes_whatever_was_said_before() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            assert_ok!(curate(app, REVOKE));
            assert_ok!(curate(app, Verdict::Clear));
            assert_ok!(Registry::propose_app(signed(ALICE), app, DOCUMENT));
            assert_ok!(curate(app, REVOKE));
            assert_ok!(curate(app, Verdict::Clear));
            assert_ok!(Registry::propose_app(signed(ALICE), app, DOCUMENT));
            assert_ok!(curate(app, Verdict::Approve(DOCUMENT)));

            for harmful in [true, false] {
                assert_ok!(curate(app, Verdict::Revoke { harmful }));
                let revoked = Some(Curation::Revoked { harmful });
                assert_eq!(curation(app), revoked);
                assert_eq!(
                    last_event(),
                    Event::AppCurated {
                        app,
                        curation: revoked
                    }
                );
            }
        });
    }

    #[test]
    fn an_owner_cannot_dodge_a_revocation() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            assert_ok!(Registry::remove_app(signed(ALICE), app));
            assert_ok!(curate(app, REVOKE));
            advance_to(2 + MAX_ORDER_LIFE);
            register_app(ALICE);
            assert_eq!(curation(app), Some(Curation::Revoked { harmful: false }));
        });
    }

    #[test]
    fn clears_and_leaves_nothing_behind() {
        build_and_execute(|| {
            let app = approved();
            assert_ok!(curate(app, Verdict::Clear));
            assert_eq!(Curations::<Test>::iter_keys().count(), 0);
            assert_eq!(
                last_event(),
                Event::AppCurated {
                    app,
                    curation: None
                }
            );
        });
    }

    #[test]
    fn fails_to_clear_what_is_unreviewed() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            assert_noop!(curate(app, Verdict::Clear), Error::<Test>::NotCurated);
        });
    }

    #[test]
    fn is_the_registrars_alone() {
        build_and_execute(|| {
            let app = proposed();
            for verdict in [Verdict::Approve(DOCUMENT), REVOKE, Verdict::Clear] {
                assert_noop!(
                    Registry::curate_app(signed(ALICE), app, verdict),
                    DispatchError::BadOrigin
                );
            }
        });
    }
}

mod life_of_a_verdict {
    use super::*;

    #[test]
    fn an_approval_survives_a_new_locator_and_a_new_owner() {
        build_and_execute(|| {
            let app = approved();
            assert_ok!(Registry::update_app(
                signed(ALICE),
                app,
                bytes(b"new locator"),
                bytes(b"new metadata"),
            ));
            assert_ok!(Registry::transfer_app(signed(ALICE), app, BOB));
            assert_eq!(curation(app), Some(Curation::Approved(DOCUMENT)));
        });
    }

    #[test]
    fn proposals_and_approvals_go_with_the_app() {
        build_and_execute(|| {
            let app = proposed();
            register_again(app);
            assert_eq!(curation(app), None);

            assert_ok!(Registry::propose_app(signed(ALICE), app, DOCUMENT));
            assert_ok!(curate(app, Verdict::Approve(DOCUMENT)));
            register_again(app);
            assert_eq!(curation(app), None);
        });
    }

    #[test]
    fn a_revocation_outlives_the_app() {
        build_and_execute(|| {
            let app = approved();
            let revoked = Verdict::Revoke { harmful: true };
            assert_ok!(curate(app, revoked));
            register_again(app);
            assert_eq!(curation(app), Some(Curation::Revoked { harmful: true }));
            assert_eq!(
                held(&ALICE),
                crate::app_deposit(&crate::Apps::<Test>::get(app).unwrap())
            );
        });
    }
}
