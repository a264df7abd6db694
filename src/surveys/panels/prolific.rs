//! Prolific: nothing is signed; a completion code in the exit address says how it ended.

use super::{Agreed, Came, Parameter, Reason, Supplier};
use crate::surveys::format::Outcome;

pub(super) static KIND: Prolific = Prolific;

pub(super) struct Prolific;

impl Supplier for Prolific {
    fn id(&self) -> &'static str {
        "prolific"
    }

    fn name(&self) -> &'static str {
        "Prolific"
    }

    fn help(&self) -> &'static str {
        "As the study's address give the entry link with &PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}} at its end. At the link, enter https://app.prolific.com/submissions/complete?cc=CODE for each outcome, with the completion code that the study has for it. Prolific signs nothing."
    }

    fn brings(&self) -> &'static [Parameter] {
        const BRINGS: [Parameter; 3] = [
            Parameter::who("PROLIFIC_PID"),
            Parameter::perhaps("STUDY_ID"),
            Parameter::perhaps("SESSION_ID"),
        ];
        &BRINGS
    }

    fn code(&self, outcome: Outcome) -> &'static str {
        outcome.name()
    }

    fn check(&self, _agreed: &Agreed, _came: &Came<'_>) -> Result<Option<String>, Reason> {
        Ok(None)
    }

    fn sign(
        &self,
        _agreed: &Agreed,
        (_, address): (Outcome, String),
        _known: &[(String, String)],
    ) -> String {
        address
    }
}
