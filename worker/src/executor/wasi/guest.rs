//! The app's memory and fuel during one host call. Every address is checked; every byte is paid
//! for.

use super::errno::{Errno, Fault, Stop};
use std::ops::Range;

/// Bytes that the host copies or reads for one unit of fuel.
const BYTES_PER_FUEL: u64 = 8;
/// Most buffers in one call, as on Linux.
const MAX_BUFFERS: u32 = 1_024;
/// Size of a buffer's description: address and length.
const BUFFER_SIZE: u32 = 8;
/// Longest path, in bytes.
const MAX_PATH: u32 = 4_096;
/// Fuel for each byte of a path: every second one may begin another name to look up.
const FUEL_PER_PATH_BYTE: u64 = 16;

/// A piece of the app's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Where it begins.
    pub at: u32,
    /// Its length in bytes.
    pub length: u32,
}

/// The app's memory and fuel, borrowed for one call.
pub struct Guest<'a> {
    memory: &'a mut [u8],
    fuel: u64,
}

impl<'a> Guest<'a> {
    /// Borrows a memory together with the fuel that is left.
    pub fn new(memory: &'a mut [u8], fuel: u64) -> Self {
        Self { memory, fuel }
    }

    /// The fuel that is left.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Takes fuel; without enough the app ends.
    pub fn charge(&mut self, fuel: u64) -> Result<(), Fault> {
        match self.fuel.checked_sub(fuel) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => {
                self.fuel = 0;
                Err(Stop::OutOfFuel.into())
            }
        }
    }

    /// Takes the fuel for handling so many bytes.
    pub fn charge_bytes(&mut self, bytes: u64) -> Result<(), Fault> {
        self.charge(bytes.div_ceil(BYTES_PER_FUEL))
    }

    /// The bytes of a buffer.
    pub fn bytes(&mut self, buffer: Buffer) -> Result<&[u8], Fault> {
        let range = self.pay_for(buffer)?;
        self.memory.get(range).ok_or(Errno::Fault.into())
    }

    /// The bytes of a buffer, to be filled.
    pub fn bytes_mut(&mut self, buffer: Buffer) -> Result<&mut [u8], Fault> {
        let range = self.pay_for(buffer)?;
        self.memory.get_mut(range).ok_or(Errno::Fault.into())
    }

    /// Checks before it charges, so that a wrong address costs nothing but the call.
    fn pay_for(&mut self, buffer: Buffer) -> Result<Range<usize>, Fault> {
        let at = buffer.at as usize;
        let range = at..at.checked_add(buffer.length as usize).ok_or(Errno::Fault)?;
        if range.end > self.memory.len() {
            return Err(Errno::Fault.into());
        }
        self.charge_bytes(u64::from(buffer.length))?;
        Ok(range)
    }

    /// Writes bytes at an address.
    pub fn put(&mut self, at: u32, bytes: &[u8]) -> Result<(), Fault> {
        let length = u32::try_from(bytes.len()).map_err(|_| Errno::Fault)?;
        self.bytes_mut(Buffer { at, length })?
            .copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a number of 32 bits.
    pub fn put_u32(&mut self, at: u32, number: u32) -> Result<(), Fault> {
        self.put(at, &number.to_le_bytes())
    }

    /// Writes a number of 64 bits.
    pub fn put_u64(&mut self, at: u32, number: u64) -> Result<(), Fault> {
        self.put(at, &number.to_le_bytes())
    }

    /// Reads bytes of a known number.
    pub fn array<const N: usize>(&mut self, at: u32) -> Result<[u8; N], Fault> {
        let bytes = self.bytes(Buffer {
            at,
            length: N as u32,
        })?;
        bytes.try_into().map_err(|_| Errno::Fault.into())
    }

    /// Reads a number of 32 bits.
    pub fn u32(&mut self, at: u32) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array(at)?))
    }

    /// Reads a path. What it leads to is decided elsewhere; looking that up costs more than copies.
    pub fn path(&mut self, at: u32, length: u32) -> Result<String, Fault> {
        if length > MAX_PATH {
            return Err(Errno::NameTooLong.into());
        }
        let bytes = self.bytes(Buffer { at, length })?;
        let text = std::str::from_utf8(bytes).map_err(|_| Errno::NotText)?;
        let path = text.to_string();
        self.charge(u64::from(length).saturating_mul(FUEL_PER_PATH_BYTE))?;
        Ok(path)
    }

    /// Reads the list of buffers of a scattered read or write; in all they hold less than 4 GiB.
    pub fn buffers(&mut self, list: u32, count: u32) -> Result<Vec<Buffer>, Fault> {
        if count > MAX_BUFFERS {
            return Err(Errno::Invalid.into());
        }
        let (mut buffers, mut total) = (Vec::new(), 0u32);
        for number in 0..count {
            let entry = offset(list, number * BUFFER_SIZE)?;
            let (at, length) = (self.u32(entry)?, self.u32(offset(entry, 4)?)?);
            total = total.checked_add(length).ok_or(Errno::Invalid)?;
            buffers.push(Buffer { at, length });
        }
        Ok(buffers)
    }
}

/// An address a little further.
pub fn offset(at: u32, by: u32) -> Result<u32, Fault> {
    at.checked_add(by).ok_or(Errno::Fault.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_outside_the_memory_are_faults() {
        let mut memory = [0; 16];
        let mut guest = Guest::new(&mut memory, 100);
        for (at, length) in [(16, 1), (15, 2), (u32::MAX, 1), (1, u32::MAX), (17, 0)] {
            let error = guest.bytes(Buffer { at, length }).unwrap_err();
            assert_eq!(error.errno(), Errno::Fault, "{at} {length}");
        }
        assert!(guest.bytes(Buffer { at: 16, length: 0 }).is_ok());
        assert_eq!(guest.fuel(), 100);
    }

    #[test]
    fn bytes_are_paid_for_until_the_fuel_is_gone() {
        let mut memory = [7; 64];
        let mut guest = Guest::new(&mut memory, 3);
        assert_eq!(guest.bytes(Buffer { at: 0, length: 9 }).unwrap(), [7; 9]);
        assert_eq!(guest.fuel(), 1);
        let error = guest.bytes(Buffer { at: 0, length: 9 }).unwrap_err();
        assert!(matches!(error, Fault::Stop(Stop::OutOfFuel)));
        assert_eq!(guest.fuel(), 0);
    }

    #[test]
    fn numbers_and_paths_come_back() {
        let mut memory = [0; 32];
        let mut guest = Guest::new(&mut memory, 1_000);
        guest.put_u32(1, 0x0102_0304).unwrap();
        assert_eq!(guest.u32(1).unwrap(), 0x0102_0304);
        guest.put_u64(8, 5).unwrap();
        assert_eq!(guest.array(8).unwrap(), 5u64.to_le_bytes());
        guest.put(16, b"a/b").unwrap();
        let before = guest.fuel();
        assert_eq!(guest.path(16, 3).unwrap(), "a/b");
        assert_eq!(before - guest.fuel(), 3 * FUEL_PER_PATH_BYTE + 1);
        guest.put(16, b"\xff").unwrap();
        assert_eq!(guest.path(16, 3).unwrap_err().errno(), Errno::NotText);
        assert_eq!(
            guest.path(0, 5_000).unwrap_err().errno(),
            Errno::NameTooLong
        );
    }

    #[test]
    fn buffer_lists_are_bounded() {
        let mut memory = [0xff; 32];
        let mut guest = Guest::new(&mut memory, 1_000);
        assert_eq!(guest.buffers(0, 1_025).unwrap_err().errno(), Errno::Invalid);
        assert_eq!(guest.buffers(0, 2).unwrap_err().errno(), Errno::Invalid); // 8 GiB in all
        assert_eq!(guest.buffers(28, 1).unwrap_err().errno(), Errno::Fault);
        assert_eq!(
            guest.buffers(u32::MAX, 2).unwrap_err().errno(),
            Errno::Fault
        );
        let all = Buffer {
            at: u32::MAX,
            length: u32::MAX,
        };
        assert_eq!(guest.buffers(0, 1).unwrap(), [all]);
    }
}
