//! Against figures worked out by hand.

use super::*;
use crate::surveys::map::{Code, Labels};

fn single(name: &str, codes: i64) -> Variable {
    let codes = (1..=codes).map(|code| Code::new(code, Labels::english(&format!("{name} {code}"))));
    Variable::new(name, name, Kind::Single, Labels::english(name)).coded(codes.collect())
}

fn flag(name: &str) -> Variable {
    Variable::new("m", name, Kind::Flag, Labels::english("M"))
        .labelled(Labels::english(name))
        .of_set("m")
}

/// As many respondents as a table of counts says, `counts[row][column]`.
fn people(counts: &[&[u32]]) -> Vec<Vec<Datum>> {
    let mut records = Vec::new();
    for (row, cells) in (1_u32..).zip(counts) {
        for (column, count) in (1_u32..).zip(*cells) {
            for _ in 0..*count {
                records.push(vec![
                    Datum::Number(f64::from(row)),
                    Datum::Number(f64::from(column)),
                ]);
            }
        }
    }
    records
}

fn table(counts: &[&[u32]]) -> Cross {
    let rows = i64::try_from(counts.len()).unwrap();
    let columns = i64::try_from(counts[0].len()).unwrap();
    let map = DataMap {
        variables: vec![single("r", rows), single("c", columns)],
        ..DataMap::default()
    };
    crossing(&map, &mut people(counts), ("r", "c"), "en")
        .unwrap()
        .unwrap()
}

/// The p value is Python's `math.erfc(math.sqrt(x / 2))`.
#[test]
fn a_table_of_four_has_the_chi_square_of_the_textbook() {
    let cross = table(&[&[60, 40], &[30, 70]]);

    // 200 (60·70 − 40·30)² / (100·100·90·110)
    let (chi_square, freedom, p) = cross.chance.unwrap();
    assert!((chi_square - 18.181_818_181_818_183).abs() < 1e-9);
    assert_eq!(freedom, 1);
    assert!((p - 2.007_865_612_426_481e-5).abs() < 1e-15, "{p}");
    assert_eq!(cross.base, 200);
    assert_eq!((cross.columns[0].base, cross.columns[1].base), (90, 110));
    assert_eq!(cross.rows[0].cells[0].above, "B");
    assert_eq!(cross.rows[1].cells[1].above, "A");
    assert_eq!(cross.rows[0].cells[1].above, "");
}

#[test]
fn equal_columns_differ_from_nobody() {
    let cross = table(&[&[50, 50], &[50, 50]]);
    let (chi_square, _, p) = cross.chance.unwrap();
    assert!(chi_square.abs() < 1e-12 && (p - 1.0).abs() < 1e-12);
    assert!(
        cross
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .all(|cell| cell.above.is_empty())
    );
}

#[test]
fn small_columns_are_shown_and_not_compared() {
    let cross = table(&[&[29, 10], &[0, 90]]);
    assert!(cross.columns[0].is_small && !cross.columns[1].is_small);
    assert_eq!(cross.rows[0].cells[0].above, "");
}

#[test]
fn nothing_and_a_single_row_have_no_chi_square() {
    assert_eq!(table(&[&[0, 0], &[0, 0]]).chance, None);
    assert_eq!(table(&[&[40, 40], &[0, 0]]).chance, None);
    // A column nobody is in does not count as a degree of freedom.
    let (_, freedom, _) = table(&[&[40, 40, 0], &[30, 50, 0]]).chance.unwrap();
    assert_eq!(freedom, 1);
}

#[test]
fn several_answers_count_for_each_item_and_the_base_is_people() {
    let map = DataMap {
        variables: vec![flag("m_1"), flag("m_2"), single("c", 2)],
        ..DataMap::default()
    };
    let number = Datum::Number;
    let mut records = vec![
        vec![number(1.0), number(1.0), number(1.0)],
        vec![number(0.0), number(0.0), number(1.0)],
        vec![number(1.0), number(0.0), number(2.0)],
        vec![Datum::NotAnswered, Datum::NotAnswered, number(2.0)],
        vec![number(1.0), number(1.0), Datum::NotAsked],
    ];

    let cross = crossing(&map, &mut records, ("m", "c"), "en")
        .unwrap()
        .unwrap();

    assert_eq!((cross.base, cross.chance), (3, None));
    assert_eq!((cross.columns[0].base, cross.columns[1].base), (2, 1));
    let counts: Vec<_> = cross.rows.iter().map(|row| row.cells[0].count).collect();
    assert_eq!(counts, [1, 1]);
    assert!((cross.rows[0].cells[0].share - 0.5).abs() < 1e-12);
    assert!(
        crossing(&map, &mut records, ("m", "nothing"), "en")
            .unwrap()
            .is_none()
    );
}

#[test]
fn columns_have_letters_beyond_the_alphabet() {
    assert_eq!(
        [letter(0), letter(25), letter(26), letter(701), letter(702)],
        ["A", "Z", "AA", "ZZ", "AAA"]
    );
}
