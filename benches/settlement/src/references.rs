//! What iExec's PoCo 6.2 contracts do on anvil 1.7, an EVM node with all state in memory, measured
//! once on a machine with two cores, signatures checked; and what we aim at beside it.

use crate::setting::{Calls, Scheme, Setting};

/// Tasks per CPU-second of the reference: in a bag of 200, and with a deal per task.
pub fn reference(setting: &Setting) -> Option<f64> {
    let (bag, single_deals) = match setting.scheme {
        Scheme::ContributeAndFinalise => (1_449.0, 707.0),
        Scheme::One => (820.0, 497.0),
        Scheme::Three => (385.0, 286.0),
        // Not measured.
        Scheme::FiveOneWrong => return None,
    };
    Some(if setting.bag == 1 { single_deals } else { bag })
}

/// Tasks per CPU-second that import of a bag must reach: twice the reference with single calls,
/// twenty times with batches.
pub fn target(setting: &Setting) -> Option<f64> {
    let has_target = matches!(setting.scheme, Scheme::One | Scheme::Three);
    let factor = match setting.calls {
        Calls::Single => 2.0,
        Calls::Batch => 20.0,
    };
    let reference = reference(setting).filter(|_| has_target && setting.bag > 1);
    reference.map(|reference| factor * reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(scheme: Scheme, calls: Calls, bag: u32) -> Setting {
        Setting {
            scheme,
            calls,
            bag,
            deals: 1,
            batch: 512,
        }
    }

    #[test]
    fn targets_are_those_of_the_design() {
        let aim = |scheme, calls| target(&setting(scheme, calls, 200));
        assert_eq!(aim(Scheme::One, Calls::Single), Some(1_640.0));
        assert_eq!(aim(Scheme::Three, Calls::Single), Some(770.0));
        assert_eq!(aim(Scheme::One, Calls::Batch), Some(16_400.0));
        assert_eq!(aim(Scheme::Three, Calls::Batch), Some(7_700.0));
        assert_eq!(aim(Scheme::FiveOneWrong, Calls::Batch), None);
        assert_eq!(target(&setting(Scheme::One, Calls::Single, 1)), None);
    }

    #[test]
    fn a_deal_per_task_has_a_reference_of_its_own() {
        let three = |bag| reference(&setting(Scheme::Three, Calls::Single, bag));
        assert_eq!((three(1), three(200)), (Some(286.0), Some(385.0)));
    }
}
