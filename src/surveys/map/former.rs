//! What earlier versions of a survey asked and the newest does not.

use super::{DataMap, Variable};

impl DataMap {
    /// The map with what only an older version had: its variables at the end,
    /// its codes after those of the same variable. No answer is without a place.
    #[must_use]
    pub fn with_former(mut self, older: DataMap) -> DataMap {
        for variable in older.variables {
            let is_same = |known: &&mut Variable| {
                (&known.key, known.turn, known.source)
                    == (&variable.key, variable.turn, variable.source)
            };
            match self.variables.iter_mut().find(is_same) {
                Some(known) => {
                    let codes = variable.codes.into_iter();
                    let gone: Vec<_> = codes
                        .filter(|code| known.code(code.code).is_none())
                        .collect();
                    known.codes.extend(gone);
                    // What was personal once is personal in every answer.
                    known.is_personal |= variable.is_personal;
                }
                None => self.variables.push(variable),
            }
        }
        self.open_ended.extend(older.open_ended);
        super::build::name_apart(&mut self.variables);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Code, Kind, Labels};
    use super::*;

    fn map(variables: Vec<Variable>) -> DataMap {
        DataMap {
            variables,
            ..DataMap::default()
        }
    }

    fn single(name: &str, codes: &[i64]) -> Variable {
        let codes = codes
            .iter()
            .map(|code| Code::new(*code, Labels::english("x")));
        Variable::new(name, name, Kind::Single, Labels::english(name)).coded(codes.collect())
    }

    #[test]
    fn what_went_stays_behind_what_is_there() {
        let newest = map(vec![single("a", &[1, 2]), single("c", &[1])]);
        let older = map(vec![
            Variable {
                is_personal: true,
                ..single("a", &[1, 3])
            },
            single("b", &[1]),
        ]);

        let all = newest.with_former(older);

        let names: Vec<_> = all
            .variables
            .iter()
            .map(|each| each.name.as_str())
            .collect();
        assert_eq!(names, ["a", "c", "b"]);
        let codes: Vec<_> = all.variables[0]
            .codes
            .iter()
            .map(|code| code.code)
            .collect();
        assert_eq!(codes, [1, 2, 3]);
        assert!(all.variables[0].is_personal);
    }
}
