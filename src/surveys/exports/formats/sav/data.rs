//! The cases: eight bytes at a time, the frequent ones as one byte.

use std::io::{self, Write};

use super::layout::Column;
use crate::surveys::exports::cells::{number, real};
use crate::surveys::exports::spss::{LONGEST, Shape, seconds};
use crate::surveys::exports::texts::within;
use crate::surveys::map::Datum;

/// What is added to a whole number that one byte stands for.
pub(super) const BIAS: f64 = 100.0;
const END: u8 = 252;
const AS_IS: u8 = 253;
const SPACES: u8 = 254;
const SYSTEM_MISSING: u8 = 255;

/// Packs values: eight bytes say how the next eight values are kept.
pub(super) struct Packer<'a> {
    out: &'a mut dyn Write,
    codes: Vec<u8>,
    values: Vec<u8>,
}

impl<'a> Packer<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Packer<'a> {
        Packer {
            out,
            codes: Vec::with_capacity(8),
            values: Vec::with_capacity(64),
        }
    }

    /// The value of one variable.
    pub(super) fn datum(&mut self, column: &Column<'_>, datum: &Datum) -> io::Result<()> {
        let (is_text, missing) = (
            matches!(column.shape, Shape::Text(_)),
            match datum {
                Datum::NotAsked => Some(column.not_asked),
                Datum::NotAnswered => Some(column.not_answered),
                Datum::Number(_) | Datum::Text(_) => None,
            },
        );
        match (datum, missing) {
            // A text that was not asked is blank: old readers take one mark only.
            (Datum::NotAsked, _) if is_text => self.text(column, ""),
            (_, Some(code)) if is_text => self.text(column, &code.to_string()),
            (_, Some(code)) => self.number(real(code)),
            (Datum::Text(text), _) if is_text => self.text(column, text),
            (Datum::Number(value), _) if is_text => self.text(column, &number(*value)),
            (Datum::Text(text), _) => match seconds(column.shape, text) {
                Some(seconds) => self.number(seconds),
                None => self.put(SYSTEM_MISSING, &[]),
            },
            (Datum::Number(number), _) => self.number(*number),
            (Datum::NotAsked | Datum::NotAnswered, None) => Ok(()),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and from 1 to 251"
    )]
    fn number(&mut self, number: f64) -> io::Result<()> {
        let code = number + BIAS;
        if !number.is_finite() {
            self.put(SYSTEM_MISSING, &[])
        } else if code.fract() == 0.0 && (1.0..=251.0).contains(&code) {
            self.put(code as u8, &[])
        } else {
            self.put(AS_IS, &number.to_le_bytes())
        }
    }

    /// The text, cut where SPSS's own limit is, between two letters.
    fn text(&mut self, column: &Column<'_>, text: &str) -> io::Result<()> {
        let mut rest = within(text, LONGEST).as_bytes();
        for segment in &column.segments {
            let (mine, after) = rest.split_at(rest.len().min(segment.width));
            rest = after;
            for at in 0..segment.eights() {
                let from = mine.len().min(at * 8);
                let piece = &mine[from..mine.len().min(at * 8 + 8)];
                let mut eight = [b' '; 8];
                eight[..piece.len()].copy_from_slice(piece);
                match eight {
                    [b' ', b' ', b' ', b' ', b' ', b' ', b' ', b' '] => self.put(SPACES, &[])?,
                    eight => self.put(AS_IS, &eight)?,
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, code: u8, value: &[u8]) -> io::Result<()> {
        self.codes.push(code);
        self.values.extend_from_slice(value);
        if self.codes.len() == 8 {
            self.out.write_all(&self.codes)?;
            self.out.write_all(&self.values)?;
            self.codes.clear();
            self.values.clear();
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.codes.push(END);
        self.codes.resize(self.codes.len().next_multiple_of(8), 0);
        self.out.write_all(&self.codes)?;
        self.out.write_all(&self.values)
    }
}
