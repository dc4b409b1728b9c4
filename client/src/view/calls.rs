//! Encoded calls in words.

use super::View;
use crate::{ClientError, account_to_ss58, events::CallResult, transaction::sentence};
use ergon_primitives::AccountId;
use scale_info::{TypeDef, TypeDefPrimitive};
use sp_runtime::DispatchError;
use subxt::{
    Metadata,
    ext::scale_value::{Composite, Primitive, Value, ValueDef, Variant, scale::decode_as_type},
};

/// Longest list that is written out.
const LONGEST: usize = 16;

impl View {
    /// What an encoded call does: pallet, call and arguments.
    pub fn describe_call(&self, call: &[u8]) -> Result<String, ClientError> {
        describe(&self.runtime.metadata, call)
    }

    /// Whether a call succeeded that was made on somebody's behalf; if not, why.
    pub fn call_result(&self, result: &CallResult) -> Result<(), String> {
        result.map_err(|error| reason(&self.runtime.metadata, error))
    }
}

fn reason(metadata: &Metadata, error: DispatchError) -> String {
    let DispatchError::Module(module) = error else {
        let words: &str = error.into();
        return sentence(words);
    };
    let pallet = metadata.pallet_by_error_index(module.index);
    let variant = pallet.and_then(|pallet| pallet.error_variant_by_index(module.error[0]));
    match pallet.zip(variant) {
        Some((pallet, variant)) => format!(
            "{} ({}.{})",
            sentence(&variant.docs.join(" ")),
            pallet.name(),
            variant.name
        ),
        None => format!("error {} of the pallet {}", module.error[0], module.index),
    }
}

fn describe(metadata: &Metadata, call: &[u8]) -> Result<String, ClientError> {
    let unknown = |reason: &str| ClientError::undecodable("a call", reason);
    let &[pallet, call, ref arguments @ ..] = call else {
        return Err(unknown("it is too short"));
    };
    let pallet = metadata
        .pallet_by_call_index(pallet)
        .ok_or_else(|| unknown("the runtime has no such pallet"))?;
    let call = pallet
        .call_variant_by_index(call)
        .ok_or_else(|| unknown("the pallet has no such call"))?;
    let mut rest = arguments;
    let mut words = Vec::new();
    for field in &call.fields {
        let value = decode_as_type(&mut rest, field.ty.id, metadata.types())
            .map_err(|error| ClientError::undecodable("a call", error))?;
        let value = Words { metadata }.of(&value);
        words.push(match &field.name {
            Some(name) => format!("{name}: {value}"),
            None => value,
        });
    }
    if !rest.is_empty() {
        return Err(unknown("there are bytes left over"));
    }
    Ok(format!(
        "{}.{}({})",
        pallet.name(),
        call.name,
        words.join(", ")
    ))
}

/// Puts values into words: accounts as addresses, bytes as hexadecimal digits or text.
struct Words<'a> {
    metadata: &'a Metadata,
}

impl Words<'_> {
    fn of(&self, value: &Value<u32>) -> String {
        match &value.value {
            ValueDef::Composite(parts) => self.of_parts(value.context, parts),
            ValueDef::Variant(variant) => self.of_variant(variant),
            ValueDef::BitSequence(bits) => format!("{bits:?}"),
            ValueDef::Primitive(primitive) => of_primitive(primitive),
        }
    }

    fn of_parts(&self, type_id: u32, parts: &Composite<u32>) -> String {
        if self.is_account(type_id) {
            let account = self
                .bytes(parts)
                .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            if let Some(account) = account {
                return account_to_ss58(&AccountId::new(account));
            }
        }
        if let Some(bytes) = self.bytes(parts) {
            return of_bytes(&bytes);
        }
        match parts {
            Composite::Unnamed(values) => match values.as_slice() {
                [only] => self.of(only),
                values => format!("[{}]", self.of_list(values)),
            },
            Composite::Named(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", self.of(value)));
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn of_list(&self, values: &[Value<u32>]) -> String {
        let shown = values.iter().take(LONGEST).map(|value| self.of(value));
        let mut words: Vec<String> = shown.collect();
        if values.len() > LONGEST {
            words.push(format!("… {} in all", values.len()));
        }
        words.join(", ")
    }

    fn of_variant(&self, variant: &Variant<u32>) -> String {
        let name = &variant.name;
        match &variant.values {
            Composite::Unnamed(values) if values.is_empty() => name.clone(),
            Composite::Named(fields) if fields.is_empty() => name.clone(),
            Composite::Unnamed(values) => format!("{name}({})", self.of_list(values)),
            // The fields of a variant are no account.
            named => format!("{name} {}", self.of_parts(u32::MAX, named)),
        }
    }

    /// The bytes of a value that is nothing but bytes.
    fn bytes(&self, parts: &Composite<u32>) -> Option<Vec<u8>> {
        let Composite::Unnamed(values) = parts else {
            return None;
        };
        match values.as_slice() {
            [] => None,
            [only] => match &only.value {
                ValueDef::Composite(inner) => self.bytes(inner),
                _ => Some(vec![self.byte(only)?]),
            },
            values => values.iter().map(|value| self.byte(value)).collect(),
        }
    }

    fn byte(&self, value: &Value<u32>) -> Option<u8> {
        let found = self.metadata.types().resolve(value.context)?;
        let is_byte = matches!(found.type_def, TypeDef::Primitive(TypeDefPrimitive::U8));
        match &value.value {
            ValueDef::Primitive(Primitive::U128(number)) if is_byte => u8::try_from(*number).ok(),
            _ => None,
        }
    }

    fn is_account(&self, type_id: u32) -> bool {
        let found = self.metadata.types().resolve(type_id);
        found
            .and_then(|ty| ty.path.ident())
            .is_some_and(|name| name == "AccountId32")
    }
}

fn of_bytes(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        // Hashes are never text.
        Ok(text) if bytes.len() != 32 && !text.chars().any(char::is_control) => {
            format!("{text:?}")
        }
        _ => format!("0x{}", hex::encode(bytes)),
    }
}

fn of_primitive(primitive: &Primitive) -> String {
    match primitive {
        Primitive::Bool(value) => value.to_string(),
        Primitive::Char(value) => format!("{value:?}"),
        Primitive::String(value) => format!("{value:?}"),
        Primitive::U128(value) => value.to_string(),
        Primitive::I128(value) => value.to_string(),
        Primitive::U256(bytes) | Primitive::I256(bytes) => of_bytes(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Call, calls, compatibility::EXPECTED};
    use ergon_primitives::{AppId, OrderId};
    use sp_core::H256;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    fn metadata() -> &'static Metadata {
        &EXPECTED.as_ref().unwrap().metadata
    }

    fn described(call: &Call) -> String {
        describe(metadata(), &call.encode_for(metadata()).unwrap()).unwrap()
    }

    #[test]
    fn calls_are_described_with_their_arguments() {
        let alice = crate::account_from_ss58(ALICE).unwrap();
        let transfer = calls::balances::transfer_keep_alive(&alice, 5);
        assert_eq!(
            described(&transfer),
            format!("Balances.transfer_keep_alive(dest: Id({ALICE}), value: 5)")
        );
        let hash = H256::repeat_byte(0xab);
        let verdict = calls::registry::Verdict::Approve(hash);
        let curate = calls::registry::curate_app(AppId(hash), verdict);
        let text = described(&curate);
        assert!(text.starts_with("Registry.curate_app("), "{text}");
        assert_eq!(text.matches(&format!("{hash:?}")).count(), 2, "{text}");
        let name = crate::bounded("name", b"XL".to_vec()).unwrap();
        let category = described(&calls::registry::create_category(name, 150, 1, 2));
        assert!(
            category.contains("name: \"XL\", work_time: 150"),
            "{category}"
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let orders = vec![OrderId(H256::repeat_byte(1)); 20];
        let call = calls::market::prune(crate::bounded("orders", orders).unwrap());
        assert!(described(&call).contains("… 20 in all"));
    }

    #[test]
    fn what_is_no_call_is_an_error() {
        let good = calls::market::prune(Default::default());
        let mut long = good.encode_for(metadata()).unwrap();
        long.push(0);
        for bytes in [&[][..], &[1], &[255, 0], &long] {
            assert!(describe(metadata(), bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn refusals_are_told_in_the_pallets_words() {
        let pallet = metadata().pallet_by_name("Registry").unwrap();
        let mut errors = pallet.error_variants().unwrap().iter();
        let variant = errors.find(|error| error.name == "NotOwner").unwrap();
        let error = DispatchError::Module(sp_runtime::ModuleError {
            index: pallet.error_index(),
            error: [variant.index, 0, 0, 0],
            message: None,
        });
        assert!(reason(metadata(), error).ends_with("(Registry.NotOwner)"));
        assert!(!reason(metadata(), DispatchError::BadOrigin).is_empty());
    }

    #[test]
    fn bytes_are_text_where_they_can_be() {
        assert_eq!(of_bytes(b"render"), "\"render\"");
        assert_eq!(of_bytes(b"a\x1b[2J"), "0x611b5b324a");
        assert_eq!(of_bytes(&[b'a'; 32]), format!("0x{}", "61".repeat(32)));
    }
}
