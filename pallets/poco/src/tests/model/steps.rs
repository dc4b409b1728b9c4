//! What parties try, as plain numbers: what a number stands for is found out when the step is made, so
//! that every part of a sequence is a sequence too.

/// A source of chance that gives the same for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.roll() % sides.max(1)
    }

    fn small(&mut self) -> u8 {
        self.roll() as u8
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }
}

/// A task of a deal.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub deal: u8,
    pub task: u8,
}

/// Some tasks of a deal: from one on, every so many.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    pub from: Spot,
    pub count: u8,
    pub stride: u8,
    /// Made as a single call.
    pub is_single: bool,
}

/// What is wrong with a call, if anything is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    None,
    /// Another answer than the worker's own.
    OtherAnswer,
    /// No authorisation, seal, salt or acceptance.
    Unproven,
    /// What proves the call is about something else.
    Misproven,
    /// The authorisation is too old.
    Late,
    /// Less stake allowed than needed.
    Stingy,
    /// The items do not ascend.
    Disordered,
    /// More votes than the caller has declared.
    Underdeclared,
    /// Sealed votes that show something.
    Unsealed,
}

/// What somebody tries.
#[derive(Clone, Debug)]
pub enum Step {
    Deal {
        volume: u8,
        trust: u8,
        method: u8,
        price: u8,
        extras: u8,
    },
    Vote {
        tasks: Range,
        worker: u8,
        flaw: Flaw,
    },
    Reveal {
        tasks: Range,
        worker: u8,
        flaw: Flaw,
    },
    Open {
        task: Spot,
        worker: u8,
        flaw: Flaw,
    },
    Accept {
        tasks: Range,
        worker: u8,
        flaw: Flaw,
    },
    Finalise {
        task: Spot,
        /// Whether a worker calls.
        worker: Option<u8>,
    },
    Reopen(Spot),
    Claim(Spot),
    Cancel {
        deal: u8,
        by: u8,
    },
    Revoke {
        deal: u8,
        worker: u8,
        by: u8,
    },
    Judge {
        harmful: bool,
    },
    BindHub(bool),
    TopUp {
        worker: u8,
    },
    Sweep {
        limit: u8,
    },
    Idle {
        /// How much weight there is, as a power of two; more than there can be is all.
        weight: u8,
    },
    Prune {
        deal: u8,
        limit: u8,
    },
    Wait(u8),
    /// Go to a turning point, or a block before or after it.
    Jump {
        point: u8,
        off: u8,
    },
}

/// Which steps are likely.
#[derive(Clone, Copy, Debug)]
pub enum Flavour {
    /// All methods, everything happens.
    Mixed,
    /// Replication only, by batches of large deals.
    Batches,
    /// Sealed votes only.
    Sealed,
    /// Small deals, much silence, many jumps and idle blocks with little weight.
    Silence,
}

/// A sequence of so many steps.
pub fn sequence(seed: u64, flavour: Flavour, length: usize) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    let first = deal(&mut dice, flavour);
    let rest = (1..length).map(|_| step(&mut dice, flavour)).collect();
    [vec![first], rest].concat()
}

fn step(dice: &mut Dice, flavour: Flavour) -> Step {
    let (votes, reveals, opens, accepts, times) = match flavour {
        Flavour::Mixed => (34, 24, 16, 3, 9),
        Flavour::Batches => (36, 34, 2, 8, 6),
        Flavour::Sealed => (36, 3, 36, 1, 8),
        Flavour::Silence => (40, 12, 8, 2, 18),
    };
    let others = 24;
    let mut pick = dice.below(votes + reveals + opens + accepts + times + others);
    let mut is = |share: u64| {
        let found = pick < share;
        pick = pick.wrapping_sub(share);
        found
    };
    if is(votes) {
        return Step::Vote {
            tasks: range(dice, flavour),
            worker: dice.small(),
            flaw: flaw(dice),
        };
    }
    if is(reveals) {
        return Step::Reveal {
            tasks: range(dice, flavour),
            worker: dice.small(),
            flaw: flaw(dice),
        };
    }
    if is(opens) {
        return Step::Open {
            task: spot(dice),
            worker: dice.small(),
            flaw: flaw(dice),
        };
    }
    if is(accepts) {
        return Step::Accept {
            tasks: range(dice, flavour),
            worker: dice.small(),
            flaw: flaw(dice),
        };
    }
    if is(times) {
        return time(dice);
    }
    other(dice, flavour)
}

fn time(dice: &mut Dice) -> Step {
    match dice.below(8) {
        0..=2 => Step::Wait(dice.small() % 8),
        3..=5 => Step::Jump {
            point: dice.small(),
            off: dice.small(),
        },
        _ => Step::Idle {
            weight: dice.small(),
        },
    }
}

fn other(dice: &mut Dice, flavour: Flavour) -> Step {
    match dice.below(24) {
        0..=2 => deal(dice, flavour),
        3..=5 => Step::Finalise {
            task: spot(dice),
            worker: dice.one_in(2).then(|| dice.small()),
        },
        6..=8 => Step::Reopen(spot(dice)),
        9..=10 => Step::Claim(spot(dice)),
        11 => Step::Cancel {
            deal: dice.small(),
            by: dice.small(),
        },
        12 => Step::Revoke {
            deal: dice.small(),
            worker: dice.small(),
            by: dice.small(),
        },
        13 => Step::Judge {
            harmful: dice.one_in(6),
        },
        14 => Step::BindHub(dice.one_in(2)),
        15..=16 => Step::TopUp {
            worker: dice.small(),
        },
        17..=18 => Step::Sweep {
            limit: dice.small(),
        },
        19..=20 => Step::Idle {
            weight: dice.small(),
        },
        _ => Step::Prune {
            deal: dice.small(),
            limit: dice.small(),
        },
    }
}

fn deal(dice: &mut Dice, flavour: Flavour) -> Step {
    let volume = match flavour {
        Flavour::Batches => 40 + dice.small() % 60,
        Flavour::Silence => 1 + dice.small() % 4,
        Flavour::Mixed | Flavour::Sealed => match dice.below(4) {
            0 => 1,
            1 => 2,
            2 => 5,
            // More than one page.
            _ => ergon_primitives::TASKS_PER_PAGE as u8 + 1 + dice.small() % 8,
        },
    };
    let method = match flavour {
        Flavour::Batches => 0,
        Flavour::Sealed => 1 + dice.small() % 2,
        Flavour::Mixed | Flavour::Silence => dice.small() % 4,
    };
    Step::Deal {
        volume,
        trust: dice.small(),
        method,
        price: dice.small(),
        extras: dice.small(),
    }
}

fn range(dice: &mut Dice, flavour: Flavour) -> Range {
    let is_batch = match flavour {
        Flavour::Batches => !dice.one_in(4),
        _ => dice.one_in(3),
    };
    Range {
        from: spot(dice),
        count: match flavour {
            Flavour::Batches => dice.small() % 48,
            _ => dice.small() % 8,
        },
        stride: if dice.one_in(4) { dice.small() % 20 } else { 1 },
        is_single: !is_batch,
    }
}

fn spot(dice: &mut Dice) -> Spot {
    Spot {
        deal: dice.small(),
        task: dice.small(),
    }
}

fn flaw(dice: &mut Dice) -> Flaw {
    match dice.below(64) {
        0 | 1 => Flaw::OtherAnswer,
        2 | 3 => Flaw::Unproven,
        4 => Flaw::Misproven,
        5 => Flaw::Late,
        6 => Flaw::Stingy,
        7 => Flaw::Disordered,
        8 => Flaw::Underdeclared,
        9 => Flaw::Unsealed,
        _ => Flaw::None,
    }
}
