//! What is made up for a question is taken as a respondent's answer would be.

use super::tests::{sent, sight, survey};
use super::{Die, Role, answer};
use crate::surveys::map::Datum;

#[test]
fn every_kind_that_asks_makes_up_answers_that_it_takes() {
    let survey = survey();
    let mut state = 3_usize;
    let mut throw = |count: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % count.max(1)
    };
    for block in survey.blocks() {
        let asks = block.kind.role() == Role::Asks;
        let sight = sight(block, true);
        let mut seen = Vec::new();
        for _ in 0..400 {
            let made = block.kind.invent(&sight, &mut Die::new(&mut throw));

            assert_eq!(asks, !made.is_empty(), "{}: {made:?}", block.id);
            let kept = answer(&sight, &sent(&made));
            let kept = kept.unwrap_or_else(|fault| {
                let why = fault.why.say("en");
                panic!("{}: {made:?}: {}: {why}", block.id, fault.field)
            });
            if asks {
                assert!(kept.iter().any(|(_, datum)| *datum != Datum::NotAnswered));
            }
            if !seen.contains(&made) {
                seen.push(made);
            }
        }
        // One file is there that the first question for files takes.
        let least = if block.id == "up" { 1 } else { 2 };
        assert!(!asks || seen.len() >= least, "{}: {seen:?}", block.id);
    }
}
