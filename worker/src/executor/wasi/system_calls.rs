//! Arguments, environment, time, random numbers, waiting, sockets.

use super::{
    Answer, Wasi,
    errno::Errno,
    guest::{Buffer, Guest, offset},
};

/// Most subscriptions in one wait.
const MAX_SUBSCRIPTIONS: u32 = 1_024;
/// Size of a subscription in memory.
const SUBSCRIPTION_SIZE: u32 = 48;
/// Size of an event in memory.
const EVENT_SIZE: u32 = 32;
/// Subscription to a clock.
const CLOCK: u8 = 0;
/// Subscription to a descriptor that can be read.
const READABLE: u8 = 1;
/// Subscription to a descriptor that can be written.
const WRITABLE: u8 = 2;

impl Wasi {
    pub(super) fn args_get(&mut self, guest: &mut Guest<'_>, list: u32, text: u32) -> Answer {
        let (mut entry, mut place) = (list, text);
        for arg in &self.args {
            guest.put_u32(entry, place)?;
            guest.put(place, arg.as_bytes())?;
            let end = offset(place, u32::try_from(arg.len()).map_err(|_| Errno::Fault)?)?;
            guest.put(end, b"\0")?;
            (entry, place) = (offset(entry, 4)?, offset(end, 1)?);
        }
        Ok(())
    }

    pub(super) fn args_sizes_get(
        &mut self,
        guest: &mut Guest<'_>,
        count: u32,
        size: u32,
    ) -> Answer {
        let bytes = self.args.iter().map(|arg| arg.len() + 1).sum::<usize>();
        guest.put_u32(
            count,
            u32::try_from(self.args.len()).map_err(|_| Errno::Fault)?,
        )?;
        guest.put_u32(size, u32::try_from(bytes).map_err(|_| Errno::Fault)?)
    }

    /// The environment is empty.
    pub(super) fn environ_get(&mut self, _: &mut Guest<'_>, _list: u32, _text: u32) -> Answer {
        Ok(())
    }

    pub(super) fn environ_sizes_get(
        &mut self,
        guest: &mut Guest<'_>,
        count: u32,
        size: u32,
    ) -> Answer {
        guest.put_u32(count, 0)?;
        guest.put_u32(size, 0)
    }

    /// Time is no part of a result on which others shall agree.
    pub(super) fn clock_res_get(&mut self, _: &mut Guest<'_>, _clock: u32, _at: u32) -> Answer {
        Err(Errno::NotSupported.into())
    }

    pub(super) fn clock_time_get(
        &mut self,
        _: &mut Guest<'_>,
        _clock: u32,
        _precision: u64,
        _time: u32,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    /// Fills a buffer from a fixed stream; digests cost more than copies.
    pub(super) fn random_get(&mut self, guest: &mut Guest<'_>, at: u32, length: u32) -> Answer {
        guest.charge(u64::from(length))?;
        self.random.fill(guest.bytes_mut(Buffer { at, length })?);
        Ok(())
    }

    /// Nothing ever has to be waited for: sleeps pass at once, files and streams are ready.
    pub(super) fn poll_oneoff(
        &mut self,
        guest: &mut Guest<'_>,
        subscriptions: u32,
        events: u32,
        count: u32,
        ready: u32,
    ) -> Answer {
        if count == 0 || count > MAX_SUBSCRIPTIONS {
            return Err(Errno::Invalid.into());
        }
        for number in 0..count {
            let subscription = guest.array(offset(subscriptions, number * SUBSCRIPTION_SIZE)?)?;
            let event = self.happen(subscription)?;
            guest.put(offset(events, number * EVENT_SIZE)?, &event)?;
        }
        guest.put_u32(ready, count)
    }

    /// The event that answers a subscription: the same user data and kind, and maybe an error.
    fn happen(
        &self,
        subscription: [u8; SUBSCRIPTION_SIZE as usize],
    ) -> Result<[u8; EVENT_SIZE as usize], Errno> {
        let kind = subscription[8];
        let mut descriptor = [0; 4];
        descriptor.copy_from_slice(&subscription[16..20]);
        let error = match kind {
            CLOCK => 0,
            READABLE | WRITABLE => {
                let found = self.descriptors.get(u32::from_le_bytes(descriptor));
                found.err().map_or(0, |errno| errno as u16)
            }
            _ => return Err(Errno::Invalid),
        };
        let mut event = [0; EVENT_SIZE as usize];
        event[..8].copy_from_slice(&subscription[..8]);
        event[8..10].copy_from_slice(&error.to_le_bytes());
        event[10] = kind;
        Ok(event)
    }

    pub(super) fn proc_raise(&mut self, _: &mut Guest<'_>, _signal: u32) -> Answer {
        Err(Errno::NotSupported.into())
    }

    /// There is nobody to yield to.
    pub(super) fn sched_yield(&mut self, _: &mut Guest<'_>) -> Answer {
        Ok(())
    }

    /// There is no network; neither for the functions below.
    pub(super) fn sock_accept(
        &mut self,
        _: &mut Guest<'_>,
        _socket: u32,
        _flags: u32,
        _opened: u32,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    pub(super) fn sock_recv(
        &mut self,
        _: &mut Guest<'_>,
        _socket: u32,
        _list: u32,
        _count: u32,
        _flags: u32,
        _size: u32,
        _answer: u32,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    pub(super) fn sock_send(
        &mut self,
        _: &mut Guest<'_>,
        _socket: u32,
        _list: u32,
        _count: u32,
        _flags: u32,
        _size: u32,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    pub(super) fn sock_shutdown(&mut self, _: &mut Guest<'_>, _socket: u32, _how: u32) -> Answer {
        Err(Errno::NotSupported.into())
    }
}
