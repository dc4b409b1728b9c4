//! Tasks. The chain stores them in pages, each with a few neighbouring tasks of one deal.

use super::View;
use crate::{
    ClientError,
    storage::{self, part},
};
use ergon_primitives::{
    DealId, DealProgress, MAX_CONTRIBUTORS, TASKS_PER_PAGE, Task, TaskIndex, TaskPage, page_of,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many bytes the answer to one request for pages may have, as hexadecimal text.
const ANSWER_BYTES: u32 = 4 << 20;
/// How many bytes a task without votes may need, as hexadecimal text.
const TASK_BYTES: u32 = 500;
/// How many bytes each vote may add, with what comes of it when it is opened, as hexadecimal text.
const VOTE_BYTES: u32 = 600;
/// The most pages that one request asks for.
const MOST_PAGES: u32 = 256;

impl View {
    /// How far a deal's tasks are, in numbers; nothing when the chain does not know the deal.
    pub async fn progress(&self, deal: DealId) -> Result<Option<DealProgress>, ClientError> {
        self.value("Poco", "Progress", &[part(&deal)]).await
    }

    /// A task; nothing when the chain does not know the deal. The index must be one of the deal's.
    pub async fn task(&self, deal: DealId, index: TaskIndex) -> Result<Option<Task>, ClientError> {
        Ok(self.tasks_at(deal, &[index]).await?.pop().flatten())
    }

    /// All tasks of a deal in the order of their indexes; none when the chain does not know the
    /// deal.
    pub async fn tasks(&self, deal: DealId) -> Result<Vec<(TaskIndex, Task)>, ClientError> {
        let Some(terms) = self.deal(deal).await? else {
            return Ok(Vec::new());
        };
        let indexes: Vec<TaskIndex> = (0..terms.volume)
            .map_while(|offset| terms.first_index.checked_add(offset))
            .collect();
        let tasks = self.tasks_at(deal, &indexes).await?;
        Ok(indexes
            .into_iter()
            .zip(tasks)
            .filter_map(|(index, task)| Some((index, task?)))
            .collect())
    }

    /// Some of a deal's tasks, in the order in which they are asked for; nothing when the chain does
    /// not know the deal. The indexes must be the deal's.
    pub async fn tasks_at(
        &self,
        deal: DealId,
        indexes: &[TaskIndex],
    ) -> Result<Vec<Option<Task>>, ClientError> {
        let Some(progress) = self.progress(deal).await? else {
            return Ok(vec![None; indexes.len()]);
        };
        let pages = self.pages(deal, indexes, &progress).await?;
        Ok(indexes
            .iter()
            .map(|index| Some(task_of(&pages, *index, &progress)))
            .collect())
    }

    /// The pages that have these tasks, by their numbers. A page without record is left out.
    async fn pages(
        &self,
        deal: DealId,
        indexes: &[TaskIndex],
        progress: &DealProgress,
    ) -> Result<BTreeMap<u32, TaskPage>, ClientError> {
        if progress.touched == 0 {
            return Ok(BTreeMap::new());
        }
        let wanted: BTreeSet<u32> = indexes.iter().map(|index| page_of(*index)).collect();
        let room = pages_per_request(progress.most_votes);
        let wanted: Vec<u32> = if is_listing_worthwhile(wanted.len(), room, progress.touched) {
            let parts = [part(&deal)];
            let stored: Vec<u32> = self.last_parts("Poco", "TaskPages", &parts).await?;
            let is_wanted = |page: &u32| wanted.contains(page);
            stored.into_iter().filter(is_wanted).collect()
        } else {
            wanted.into_iter().collect()
        };
        let mut pages = BTreeMap::new();
        for numbers in wanted.chunks(room) {
            let keys = numbers
                .iter()
                .map(|page| self.key("Poco", "TaskPages", &[part(&deal), part(page)]))
                .collect::<Result<Vec<_>, _>>()?;
            for (number, value) in numbers.iter().zip(self.fetch_many(&keys).await?) {
                if let Some(value) = value {
                    pages.insert(*number, storage::decode("Poco.TaskPages", &value)?);
                }
            }
        }
        Ok(pages)
    }
}

/// A task as its page has it, or as all tasks without record are.
fn task_of(pages: &BTreeMap<u32, TaskPage>, index: TaskIndex, progress: &DealProgress) -> Task {
    let record = pages
        .get(&page_of(index))
        .and_then(|page| page.get(index).cloned());
    record.unwrap_or_else(|| Task {
        status: progress.status_of_untouched(),
        ..Task::default()
    })
}

/// Whether to ask which pages have records before asking for what is in them: if that takes more than
/// one request, and there are fewer tasks with records than pages wanted. So the number of requests
/// grows with the tasks that somebody touched, however large the deal is.
fn is_listing_worthwhile(wanted: usize, room: usize, touched: u32) -> bool {
    wanted > room && wanted > touched as usize
}

/// How many pages one answer has room for, whatever is in them.
fn pages_per_request(most_votes: u32) -> usize {
    let votes = most_votes.min(MAX_CONTRIBUTORS);
    let task = TASK_BYTES.saturating_add(VOTE_BYTES.saturating_mul(votes));
    let page = task.saturating_mul(TASKS_PER_PAGE);
    (ANSWER_BYTES / page).clamp(1, MOST_PAGES) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{Encode, MaxEncodedLen};
    use ergon_primitives::{AccountId, TaskStatus, Untouched, Vote, VoteStatus};
    use sp_core::H256;

    fn vote(number: u8) -> Vote {
        Vote {
            worker: AccountId::new([number; 32]),
            commitment: H256::zero(),
            seal: H256::zero(),
            weight: 2,
            status: VoteStatus::Committed,
        }
    }

    #[test]
    fn tasks_without_record_are_what_became_of_the_others() {
        let mut page = TaskPage::default();
        let task = Task {
            votes: vec![vote(1)].try_into().unwrap(),
            ..Task::default()
        };
        *page.slot_mut(70).unwrap() = Some(task.clone());
        let pages = BTreeMap::from([(page_of(70), page)]);
        let mut progress = DealProgress::default();
        assert_eq!(task_of(&pages, 70, &progress), task);
        assert_eq!(task_of(&pages, 71, &progress), Task::default());
        progress.untouched = Untouched::Cancelled { at: 9 };
        for index in [71, 7] {
            let status = task_of(&pages, index, &progress).status;
            assert_eq!(status, TaskStatus::Cancelled { at: 9 });
        }
        assert_eq!(task_of(&pages, 70, &progress), task);
    }

    #[test]
    fn pages_are_listed_when_most_of_them_have_no_record() {
        let volume = 1_000_000;
        let wanted = (volume / TASKS_PER_PAGE) as usize;
        assert!(is_listing_worthwhile(wanted, 256, 1));
        assert!(!is_listing_worthwhile(wanted, 256, volume));
        assert!(!is_listing_worthwhile(16, 256, 1), "one request does");
    }

    #[test]
    fn an_answer_has_room_for_its_pages() {
        assert_eq!(pages_per_request(0), 256);
        assert!(pages_per_request(3) > 200);
        assert_eq!(
            pages_per_request(u32::MAX),
            pages_per_request(MAX_CONTRIBUTORS)
        );
        // The fullest pages that can be, each byte two digits.
        let most = 2 * TaskPage::max_encoded_len() * pages_per_request(MAX_CONTRIBUTORS);
        assert!(most < 10 << 20, "{most} bytes");
        let room = TASK_BYTES as usize;
        assert!(2 * TaskStatus::Failed { at: 1 }.encoded_size() < room);
        assert!(2 * vote(1).encoded_size() < VOTE_BYTES as usize);
    }
}
