//! Open descriptors: the three standard streams, the two folders an app is given, and what it
//! opens.

use super::{errno::Errno, files::Inode};
use std::collections::BTreeMap;

/// Most open descriptors.
const MAX_OPEN: usize = 256;

/// What a descriptor stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// stdin, which is empty.
    Input,
    /// stdout.
    Output,
    /// stderr.
    Errors,
    /// A folder.
    Folder {
        /// Which.
        inode: Inode,
        /// The name under which the app was given it.
        given: Option<&'static str>,
    },
    /// A file.
    File(OpenFile),
}

/// An open file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// Which.
    pub inode: Inode,
    /// Where the next byte is read or written.
    pub position: u64,
    /// Whether it may be read.
    pub read: bool,
    /// Whether it may be written.
    pub write: bool,
    /// Whether each write goes to the end.
    pub append: bool,
}

/// All open descriptors.
pub struct Descriptors {
    open: BTreeMap<u32, Descriptor>,
}

impl Descriptors {
    /// The standard streams as 0 to 2, and the given folders from 3.
    pub fn new(folders: &[(&'static str, Inode)]) -> Self {
        let streams = [Descriptor::Input, Descriptor::Output, Descriptor::Errors];
        let folders = folders.iter().map(|(name, inode)| Descriptor::Folder {
            inode: *inode,
            given: Some(*name),
        });
        Self {
            open: (0..).zip(streams.into_iter().chain(folders)).collect(),
        }
    }

    /// Fails when no further descriptor can be opened.
    pub fn ensure_room(&self) -> Result<(), Errno> {
        if self.open.len() < MAX_OPEN {
            Ok(())
        } else {
            Err(Errno::TooManyOpen)
        }
    }

    /// Opens a descriptor under the lowest free number.
    pub fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        self.ensure_room()?;
        let mut free = (0..).filter(|number| !self.open.contains_key(number));
        let number = free.next().ok_or(Errno::TooManyOpen)?;
        self.open.insert(number, descriptor);
        Ok(number)
    }

    /// Closes a descriptor.
    pub fn remove(&mut self, number: u32) -> Result<Descriptor, Errno> {
        self.open.remove(&number).ok_or(Errno::BadDescriptor)
    }

    /// Moves a descriptor to the number of another one, which is closed and returned.
    pub fn renumber(&mut self, from: u32, to: u32) -> Result<Option<Descriptor>, Errno> {
        self.get(to)?;
        let moved = self.get(from)?.clone();
        if from == to {
            return Ok(None);
        }
        self.open.remove(&from);
        Ok(self.open.insert(to, moved))
    }

    /// A descriptor.
    pub fn get(&self, number: u32) -> Result<&Descriptor, Errno> {
        self.open.get(&number).ok_or(Errno::BadDescriptor)
    }

    /// The folder that a descriptor stands for.
    pub fn folder(&self, number: u32) -> Result<Inode, Errno> {
        match self.get(number)? {
            Descriptor::Folder { inode, .. } => Ok(*inode),
            _ => Err(Errno::NotFolder),
        }
    }

    /// The file that a descriptor stands for.
    pub fn file(&mut self, number: u32) -> Result<&mut OpenFile, Errno> {
        match self.open.get_mut(&number).ok_or(Errno::BadDescriptor)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Folder { .. } => Err(Errno::BadDescriptor),
            Descriptor::Input | Descriptor::Output | Descriptor::Errors => Err(Errno::NoPosition),
        }
    }
}

impl Descriptor {
    /// The node behind it.
    pub fn inode(&self) -> Option<Inode> {
        match self {
            Descriptor::Folder { inode, .. } => Some(*inode),
            Descriptor::File(file) => Some(file.inode),
            Descriptor::Input | Descriptor::Output | Descriptor::Errors => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptors() -> Descriptors {
        Descriptors::new(&[("/input", 1), ("/output", 2)])
    }

    fn file(inode: Inode) -> Descriptor {
        Descriptor::File(OpenFile {
            inode,
            position: 0,
            read: true,
            write: false,
            append: false,
        })
    }

    #[test]
    fn given_folders_follow_the_streams() {
        let descriptors = descriptors();
        assert_eq!(descriptors.folder(3), Ok(1));
        assert_eq!(descriptors.folder(4), Ok(2));
        assert_eq!(descriptors.folder(5), Err(Errno::BadDescriptor));
        assert_eq!(descriptors.folder(0), Err(Errno::NotFolder));
    }

    #[test]
    fn lowest_free_number_is_taken() {
        let mut descriptors = descriptors();
        assert_eq!(descriptors.insert(file(7)), Ok(5));
        assert_eq!(descriptors.insert(file(8)), Ok(6));
        descriptors.remove(5).unwrap();
        assert_eq!(descriptors.remove(5), Err(Errno::BadDescriptor));
        assert_eq!(descriptors.insert(file(9)), Ok(5));
    }

    #[test]
    fn renumbering_closes_the_other() {
        let mut descriptors = descriptors();
        descriptors.insert(file(7)).unwrap();
        descriptors.insert(file(8)).unwrap();
        assert_eq!(descriptors.renumber(5, 5), Ok(None));
        assert_eq!(descriptors.renumber(5, 6), Ok(Some(file(8))));
        assert_eq!(descriptors.get(6), Ok(&file(7)));
        assert_eq!(descriptors.renumber(5, 6), Err(Errno::BadDescriptor));
        assert_eq!(descriptors.renumber(6, 99), Err(Errno::BadDescriptor));
    }

    #[test]
    fn streams_and_folders_have_no_position() {
        assert_eq!(descriptors().file(1), Err(Errno::NoPosition));
        assert_eq!(descriptors().file(3), Err(Errno::BadDescriptor));
        assert_eq!(descriptors().file(9), Err(Errno::BadDescriptor));
    }

    #[test]
    fn descriptors_are_bounded() {
        let mut descriptors = descriptors();
        for _ in 5..MAX_OPEN {
            descriptors.insert(file(7)).unwrap();
        }
        assert_eq!(descriptors.insert(file(7)), Err(Errno::TooManyOpen));
    }
}
