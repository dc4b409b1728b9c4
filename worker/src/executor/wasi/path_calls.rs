//! Calls on paths. Each path is relative to an open folder and cannot lead above it.

use super::{
    Answer, Wasi,
    descriptor_calls::{APPEND, FD_READ, FD_WRITE},
    descriptors::{Descriptor, OpenFile},
    errno::Errno,
    files::{Inode, Kind, Opening},
    guest::Guest,
};

/// A missing file is made.
const CREATE: u32 = 1;
/// It must be a folder.
const FOLDER: u32 = 2;
/// An existing file is an error.
const EXCLUSIVE: u32 = 4;
/// The file is emptied.
const TRUNCATE: u32 = 8;
/// Fuel for each node in a walk through files.
const WALK_FUEL: u64 = 32;

impl Wasi {
    /// The folder and the path that a call names.
    fn place(
        &self,
        guest: &mut Guest<'_>,
        fd: u32,
        path: u32,
        length: u32,
    ) -> Result<(Inode, String), super::Fault> {
        Ok((self.descriptors.folder(fd)?, guest.path(path, length)?))
    }

    /// Opens a file or folder. Flags for symbolic links mean nothing, as there are none.
    pub(super) fn path_open(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        _lookup: u32,
        path: u32,
        length: u32,
        how: u32,
        base: u64,
        _inheriting: u64,
        flags: u32,
        opened: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        self.descriptors.ensure_room()?;
        let (read, write) = (base & FD_READ != 0, base & FD_WRITE != 0);
        let opening = Opening {
            create: how & CREATE != 0,
            exclusive: how & EXCLUSIVE != 0,
            truncate: how & TRUNCATE != 0,
            folder: how & FOLDER != 0,
            write,
        };
        let inode = self.files.open(folder, &path, opening)?;
        let descriptor = match self.files.kind(inode)? {
            Kind::Folder => Descriptor::Folder { inode, given: None },
            Kind::File => {
                let append = flags & APPEND != 0;
                Descriptor::File(OpenFile {
                    inode,
                    position: 0,
                    read,
                    write,
                    append,
                })
            }
        };
        self.files.retain(inode);
        let number = self.descriptors.insert(descriptor)?;
        guest.put_u32(opened, number)
    }

    pub(super) fn path_create_directory(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        path: u32,
        length: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        self.files.create_folder(folder, &path)
    }

    pub(super) fn path_remove_directory(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        path: u32,
        length: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        Ok(self.files.remove_folder(folder, &path)?)
    }

    pub(super) fn path_unlink_file(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        path: u32,
        length: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        Ok(self.files.unlink(folder, &path)?)
    }

    pub(super) fn path_rename(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        path: u32,
        length: u32,
        to: u32,
        new: u32,
        new_length: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        let (new_folder, new_path) = self.place(guest, to, new, new_length)?;
        // Whether a folder would move below itself is found by a walk through what is in it.
        guest.charge(self.files.count().saturating_mul(WALK_FUEL))?;
        Ok(self.files.rename(folder, &path, new_folder, &new_path)?)
    }

    pub(super) fn path_filestat_get(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        _lookup: u32,
        path: u32,
        length: u32,
        status: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        let inode = self.files.resolve(folder, &path)?;
        self.put_status(guest, inode, status)
    }

    /// There are no times that could be set.
    pub(super) fn path_filestat_set_times(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        _lookup: u32,
        path: u32,
        length: u32,
        _access: u64,
        _change: u64,
        _flags: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        Ok(self.files.resolve(folder, &path).map(|_| ())?)
    }

    /// Each file has one name.
    pub(super) fn path_link(
        &mut self,
        _: &mut Guest<'_>,
        _fd: u32,
        _lookup: u32,
        _path: u32,
        _length: u32,
        _to: u32,
        _new: u32,
        _new_length: u32,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    /// There are no symbolic links.
    pub(super) fn path_symlink(
        &mut self,
        _: &mut Guest<'_>,
        _target: u32,
        _target_length: u32,
        _fd: u32,
        _path: u32,
        _length: u32,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    /// What exists is no link.
    pub(super) fn path_readlink(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        path: u32,
        length: u32,
        _buffer: u32,
        _room: u32,
        _size: u32,
    ) -> Answer {
        let (folder, path) = self.place(guest, fd, path, length)?;
        self.files.resolve(folder, &path)?;
        Err(Errno::Invalid.into())
    }
}
