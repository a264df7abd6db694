//! Chance that can be told again: the same for one respondent and one place, always.

use crate::surveys::format::{Item, Order};

/// A row of numbers that look random, made of a seed and a place.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(seed: i64, place: &str) -> Chance {
        let mut state = seed.cast_unsigned();
        for byte in place.bytes() {
            state = mixed(state ^ u64::from(byte));
        }
        Chance(state)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// One of `0..count`; 0 when there is none.
    pub(super) fn below(&mut self, count: usize) -> usize {
        // The high bits of a product: no remainder, and no bias that could be seen.
        let wide = u128::from(self.next()) * count as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// Places 0 to `count`, in the order that chance and `order` say.
    pub(super) fn places(&mut self, count: usize, order: Order) -> Vec<usize> {
        let mut places: Vec<usize> = (0..count).collect();
        match order {
            Order::Written => {}
            Order::Random => {
                for at in (1..count).rev() {
                    places.swap(at, self.below(at + 1));
                }
            }
            Order::Flipped => {
                if self.below(2) == 1 {
                    places.reverse();
                }
            }
            Order::Rotated => {
                let by = self.below(count);
                places.rotate_left(by);
            }
        }
        places
    }

    /// The items in their order; anchored ones keep their places.
    pub(super) fn items<'a>(&mut self, items: &[&'a Item], order: Order) -> Vec<&'a Item> {
        let free: Vec<usize> = { 0..items.len() }.filter(|at| !items[*at].anchor).collect();
        let mut placed = items.to_vec();
        for (to, from) in free.iter().zip(self.places(free.len(), order)) {
            placed[*to] = items[free[from]];
        }
        placed
    }
}

/// The finish of splitmix64.
fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(seed: i64, order: Order) -> Vec<i64> {
        let item = |code| Item {
            code,
            anchor: code == 9,
            ..Item::default()
        };
        let items: Vec<Item> = [1, 2, 3, 9, 4].into_iter().map(item).collect();
        let placed = Chance::of(seed, "q").items(&items.iter().collect::<Vec<_>>(), order);
        placed.iter().map(|item| item.code).collect()
    }

    #[test]
    fn an_anchored_item_keeps_its_place_and_nothing_is_lost() {
        let mut firsts = [0; 5];
        for seed in 0..400 {
            let mut placed = codes(seed, Order::Random);
            assert_eq!(placed[3], 9);
            assert_eq!(placed, codes(seed, Order::Random));
            firsts[usize::try_from(placed[0]).unwrap()] += 1;
            placed.sort_unstable();
            assert_eq!(placed, [1, 2, 3, 4, 9]);
        }
        assert!(
            firsts[1..].iter().all(|count| (60..140).contains(count)),
            "{firsts:?}"
        );
    }

    #[test]
    fn other_orders_turn_the_items_round() {
        for seed in 0..50 {
            let flipped = codes(seed, Order::Flipped);
            assert!([vec![1, 2, 3, 9, 4], vec![4, 3, 2, 9, 1]].contains(&flipped));
            let rotated = codes(seed, Order::Rotated);
            assert!(
                ["1234", "2341", "3412", "4123"].contains(
                    &rotated
                        .iter()
                        .filter(|code| **code != 9)
                        .map(ToString::to_string)
                        .collect::<String>()
                        .as_str()
                )
            );
        }
        assert_eq!(codes(7, Order::Written), [1, 2, 3, 9, 4]);
        assert_eq!(Chance::of(1, "").below(0), 0);
    }
}
