//! What no order may say: refused when it is typed, before anybody signs it or pays a fee for it.

use crate::{amount::Amount, order_file, span::Span};
use ergon_client::primitives::{Callback, MAX_ORDER_LIFE, MAX_PRICE, MAX_TRUST};
use std::ops::RangeInclusive;

/// The trust that can be offered or asked for, as clap counts.
pub const TRUST: RangeInclusive<i64> = 1..=MAX_TRUST as i64;

/// Fewest bytes of a call.
const MIN_CALLBACK: usize = 2;

/// Reads a price per task, at most 2^96 of the smallest unit.
pub fn price(text: &str) -> Result<Amount, String> {
    let amount = text.parse::<Amount>().map_err(|error| error.to_string())?;
    if amount.0 > MAX_PRICE {
        let highest = Amount(MAX_PRICE);
        return Err(format!("no price is higher than {highest} per task"));
    }
    Ok(amount)
}

/// Reads how long an order is valid, at most 180 days.
pub fn life(text: &str) -> Result<Span, String> {
    let span = text.parse::<Span>().map_err(|error| error.to_string())?;
    if (1..=MAX_ORDER_LIFE).contains(&span.0) {
        return Ok(span);
    }
    let longest = Span(MAX_ORDER_LIFE);
    Err(format!(
        "an order is valid for a block at least and for {longest} at most"
    ))
}

/// Reads the features of a tag.
pub fn tag(text: &str) -> Result<u64, String> {
    let bits = text
        .parse::<u64>()
        .map_err(|_| format!("`{text}` is no number of 64 bits: write decimal digits"))?;
    if bits & 1 == 1 {
        return Err("bit 0 is trusted hardware, which cannot be attested yet: leave it out".into());
    }
    Ok(bits)
}

/// Reads a call in SCALE, of which the chain could make something.
pub fn callback(text: &str) -> Result<Callback, String> {
    let call = order_file::callback(text)?;
    if call.len() < MIN_CALLBACK {
        return Err("a call names a pallet and a function: give two bytes at least".into());
    }
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_have_two_bytes_at_least() {
        assert_eq!(callback("0x0700ff").unwrap().to_vec(), [7, 0, 0xff]);
        for (wrong, reason) in [
            ("0x07", "two bytes"),
            ("0x", "two bytes"),
            ("0700", "0x"),
            ("0x070", "callback"),
        ] {
            let error = callback(wrong).unwrap_err();
            assert!(error.contains(reason), "{wrong}: {error}");
        }
        let long = format!("0x{}", "00".repeat(1_025));
        assert!(callback(&long).unwrap_err().contains("callback"));
    }

    #[test]
    fn prices_have_an_end() {
        assert_eq!(price("0.5").unwrap(), Amount(500_000_000_000));
        let highest = Amount(MAX_PRICE).to_string();
        let highest = highest.trim_end_matches(" ERG");
        assert_eq!(price(highest).unwrap(), Amount(MAX_PRICE));
        assert!(price("79228162514264338").unwrap_err().contains("no price"));
        assert!(price("-1").unwrap_err().contains("is not an amount"));
    }

    #[test]
    fn orders_live_between_a_block_and_half_a_year() {
        assert_eq!(life("180d").unwrap(), Span(MAX_ORDER_LIFE));
        for wrong in ["0", "181d", "4294967295"] {
            assert!(life(wrong).unwrap_err().contains("180 d"), "{wrong}");
        }
        assert!(life("soon").unwrap_err().contains("length of time"));
    }

    #[test]
    fn trusted_hardware_is_refused() {
        assert_eq!((tag("0").unwrap(), tag("6").unwrap()), (0, 6));
        assert!(tag("1").unwrap_err().contains("attested"));
        assert!(tag("-2").unwrap_err().contains("64 bits"));
    }
}
