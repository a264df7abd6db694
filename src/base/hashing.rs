//! SHA-256 and length of what passes, or of what a reader gives.

use std::io::{self, Read, Write};

use aws_lc_rs::digest::{Context, Digest, SHA256};

/// Hashes and counts what passes on its way.
pub struct Hashing<W> {
    to: W,
    context: Context,
    bytes: u64,
}

/// What was weighed: its SHA-256 and how many bytes it has.
pub struct Weight {
    pub sum: Digest,
    pub bytes: u64,
}

impl Weight {
    /// # Errors
    /// What the reader gives.
    pub fn of(mut from: impl Read) -> io::Result<Weight> {
        let mut hashing = Hashing::new(io::sink());
        let mut piece = vec![0; 256 << 10];
        loop {
            match from.read(&mut piece) {
                Ok(0) => return Ok(hashing.finish().0),
                Ok(read) => hashing.write_all(&piece[..read])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The sum in hexadecimal.
    pub fn hex(&self) -> String {
        data_encoding::HEXLOWER.encode(self.sum.as_ref())
    }
}

impl<W> Hashing<W> {
    pub fn new(to: W) -> Hashing<W> {
        Hashing {
            to,
            context: Context::new(&SHA256),
            bytes: 0,
        }
    }

    /// What it weighs, and where it went.
    pub fn finish(self) -> (Weight, W) {
        let weight = Weight {
            sum: self.context.finish(),
            bytes: self.bytes,
        };
        (weight, self.to)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.to.write(bytes)?;
        self.context.update(&bytes[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes one byte of each piece.
    struct Slow(Vec<u8>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.extend(&bytes[..1]);
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    // The sum of "abc" is in FIPS 180-4's examples.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn what_was_taken_is_counted_and_hashed_and_no_more() {
        let mut hashing = Hashing::new(Slow(Vec::new()));
        hashing.write_all(b"abc").unwrap();
        let (weight, Slow(there)) = hashing.finish();
        assert_eq!((weight.hex().as_str(), weight.bytes), (ABC, 3));
        assert_eq!(there, b"abc");
    }

    #[test]
    fn a_reader_is_read_to_its_end() {
        let weight = Weight::of(&b"abc"[..]).unwrap();
        assert_eq!((weight.hex().as_str(), weight.bytes), (ABC, 3));
        assert_eq!(
            Weight::of(io::repeat(7).take(600_000)).unwrap().bytes,
            600_000
        );
    }
}
