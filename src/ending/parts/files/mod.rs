//! Files that were sent and are still here, as they came.

mod sql;

use std::io;

use super::{Given, Part, Taking};
use crate::ending::archive::{Pack, plain};
use crate::ending::kinds::uploads;
use crate::ending::model::Error;
use crate::store::SealedReader;

pub(super) struct Files;

pub(super) static KIND: Files = Files;

impl Part for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn title(&self) -> &'static str {
        "Files"
    }

    fn holds(&self) -> &'static str {
        "Each file that was sent and waits to be imported, byte for byte under its own name"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let folder = uploads(from.site, from.workspace);
        let (mut files, mut bytes) = (0, 0);
        for file in sql::files(from.system, from.workspace)? {
            let sealed = SealedReader::open(&folder.join(&file.id), &file.key);
            let mut sealed = match sealed {
                Ok(sealed) => sealed,
                // Somebody threw it away meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            to.begin(&format!("files/{}/{}", file.id, plain(&file.name)))?;
            bytes += io::copy(&mut sealed, to)?;
            files += 1;
        }
        Ok(Given::from([("files", files), ("bytes of files", bytes)]))
    }
}
