//! Which events of a batch are new: those that go on without a gap from what is kept.

use super::model::Event;

/// Drops what is kept already and what lies behind a gap: that is sent again, because
/// it is not acknowledged. Gives the rest, in order, and up to which number all are
/// kept then.
pub(super) fn fresh(acked: u32, sent: Vec<Event>) -> (Vec<Event>, u32) {
    let (mut upto, mut fresh) = (acked, Vec::new());
    for event in sent {
        if event.seq > upto.saturating_add(1) {
            break;
        }
        if event.seq > upto {
            upto = event.seq;
            fresh.push(event);
        }
    }
    (fresh, upto)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::live::model::What;

    fn after(acked: u32, seqs: &[u32]) -> (Vec<u32>, u32) {
        let event = |seq: &u32| Event {
            seq: *seq,
            ms: 0,
            what: What::Shown,
        };
        let (fresh, upto) = fresh(acked, seqs.iter().map(event).collect());
        (fresh.iter().map(|event| event.seq).collect(), upto)
    }

    #[test]
    fn a_gap_ends_what_is_taken_and_is_not_acknowledged() {
        assert_eq!(after(0, &[2]), (vec![], 0));
        assert_eq!(after(0, &[1, 2, 4, 5]), (vec![1, 2], 2));
        assert_eq!(after(2, &[4, 3]), (vec![], 2));
        assert_eq!(after(0, &[u32::MAX]), (vec![], 0));
    }

    #[test]
    fn what_was_sent_before_is_not_taken_again() {
        assert_eq!(after(3, &[1, 2, 3]), (vec![], 3));
        assert_eq!(after(2, &[1, 2, 3, 4]), (vec![3, 4], 4));
        assert_eq!(after(0, &[1, 1, 2, 2, 1, 3]), (vec![1, 2, 3], 3));
        assert_eq!(after(u32::MAX, &[1, u32::MAX]), (vec![], u32::MAX));
    }

    #[test]
    fn nothing_sent_says_how_far_it_is() {
        assert_eq!(after(7, &[]), (vec![], 7));
    }

    #[test]
    fn whatever_is_lost_and_repeated_on_the_way_each_is_taken_once_in_order() {
        // A line that loses and doubles: what was not acknowledged is sent again.
        let (mut kept, mut acked, mut roll) = (Vec::new(), 0_u32, 7_u32);
        while acked < 300 {
            roll = roll.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let from = acked.saturating_sub(roll >> 28) + 1;
            let to = (from + (roll >> 20 & 31)).min(300);
            let lost = from + (roll >> 10 & 63);
            let sent: Vec<u32> = (from..=to).filter(|seq| *seq != lost).collect();
            let (fresh, upto) = after(acked, &sent);
            kept.extend(fresh);
            acked = upto;
        }
        assert_eq!(kept, (1..=300).collect::<Vec<_>>());
    }
}
