//! Several files in one, sent while they are written.

use std::io::{self, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::Error;

/// A ZIP on its way out.
pub(in crate::surveys) struct Packed<'a> {
    zip: ZipWriter<StreamWriter<&'a mut dyn Write>>,
}

impl<'a> Packed<'a> {
    pub(in crate::surveys) fn new(out: &'a mut dyn Write) -> Packed<'a> {
        Packed {
            zip: ZipWriter::new_stream(out),
        }
    }

    /// What is written from here on is that file.
    pub(in crate::surveys) fn begin(&mut self, name: &str) -> Result<(), Error> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(true);
        Ok(self.zip.start_file(name, options)?)
    }

    pub(in crate::surveys) fn end(self) -> Result<(), Error> {
        self.zip.finish()?;
        Ok(())
    }
}

impl Write for Packed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}
