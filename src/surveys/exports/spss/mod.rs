//! What SPSS wants to know of a variable, whichever way it is told.

mod shape;

pub(super) use shape::{
    Declared, LONGEST, Measure, Shape, declared, fit, label, seconds, value_labels,
};
