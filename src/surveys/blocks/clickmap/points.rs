//! Points of a picture, in ten-thousandths of its width and height: the same on every screen.

use super::super::kind::{Fault, Kept};
use super::super::marked::labels;
use super::super::phrases::Phrase;
use crate::surveys::format::{Block, Region};
use crate::surveys::map::{Datum, Kind, Labels, Variable};
use crate::web::Fields;

/// From the left and from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    x: u16,
    y: u16,
}

impl Point {
    /// From `1234,5678`.
    pub(super) fn parse(text: &str) -> Option<Point> {
        let (x, y) = text.split_once(',')?;
        let part = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let part: Option<u16> = text.parse().ok();
            part.filter(|part| digits && *part <= Region::WHOLE)
        };
        Some(Point {
            x: part(x)?,
            y: part(y)?,
        })
    }

    /// Of what was kept.
    pub(super) fn of(x: f64, y: f64) -> Option<Point> {
        Point::parse(&format!("{x},{y}"))
    }

    pub(super) fn text(self) -> String {
        format!("{},{}", self.x, self.y)
    }

    pub(super) fn is_in(self, region: Region) -> bool {
        (region.left..=region.right).contains(&self.x)
            && (region.top..=region.bottom).contains(&self.y)
    }
}

/// The keys of a point's two numbers.
pub(super) fn keys(id: &str, number: u32) -> [String; 2] {
    [format!("{id}_x{number}"), format!("{id}_y{number}")]
}

pub(super) fn variables(block: &Block, number: u32) -> [Variable; 2] {
    let words = ["left", "top"]
        .map(|edge| Labels::english(&format!("Point {number}, from the {edge}, in 1/10,000")));
    let [x, y] = keys(&block.id, number);
    let [left, top] = words;
    [(x, left), (y, top)].map(|(key, label)| {
        let kind = Kind::Number { decimals: 0 };
        Variable {
            lowest: Some(0.0),
            ..Variable::new(&block.id, &key, kind, labels(&block.text)).labelled(label)
        }
    })
}

/// The points a form sends, in their order.
pub(super) fn read(id: &str, field: &str, sent: &Fields) -> Result<Vec<Point>, Fault> {
    let points = sent.all(field).filter(|text| !text.is_empty());
    let read = |text: &str| {
        let unknown = || Fault::at(id, Phrase::new("not-offered"));
        Point::parse(text).ok_or_else(unknown)
    };
    points.map(read).collect()
}

pub(super) fn kept(id: &str, most: u32, points: &[Point]) -> Kept {
    let mut kept = Kept::new();
    for number in 1..=most {
        let point = points.get(number as usize - 1);
        let [x, y] = keys(id, number);
        let datum =
            |part: Option<u16>| part.map_or(Datum::NotAnswered, |part| Datum::Number(part.into()));
        kept.push((x, datum(point.map(|point| point.x))));
        kept.push((y, datum(point.map(|point| point.y))));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_on_the_picture() {
        for text in ["0,0", "10000,10000", "1234,5678"] {
            assert_eq!(Point::parse(text).unwrap().text(), text);
        }
        for hostile in [
            "", ",", "1", "-1,2", "10001,0", "1,2,3", "1.5,2", "+1,2", "NaN,1", " 1,2",
        ] {
            assert_eq!(Point::parse(hostile), None, "{hostile}");
        }
        let region = Region {
            left: 0,
            top: 500,
            right: 1000,
            bottom: 1000,
        };
        let is_in = |text| Point::parse(text).unwrap().is_in(region);
        assert!(is_in("0,500") && is_in("1000,1000"));
        assert!(!is_in("0,499") && !is_in("1001,700"));
    }
}
