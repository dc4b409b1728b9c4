//! `ergon validator list`: the session, and everybody who validates, wants to, or has left.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    span::Span,
    table::{Card, Table},
    text::Address,
};
use ergon_client::{
    Attendance, Candidate, Departure, DepartureCause, Invulnerable, Standing, View,
    primitives::{AccountId, BlockNumber},
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

#[derive(Serialize)]
struct ListView {
    session: u32,
    block: BlockNumber,
    next_session: BlockNumber,
    minimum: u32,
    seats_for_candidates: u32,
    minimum_bond: Amount,
    validators: Vec<MemberView>,
}

#[derive(Serialize, PartialEq, Eq, Debug)]
struct MemberView {
    account: Address,
    role: &'static str,
    seat: bool,
    next_seat: bool,
    disabled: bool,
    standing: &'static str,
    bond: Option<Amount>,
    /// First session in which a departed bond can be withdrawn.
    withdraw_from: Option<u32>,
    authored: u32,
    absences: u32,
}

/// What the chain knows about the set.
struct Facts {
    seats: Vec<AccountId>,
    queued: BTreeSet<AccountId>,
    disabled: Vec<u32>,
    invulnerables: Vec<Invulnerable>,
    candidates: Vec<(AccountId, Candidate)>,
    departures: Vec<(AccountId, Departure)>,
    attendances: BTreeMap<AccountId, Attendance>,
}

impl Facts {
    async fn read(view: &View) -> Result<Self, CliError> {
        let queued = view.queued_validators().await?.into_iter();
        let disabled = view.disabled_validators().await?.into_iter();
        Ok(Self {
            seats: view.validators().await?,
            queued: queued.map(|(account, _)| account).collect(),
            disabled: disabled.map(|(place, _)| place).collect(),
            invulnerables: view.invulnerables().await?,
            candidates: view.candidates().await?,
            departures: view.departures().await?,
            attendances: view.attendances().await?.into_iter().collect(),
        })
    }

    /// Everybody once: invulnerables, candidates by bond, who left, and whoever else has a seat.
    fn members(&self) -> Vec<MemberView> {
        let mut members: Vec<MemberView> = Vec::new();
        for member in &self.invulnerables {
            let row = self.row(&member.account, "invulnerable");
            members.push(MemberView {
                standing: word(member.standing),
                ..row
            });
        }
        for (account, candidate) in &self.candidates {
            members.push(MemberView {
                standing: word(candidate.standing),
                bond: Some(Amount(candidate.bond)),
                ..self.row(account, "candidate")
            });
        }
        for (account, departure) in &self.departures {
            members.push(MemberView {
                standing: reason(departure.cause),
                bond: Some(Amount(departure.amount)),
                withdraw_from: Some(departure.until),
                ..self.row(account, "departed")
            });
        }
        for account in &self.seats {
            if !members.iter().any(|member| member.account.0 == *account) {
                members.push(self.row(account, "none"));
            }
        }
        members
    }

    fn row(&self, account: &AccountId, role: &'static str) -> MemberView {
        let place = self.seats.iter().position(|seat| seat == account);
        let attendance = self.attendances.get(account).copied().unwrap_or_default();
        MemberView {
            account: account.into(),
            role,
            seat: place.is_some(),
            next_seat: self.queued.contains(account),
            disabled: place.is_some_and(|place| {
                let mut disabled = self.disabled.iter();
                disabled.any(|index| usize::try_from(*index) == Ok(place))
            }),
            standing: "fit",
            bond: None,
            withdraw_from: None,
            authored: attendance.authored,
            absences: attendance.absences,
        }
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Fit => "fit",
        Standing::Absent => "absent",
        Standing::Offender => "offender",
    }
}

fn reason(cause: DepartureCause) -> &'static str {
    match cause {
        DepartureCause::Left => "left",
        DepartureCause::Outbid => "outbid",
        DepartureCause::Absent => "absent",
        DepartureCause::Offence => "offender",
    }
}

impl MemberView {
    fn seat_words(&self) -> &'static str {
        match (self.seat, self.next_seat) {
            (true, _) if self.disabled => "disabled",
            (true, true) => "yes",
            (true, false) => "until the next session",
            (false, true) => "from the next session",
            (false, false) => "no",
        }
    }
}

impl Render for ListView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let left = self.next_session.saturating_sub(self.block);
        Card::new()
            .line("session", self.session)
            .line(
                "next session",
                format!("in block {}, in {}", self.next_session, Span(left)),
            )
            .line("fewest validators", self.minimum)
            .line("seats for candidates", self.seats_for_candidates)
            .line("least bond", self.minimum_bond)
            .write(out)?;
        writeln!(out)?;
        let mut table = Table::new(&[
            "VALIDATOR",
            "ROLE",
            "SEAT",
            "STANDING",
            ">BOND",
            ">BLOCKS",
            ">ABSENT",
            "WITHDRAW",
        ]);
        for member in &self.validators {
            let withdraw = member
                .withdraw_from
                .map(|session| format!("from session {session}"));
            table.row([
                member.account.to_string(),
                member.role.into(),
                member.seat_words().into(),
                member.standing.into(),
                member.bond.map(|bond| bond.to_string()).unwrap_or_default(),
                member.authored.to_string(),
                member.absences.to_string(),
                withdraw.unwrap_or_default(),
            ]);
        }
        table.write(out, "There are no validators.")
    }
}

/// First block of the session after the one of block `now`.
fn next_border(now: BlockNumber, length: BlockNumber) -> BlockNumber {
    let length = length.max(1);
    (now / length).saturating_add(1).saturating_mul(length)
}

/// Shows the session and the members.
pub(super) async fn list(context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let terms = view.validator_terms().await?;
    let block = view.head().number;
    Ok(Answer::new(ListView {
        session: view.session().await?,
        block,
        next_session: next_border(block, terms.session_length),
        minimum: terms.minimum,
        seats_for_candidates: view.desired_candidates().await?,
        minimum_bond: Amount(view.minimum_validator_bond()?),
        validators: Facts::read(&view).await?.members(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(byte: u8) -> AccountId {
        AccountId::new([byte; 32])
    }

    fn facts() -> Facts {
        let candidate = |bond, standing| Candidate {
            bond,
            since: 1,
            standing,
        };
        let departure = Departure {
            amount: 7,
            until: 12,
            cause: DepartureCause::Left,
        };
        let attendance = Attendance {
            authored: 3,
            absences: 0,
        };
        Facts {
            seats: vec![account(1), account(2), account(4)],
            queued: [account(1), account(3)].into(),
            disabled: vec![0],
            invulnerables: vec![Invulnerable {
                account: account(1),
                standing: Standing::Offender,
            }],
            candidates: vec![
                (account(2), candidate(20, Standing::Fit)),
                (account(3), candidate(10, Standing::Absent)),
            ],
            departures: vec![(account(5), departure)],
            attendances: [(account(2), attendance)].into(),
        }
    }

    #[test]
    fn everybody_is_listed_once_with_its_seat() {
        let members = facts().members();
        let rows: Vec<_> = members
            .iter()
            .map(|member| (member.role, member.seat_words(), member.standing))
            .collect();
        assert_eq!(
            rows,
            [
                ("invulnerable", "disabled", "offender"),
                ("candidate", "until the next session", "fit"),
                ("candidate", "from the next session", "absent"),
                ("departed", "no", "left"),
                ("none", "until the next session", "fit"),
            ]
        );
        assert_eq!(members[1].authored, 3);
        assert_eq!(members[3].withdraw_from, Some(12));
    }

    #[test]
    fn sessions_begin_at_multiples_of_their_length() {
        assert_eq!(next_border(0, 30), 30);
        assert_eq!(next_border(29, 30), 30);
        assert_eq!(next_border(30, 30), 60);
        assert_eq!(next_border(5, 0), 6);
    }

    #[test]
    fn the_list_is_a_card_and_a_table() {
        let view = ListView {
            session: 4,
            block: 100,
            next_session: 130,
            minimum: 4,
            seats_for_candidates: 4,
            minimum_bond: Amount(0),
            validators: facts().members(),
        };
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("in block 130, in 1 min"), "{text}");
        assert!(text.contains("from session 12"), "{text}");
    }
}
