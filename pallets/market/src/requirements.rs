//! What app, request and pool demand of each other in the matchmaking language, and whether they
//! get it.

use crate::matching::Facts;
use alloc::vec::Vec;
use ergon_matchmaking::{Ad, Expression, FormError};
use ergon_primitives::{
    Party, RequirementReport, job_ad, machine_ad, read_attributes, read_requirements,
};

/// The demands of all parties, and the two advertisements that they are about: what request and app
/// say of themselves, and what the pool says of its machines. `MY` is one's own advertisement,
/// `TARGET` that of the other side.
#[derive(Clone, Debug)]
pub struct Demands {
    job: Ad,
    machine: Ad,
    app: Demand,
    request: Demand,
    pool: Demand,
}

/// A condition, no condition, or bytes that are none.
type Demand = Result<Option<Expression>, FormError>;

impl Demands {
    /// The demands that meet when the orders do. What cannot be read of the pool's advertisement is
    /// undefined, and the order refused for it anyway.
    pub fn of(facts: &Facts<'_>) -> Self {
        let (pool, request) = (facts.pool_order, facts.request_order);
        let own = read_attributes(&pool.attributes).unwrap_or_else(|_| Ad::new());
        let operator = facts
            .pool
            .as_ref()
            .map(|terms| (&terms.owner, &terms.policy));
        let app = facts.app.as_ref();
        Self {
            job: job_ad(request, app),
            machine: machine_ad(&own, pool, operator),
            app: app.map_or(Ok(None), |terms| read_requirements(&terms.requirements)),
            request: read_requirements(&request.requirements),
            pool: read_requirements(&pool.requirements),
        }
    }

    /// Whether a party gets what it demands: its condition is exactly true. No condition is always
    /// met, one that cannot be read never.
    pub fn are_met(&self, party: Party) -> bool {
        let (demand, my, target) = self.side(party);
        match demand {
            Ok(None) => true,
            Ok(Some(condition)) => condition.holds(my, target),
            Err(_) => false,
        }
    }

    /// The demands of the parties that have some, condition by condition.
    pub fn reports(&self) -> Vec<RequirementReport> {
        [Party::App, Party::Request, Party::Pool]
            .into_iter()
            .filter_map(|party| self.report(party))
            .collect()
    }

    fn report(&self, party: Party) -> Option<RequirementReport> {
        let (demand, my, target) = self.side(party);
        let condition = demand.as_ref().ok()?.as_ref()?;
        Some(RequirementReport {
            party,
            explanation: condition.explain(my, target),
        })
    }

    /// A party's demand, its own advertisement and that of the other side.
    fn side(&self, party: Party) -> (&Demand, &Ad, &Ad) {
        match party {
            Party::App => (&self.app, &self.job, &self.machine),
            Party::Request => (&self.request, &self.job, &self.machine),
            Party::Pool => (&self.pool, &self.machine, &self.job),
        }
    }
}
