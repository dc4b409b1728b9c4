//! How far a deal has come.

use crate::console::Console;
use ergon_client::primitives::{Deal, Task, TaskStatus};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::fmt;

/// How many tasks of a deal are in which phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Progress {
    /// All tasks.
    pub total: u32,
    /// Workers may contribute.
    pub active: u32,
    /// Enough workers agree, and none has revealed yet.
    pub consensus: u32,
    /// The first worker has revealed.
    pub revealing: u32,
    /// Sealed votes are being opened.
    pub opening: u32,
    /// The result is certain.
    pub settled: u32,
    /// There is no result.
    pub failed: u32,
    /// Ended without result because the payer cancelled them, or governance revoked the app as
    /// harmful.
    pub cancelled: u32,
}

impl Progress {
    /// The progress of a deal with these tasks; one that is not among them is active.
    pub fn of<'a>(deal: &Deal, tasks: impl IntoIterator<Item = &'a Task>) -> Self {
        let mut progress = Self {
            total: deal.volume,
            ..Self::default()
        };
        for task in tasks {
            let count = match &task.status {
                TaskStatus::Active => continue,
                TaskStatus::Revealing { revealed: None, .. } => &mut progress.consensus,
                TaskStatus::Revealing {
                    revealed: Some(_), ..
                } => &mut progress.revealing,
                TaskStatus::Opening { .. } => &mut progress.opening,
                TaskStatus::Settled { .. } => &mut progress.settled,
                TaskStatus::Failed { .. } => &mut progress.failed,
                TaskStatus::Cancelled { .. } => &mut progress.cancelled,
            };
            *count = count.saturating_add(1);
        }
        let others = [
            progress.consensus,
            progress.revealing,
            progress.opening,
            progress.settled,
            progress.failed,
            progress.cancelled,
        ];
        progress.active = others
            .iter()
            .fold(deal.volume, |rest, count| rest.saturating_sub(*count));
        progress
    }

    /// How many tasks have ended.
    pub fn ended(&self) -> u32 {
        self.settled
            .saturating_add(self.failed)
            .saturating_add(self.cancelled)
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            total,
            active,
            consensus,
            revealing,
            opening,
            settled,
            failed,
            cancelled,
        } = self;
        write!(
            f,
            "{total} tasks: {active} active, {consensus} in consensus, {revealing} revealing, "
        )?;
        if *opening > 0 {
            write!(f, "{opening} opening, ")?;
        }
        write!(f, "{settled} settled, {failed} failed")?;
        match cancelled {
            0 => Ok(()),
            cancelled => write!(f, ", {cancelled} cancelled"),
        }
    }
}

/// Shows progress: as a bar at a terminal, else as a line at every change.
pub struct Meter<'a> {
    console: &'a Console,
    bar: Option<ProgressBar>,
    last: Option<Progress>,
}

impl<'a> Meter<'a> {
    /// A meter for so many tasks.
    pub fn new(console: &'a Console, total: u32) -> Self {
        let bar = (console.is_terminal() && !console.is_quiet()).then(|| {
            let style =
                ProgressStyle::with_template("[{elapsed_precise}] {wide_bar} {pos}/{len} {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(total.into()).with_style(style)
        });
        Self {
            console,
            bar,
            last: None,
        }
    }

    /// Shows how far it is now.
    pub fn show(&mut self, progress: Progress) {
        if self.last == Some(progress) {
            return;
        }
        self.last = Some(progress);
        match &self.bar {
            Some(bar) => {
                let Progress {
                    active,
                    consensus,
                    failed,
                    ..
                } = progress;
                let revealing = progress.revealing.saturating_add(progress.opening);
                bar.set_message(format!(
                    "{active} active, {consensus} consensus, {revealing} revealing, {failed} failed"
                ));
                bar.set_position(progress.ended().into());
            }
            None => self.console.note(&progress.to_string()),
        }
    }

    /// Writes a note that does not disturb the bar.
    pub fn note(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.note(text)),
            None => self.console.note(text),
        }
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixtures::deal;
    use ergon_client::primitives::Outcome;
    use sp_core::H256;

    fn task(status: TaskStatus) -> Task {
        Task {
            status,
            ..Task::default()
        }
    }

    fn revealing(revealed: bool) -> TaskStatus {
        let revealed = revealed.then(|| (Outcome::Unavailable, Default::default()));
        TaskStatus::Revealing {
            commitment: H256::zero(),
            since: 1,
            revealed,
        }
    }

    #[test]
    fn every_phase_is_counted_once() {
        let settled = TaskStatus::Settled {
            outcome: Outcome::Unavailable,
            locator: Default::default(),
            at: 1,
        };
        let statuses = [
            TaskStatus::Active,
            revealing(false),
            revealing(true),
            settled,
            TaskStatus::Failed { at: 1 },
            TaskStatus::Cancelled { at: 1 },
            TaskStatus::Opening {
                since: 1,
                seed: H256::zero(),
                results: Default::default(),
            },
        ];
        let progress = Progress::of(&deal(9), &statuses.map(task));
        let expected = Progress {
            total: 9,
            active: 3,
            consensus: 1,
            revealing: 1,
            opening: 1,
            settled: 1,
            failed: 1,
            cancelled: 1,
        };
        assert_eq!((progress, progress.ended()), (expected, 3));
        assert_eq!(
            progress.to_string(),
            "9 tasks: 3 active, 1 in consensus, 1 revealing, 1 opening, 1 settled, 1 failed, \
             1 cancelled"
        );
    }

    #[test]
    fn tasks_that_are_not_known_are_active() {
        let progress = Progress::of(&deal(3), &[]);
        assert_eq!(progress.active, 3);
        assert_eq!(
            progress.to_string(),
            "3 tasks: 3 active, 0 in consensus, 0 revealing, 0 settled, 0 failed"
        );
    }
}
