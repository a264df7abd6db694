//! Words between the questions.

use super::kind::{Fault, Frame, Kept, Kind, Look, Role};
use super::sight::Sight;
use crate::expr::Value;
use crate::surveys::format::Block;
use crate::web::Fields;

pub(super) struct Info;

pub(super) static KIND: Info = Info;

impl Kind for Info {
    fn name(&self) -> &'static str {
        "info"
    }

    fn title(&self) -> &'static str {
        "Words to read"
    }

    fn doc(&self) -> &'static str {
        "Words to read; nothing is asked."
    }

    fn role(&self) -> Role {
        Role::Shows
    }

    fn frame(&self, _: &Block) -> Frame {
        Frame::Words
    }

    fn value(&self, _: &Block, _: Look<'_>) -> Value {
        Value::Empty
    }

    fn read(&self, _: &Sight<'_>, _: &Fields) -> Result<Kept, Fault> {
        Ok(Kept::new())
    }

    fn fields(&self, _: &Block, _: Look<'_>) -> Vec<(String, String)> {
        Vec::new()
    }

    fn draw(&self, _: &Sight<'_>, _: &mut String) -> askama::Result<()> {
        Ok(())
    }
}
