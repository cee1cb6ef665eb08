//! Which layer each slot gets within what the downlink carries. Pure: the
//! room gathers demands and carries the choice out.

use crate::Bitrate;

/// A layer that could be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its index in the track.
    pub(crate) layer: usize,
    /// What it costs.
    pub(crate) cost: Bitrate,
}

/// What one slot asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Demand {
    /// Layers that send now, cheapest first, up to the one that the tile
    /// needs. Never empty.
    pub(crate) choices: Vec<Choice>,
    /// The layer that the slot carries or is about to.
    pub(crate) current: Option<usize>,
    /// Not above the current layer: it went down a moment ago.
    pub(crate) held: bool,
    /// The lowest layer is sent whatever it costs, to see whether the line
    /// carries it: before something is sent, little can be measured.
    pub(crate) trial: bool,
}

impl Demand {
    /// Whether `budget` does not carry even the lowest layer.
    pub(crate) fn exceeds(&self, budget: Bitrate) -> bool {
        self.choices
            .first()
            .is_some_and(|choice| choice.cost > budget)
    }
}

/// What the slots would take if there were no limit.
pub(crate) fn wanted(demands: &[Demand]) -> Bitrate {
    let best = |demand: &Demand| demand.choices.last().map(|choice| choice.cost);
    demands
        .iter()
        .filter_map(best)
        .fold(Bitrate::ZERO, Bitrate::saturating_add)
}

/// Chooses a layer for each demand, most important first; `None` pauses the
/// slot. All get their lowest layer before any gets its second. An upgrade
/// needs `margin` percent of its cost to spare.
pub(crate) fn choose(demands: &[Demand], budget: Bitrate, margin: u32) -> Vec<Option<usize>> {
    let mut left = budget;
    let mut chosen: Vec<Option<usize>> = vec![None; demands.len()];
    let rounds = demands.iter().map(|d| d.choices.len()).max().unwrap_or(0);
    for step in 0..rounds {
        for (demand, chosen) in demands.iter().zip(&mut chosen) {
            if let Some(cost) = affordable(demand, *chosen, step, left, margin) {
                left = left.saturating_sub(cost);
                *chosen = Some(step);
            }
        }
    }
    let layer = |(demand, step): (&Demand, &Option<usize>)| step.map(|s| demand.choices[s].layer);
    demands.iter().zip(&chosen).map(layer).collect()
}

/// What the next step of a demand costs more than the one before, if it may be
/// taken.
fn affordable(
    demand: &Demand,
    chosen: Option<usize>,
    step: usize,
    left: Bitrate,
    margin: u32,
) -> Option<Bitrate> {
    let choice = demand.choices.get(step)?;
    // no step without the one below
    if step.checked_sub(1) != chosen {
        return None;
    }
    if step == 0 && demand.trial {
        return Some(choice.cost);
    }
    let before = chosen.map_or(Bitrate::ZERO, |at| demand.choices[at].cost);
    let cost = choice.cost.saturating_sub(before);
    let upgrade = demand.current.is_none_or(|layer| choice.layer > layer);
    if upgrade && demand.held {
        return None;
    }
    let needed = if upgrade {
        cost.scale(1.0 + f64::from(margin) / 100.0)
    } else {
        cost
    };
    (needed <= left).then_some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    const K: fn(u64) -> Bitrate = Bitrate::from_kbps;

    fn demand(costs: &[u64], current: Option<usize>) -> Demand {
        let choice = |(layer, cost): (usize, &u64)| Choice {
            layer,
            cost: K(*cost),
        };
        Demand {
            choices: costs.iter().enumerate().map(choice).collect(),
            current,
            held: false,
            trial: false,
        }
    }

    #[test]
    fn enough_for_all_gives_all_what_they_need() {
        let demands = [demand(&[150, 500, 1_500], None), demand(&[150], None)];
        assert_eq!(choose(&demands, K(3_000), 15), [Some(2), Some(0)]);
        assert_eq!(wanted(&demands), K(1_650));
    }

    #[test]
    fn the_last_in_the_view_is_paused_first() {
        let demands = vec![demand(&[150, 500], Some(0)); 3];
        assert_eq!(choose(&demands, K(320), 15), [Some(0), Some(0), None]);
    }

    #[test]
    fn the_first_in_the_view_is_upgraded_first() {
        let demands = vec![demand(&[150, 500], Some(0)); 3];
        assert_eq!(choose(&demands, K(900), 15), [Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn going_up_needs_more_than_staying_up() {
        let (low, high) = (demand(&[150, 500], Some(0)), demand(&[150, 500], Some(1)));
        assert_eq!(choose(&[low], K(510), 15), [Some(0)]);
        assert_eq!(choose(&[high], K(510), 15), [Some(1)]);
    }

    #[test]
    fn what_is_on_trial_is_sent_whatever_it_costs() {
        let mut on_trial = demand(&[1_200], None);
        on_trial.trial = true;
        let demands = [on_trial, demand(&[150], None)];
        assert_eq!(choose(&demands, K(600), 15), [Some(0), None]);
    }

    #[test]
    fn who_went_down_a_moment_ago_stays_there() {
        let mut held = demand(&[150, 500], Some(0));
        held.held = true;
        assert_eq!(choose(&[held], K(5_000), 15), [Some(0)]);
    }
}
